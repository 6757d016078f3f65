/*
 * kind.h - what sort of statement this is, as far as running it depends on that
 *
 * Decided by its first keywords from one table (kind_rows.c), which knows the
 * statements PostgreSQL 12 to 18 refuse inside a transaction block. No
 * grammar is involved: a statement of tomorrow's server is simply
 * STATEMENT_OTHER and runs.
 */
#ifndef RUNG_SQL_KIND_H
#define RUNG_SQL_KIND_H

#include <stdbool.h>

#include "base/str.h"
#include "sql/lexer.h"

enum statement_class {
	STATEMENT_OTHER,
	STATEMENT_BEGIN,            /* BEGIN, START TRANSACTION */
	STATEMENT_COMMIT,           /* COMMIT, END, PREPARE TRANSACTION */
	STATEMENT_ROLLBACK,         /* ROLLBACK, ABORT; not ROLLBACK TO */
	STATEMENT_SAVEPOINT,        /* SAVEPOINT, RELEASE, ROLLBACK TO */
	STATEMENT_COPY_IN,          /* COPY ... FROM STDIN */
	STATEMENT_COPY_OUT,         /* COPY ... TO STDOUT */
	STATEMENT_NONTRANSACTIONAL, /* refused inside a transaction block */
};

/* What an interrupted nontransactional statement leaves (docs/architecture.md). */
enum recovery_kind {
	RECOVERY_NONE,
	RECOVERY_INDEX_CONCURRENTLY,
	RECOVERY_DROP_INDEX_CONCURRENTLY,
	RECOVERY_REINDEX,
	RECOVERY_DETACH_CONCURRENTLY,
	RECOVERY_ADD_ENUM_VALUE, /* before PostgreSQL 12 only; kept for its probe */
	RECOVERY_CREATE,         /* DATABASE, TABLESPACE, SUBSCRIPTION: done when it exists */
	RECOVERY_DROP,           /* of the same: done when it does not */
	RECOVERY_REPEATABLE,     /* VACUUM, CLUSTER, ALTER SYSTEM, ...: run again */
	RECOVERY_OTHER,          /* COMMIT PREPARED, ...: cannot be known */
};

/* What a session keeps of a statement that names it, for later statements to use. */
enum kept {
	KEPT_NOTHING,
	KEPT_TEMPORARY, /* a temporary table, or anything else in pg_temp */
	KEPT_PREPARED,  /* PREPARE */
	KEPT_CURSOR,    /* DECLARE ... WITH HOLD */
};

/* What becomes of a statement outside of a transaction block. */
enum block_need {
	BLOCK_NOT_NEEDED,
	BLOCK_WANTED,   /* it does nothing, and the server warns */
	BLOCK_NEEDED,   /* refused; the transaction of several statements in one message will do */
	BLOCK_EXPLICIT, /* refused; only a block that BEGIN opened will do */
};

struct statement_kind {
	enum statement_class class;
	enum recovery_kind recovery;
	const char *name;     /* of a nontransactional statement, for people: "CREATE INDEX CONCURRENTLY" */
	bool is_concurrent;   /* waits for old transactions: must never meet a lock_timeout */
	bool changes_session; /* SET, RESET, DISCARD, set_config, LOAD: settings may differ after it */
	enum kept kept;
	/*
	 * May leave more than settings in the session: temporary objects, cursors, advisory locks, LISTEN,
	 * the state of sequences. True of all that can run code of the database (functions, triggers).
	 */
	bool may_leave;
	bool may_set; /* user, role or settings may be others after it: all that is not known to be inert */
	bool varies_by_version; /* another server may have another word on it */
	bool brings_code;       /* after it, any statement may run code of the database */
	bool locks_session;     /* takes or releases an advisory lock of the session, and does nothing else */
	bool chains;            /* COMMIT or ROLLBACK AND CHAIN: the next transaction begins at once */
	enum block_need block;
	bool sets_transaction; /* SET TRANSACTION or the like: has to come before the transaction's first query */
};

/* `text` may start with comments; `server_version` as libpq gives it (150020), 0 for unknown. */
struct statement_kind statement_kind(struct str text, int server_version);

/* The same for a lexer that is at the statement's start. */
struct statement_kind statement_kind_of(struct lexer lexer, int server_version);

#endif
