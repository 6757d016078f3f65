/*
 * dump.h - a consistent copy of one database, as pg_dump's archive
 *
 * A control session exports a snapshot, in which facts and rows are read by
 * us and by pg_dump alike: what is counted is what is dumped, no matter who writes
 * meanwhile. The session must stay open until pg_dump has ended.
 */
#ifndef RUNG_BACKUP_DUMP_H
#define RUNG_BACKUP_DUMP_H

#include "backup/summary/summary.h"
#include "stream/stream.h"

struct dump_options {
	struct session_options connection;
	const char *bindir;               /* where pg_dump is; NULL: look in the usual places */
	int64_t lock_wait_ms;             /* for tables others have locked; 0: for ever */
	const char *const *excluded_data; /* patterns of tables without rows; NULL-terminated, or NULL */
	bool with_globals;                /* roles and tablespaces as well */
};

struct dump;

struct dump_state {
	const char *database;
	const char *started_at; /* by the server, "2026-11-20 23:15:00", UTC */
	const char *server;     /* "15.20" */
	const char *pg_dump;    /* "15" */
	int64_t estimated_size; /* of the archive; rough, and too much where tables are excluded or bloated */
};

/* Finds pg_dump, connects and takes the snapshot. */
MUST_USE bool dump_open(const struct dump_options *options, struct arena *arena, struct dump **out,
                        struct dump_state *state, struct error *err);
void dump_close(struct dump **dump);
#define scoped_dump SCOPED(dump_close)

MUST_USE bool dump_summary(struct dump *dump, const struct qualified_name *history, struct arena *arena,
                           struct database_summary *out, struct error *err);

/* The program that reads what the dump's pg_dump writes. */
const char *dump_pg_restore(const struct dump *dump);

/* Pushes the archive into `into`, which stays open. */
MUST_USE bool dump_run(struct dump *dump, struct sink *into, struct error *err);

/* Whether pg_dump is there and new enough for the server; connects to ask. The size is with indexes. */
MUST_USE bool dump_check(const struct dump_options *options, int64_t *database_size, struct error *err);

#endif
