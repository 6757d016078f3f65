/*
 * journal.h - how far a nontransactional migration has come
 *
 * One row per statement, in schema_version_step. An ordinary statement and
 * its row are committed together; one that no transaction can hold gets a
 * row "started" before and "done" after, so that a stop in between is seen.
 */
#ifndef RUNG_HISTORY_JOURNAL_H
#define RUNG_HISTORY_JOURNAL_H

#include "history/history_store.h"

/* Statements of the way down are numbered from here, after all statements of the way up. */
enum { JOURNAL_ROLLBACK_FROM = 1000000 };

struct journal_step {
	size_t statement; /* from 1 */
	const char *checksum;
	bool is_done;
	int pid;       /* of the backend that started it */
	bool is_alive; /* that backend is still there */
};

struct journal {
	struct journal_step *steps;
	size_t count;
};

MUST_USE bool journal_load(struct session *db, const struct qualified_name *history, int64_t version,
                           struct arena *arena, struct journal *out, struct error *err);

/* NULL when the statement was never begun. */
const struct journal_step *journal_find(const struct journal *journal, size_t statement);

/* An error of the server's where `lock` is not the session's any more; NULL asks for none. */
struct request journal_start(const struct qualified_name *history, int64_t version, size_t statement,
                             const char *checksum, const char *lock, struct arena *arena);

/* `done_in_all` is how many statements are done with this one; `lock` as above. */
struct request journal_done(const struct qualified_name *history, int64_t version, size_t statement,
                            const char *checksum, size_t done_in_all, const char *lock, struct arena *arena);
struct request journal_clear(const struct qualified_name *history, int64_t version, struct arena *arena);

#endif
