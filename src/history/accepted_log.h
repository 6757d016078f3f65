/*
 * accepted_log.h - the log as it was accepted by "repair --log"
 *
 * A log that somebody wrote to stays broken for ever, since nothing in it is
 * rewritten. So a row is added that holds the digest of everything before it:
 * what does not fit there is accepted as long as it is the same.
 */
#ifndef RUNG_HISTORY_ACCEPTED_LOG_H
#define RUNG_HISTORY_ACCEPTED_LOG_H

#include "history/history_store.h"

struct accepted_log {
	int64_t until;      /* the newest such row that still holds what is before it; 0 for none */
	const char *digest; /* of the log as it is now */
};

MUST_USE bool accepted_log_load(struct session *db, const struct qualified_name *table, struct arena *arena,
                                struct accepted_log *out, struct error *err);

#endif
