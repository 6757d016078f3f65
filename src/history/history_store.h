/*
 * history_store.h - what the database says has been applied
 *
 * Reads the history whole and writes it one record at a time. It holds no
 * opinion about what should come next; that is plan.h.
 *
 * All tables are in the schema of the first (pg/history_table.h): schema_version, its append-only
 * schema_version_log, schema_version_run with what runs set out to do, schema_version_step and
 * schema_version_batch, the journal of nontransactional migrations and batches, and schema_version_catalog
 * (kept_catalog.h). They are always written schema-qualified.
 *
 * Writing is a matter of requests: a query with its values, which the caller
 * sends in a pipeline, one at a time, or prints as a script.
 */
#ifndef RUNG_HISTORY_HISTORY_STORE_H
#define RUNG_HISTORY_HISTORY_STORE_H

#include "base/arena.h"
#include "base/error.h"
#include "history/record.h"
#include "history/request.h"
#include "pg/query.h"
#include "pg/session.h"

/* What the server tells along with the history, at no extra round trip. */
struct server_info {
	int backend_pid;   /* differs from session_backend_pid() behind a pooler */
	bool is_read_only; /* a standby */
	const char *session_user;
	const char *current_user; /* whose rights the session has: the role, where one was taken */
	bool has_code_everywhere; /* any statement may run code of the database, or all that come near it */
	bool has_tables;          /* any table by the name of one of the history */
	bool is_suspect;          /* those may run code of others: audit_check_writing() comes before a write */
};

/* What the history is read for: a thousand rows are most of what looking at it takes. */
enum history_use {
	HISTORY_TO_SHOW, /* everything that record.h knows */
	HISTORY_TO_DATE, /* what a plan compares, and when each was applied */
	HISTORY_TO_PLAN, /* what a plan compares, for a target that is no number of steps: `unfinished` is NULL */
	HISTORY_TO_CONTINUE, /* what a plan compares */
	HISTORY_TO_RUN, /* the same, with `has_code_everywhere` as it is: else it is taken for true without asking
	                 */
};

/*
 * Reads facts and history onto `arena` in one round trip, more for an adopted table and, in an open
 * transaction, where a guess goes wrong. A database without a history is not
 * an error: the result is empty. A table of that name with another shape is one, and names the tool it
 * belongs to where its shape is known; so are policies that hide rows from us.
 */
MUST_USE bool history_load(struct session *db, const struct qualified_name *table, enum history_use use,
                           struct arena *arena, struct history *out, struct server_info *facts,
                           struct error *err);

/* What the history is to show once all is committed. */
struct claim {
	int64_t version;
	bool is_applied;      /* else there is no such row */
	const char *checksum; /* NULL: any */
};

struct claim_list {
	struct claim *items;
	size_t count;
};

/* Asks which of them it does not show; recorded.sql. */
struct request history_recorded(const struct qualified_name *table, const struct claim_list *claims,
                                struct arena *arena);

struct read_query {
	const char *sql;
	struct params params;
};

/*
 * Any other read of ours: row-level security makes it fail rather than leave out rows. A failure leaves an
 * open transaction failed.
 */
MUST_USE bool history_read(struct session *db, const char *sql, struct params params, struct rows **out,
                           struct error *err);

/*
 * Creates the tables, or widens the three-column one. Idempotent; call it
 * under the migration lock. Within an open transaction or in one of its own.
 */
MUST_USE bool history_prepare(struct session *db, const struct qualified_name *table, struct error *err);

/* The same as a script. */
char *history_prepare_script(const struct qualified_name *table, struct arena *arena);

/* Who writes: the same for every row of a run. */
struct author {
	const char *run_id;
	const char *os_user;
	const char *host;
	const char *tool_version;
	const char *backup; /* id of the backup this run took, or NULL */
};

/* Finds out OS user and host and makes up a run id. */
void author_init(struct author *author, struct arena *arena);

/* What every step writes, and a session therefore parses once. */
enum history_query {
	HISTORY_RECORD_LOGGED,
	HISTORY_LOG,
	HISTORY_QUERY_COUNT,
};

extern const struct prepared_query history_queries[HISTORY_QUERY_COUNT];

/* What a row is to hold, beyond what the author says. */
struct record_values {
	int64_t version;
	const char *name;
	const char *description;
	const char *checksum;
	enum record_state state;
	size_t statements_done;
	const char *rollback_sql; /* NULL when there is none to keep */
	const char *rollback_checksum;
	const char *variables; /* names and digests (apply/step/given_variables.h); NULL for none */
	int64_t duration_ms;   /* 0: the age of the transaction that writes it */
};

/* `again`: the row exists (applied once more, or finished after a stop). */
struct request history_record(const struct qualified_name *table, const struct author *author,
                              const struct record_values *facts, bool again, struct arena *arena);
struct request history_set_state(const struct qualified_name *table, int64_t version, enum record_state state,
                                 struct arena *arena);
struct request history_forget(const struct qualified_name *table, int64_t version, struct arena *arena);
struct request history_agree(const struct qualified_name *table, const struct record_values *facts,
                             struct arena *arena);

enum commit_mode {
	COMMIT_AS_CONFIGURED,
	COMMIT_DURABLE,      /* whatever the server's default is */
	COMMIT_ASYNCHRONOUS, /* one that follows will be durable, and with it this one */
};

struct log_entry {
	/* apply, reapply, converge, resume, rollback, stamp, repair, accept-log, adopt, import, fold */
	const char *action;
	const char *outcome; /* done, failed, partial */
	int64_t version;     /* 0 for none */
	const char *name;
	const char *checksum;
	const char *sqlstate;
	const char *error;
	int64_t duration_ms; /* -1: the age of the transaction */
	const char
	    *rollback_checksum; /* of the SQL kept with the record that this entry tells of; NULL for none */
	const char *sql;        /* that was run beside the file, and what takes that back; NULL for none */
	const char *sql_back;
};

struct request history_log(const struct qualified_name *table, const struct author *author,
                           const struct log_entry *entry, enum commit_mode commit, struct arena *arena);

/*
 * A new record and its entry in the log, of one duration, in one query: what every migration that is applied
 * writes. The entry tells of the record: its facts are taken from there, and it holds no error.
 */
struct request history_record_logged(const struct qualified_name *table, const struct author *author,
                                     const struct record_values *facts, const struct log_entry *entry,
                                     enum commit_mode commit, struct arena *arena);

const char *record_state_name(enum record_state state);

#endif
