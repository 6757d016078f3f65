/*
 * swap.h - a restored database in the place of the one it came from
 *
 * The old one is renamed and never dropped. Names are chosen before anything
 * starts: an earlier swap of the same backup may have taken the usual ones.
 */
#ifndef RUNG_BACKUP_RESTORE_SWAP_H
#define RUNG_BACKUP_RESTORE_SWAP_H

#include "pg/session.h"

struct swap {
	const char *current; /* the database to take the place of; NULL: none, only the new name is checked */
	const char *fresh;   /* the new one's first name; NULL in a plan: a free one is found */
	const char *kept;    /* what the old one will be called */
};

/*
 * Completes the names and looks whether the whole can be done: names free,
 * the old database there and ours, new ones allowed. `id` is in the names.
 */
MUST_USE bool swap_plan(const struct session_options *connection, const char *id, struct arena *arena,
                        struct swap *swap, struct error *err);

/* The statements that exchange the names again. */
const char *swap_undoing(const struct swap *swap, struct arena *arena);

/*
 * Both renamed in one transaction, others kept out meanwhile. When it fails
 * everything is as before.
 */
MUST_USE bool swap_run(const struct session_options *connection, const struct swap *swap, struct arena *arena,
                       struct error *err);

#endif
