/*
 * half_done.h - how far a migration came that no transaction holds
 */
#ifndef RUNG_COMMAND_HALF_DONE_H
#define RUNG_COMMAND_HALF_DONE_H

#include "command/command.h"
#include "history/store.h"
#include "plan/ladder.h"

/* "2 of 5 statements"; "2 statements" where the file does not tell how many there are. */
char *half_done_text(const struct context *context, const struct rung *rung);

/*
 * Says what each finished statement of a half-done migration was, for the
 * person who is to undo it by hand.
 */
MUST_USE bool half_done_tell(struct context *context, struct session *db, const struct qualified_name *table,
                             const struct rung *rung, struct error *err);

#endif
