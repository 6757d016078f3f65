/*
 * situation.h - files, history and plans in a notation short enough for a table
 *
 * Files, a word each: the number, then
 *	@x    on branch x              <4,5  requires 4 and 5
 *	!     irreversible             -     without a pair
 *	~ =   on-change: reapply, error
 *	$     order: last
 *	*     edited: another checksum than when it was applied
 *
 * History, a word each: the number, then
 *	?     adopted: neither name nor checksum      %  half-done
 *	k     its rollback is kept in the database    '  applied under another name
 *	^     half rolled back
 *
 * Steps: "+4" apply, "~4" reapply, ">4" resume, "-4" roll back, "-4k" by the kept SQL.
 */
#ifndef RUNG_TEST_SITUATION_H
#define RUNG_TEST_SITUATION_H

#include "plan/plan.h"

struct tree situation_tree(struct arena *arena, const char *text);
struct history situation_history(struct arena *arena, const char *text);
const char *situation_steps(struct arena *arena, const struct plan *plan);

#endif
