/*
 * facts.h - what an archive of pg_dump does not say about its database
 *
 * Gathered in the snapshot that is dumped, kept inside the encryption behind
 * the archive, and needed for two things: to prove a restored database equal
 * (row counts, history), and to make the database around the archive (locale,
 * settings, comment, privileges, which roles must exist).
 */
#ifndef RUNG_BACKUP_FACTS_H
#define RUNG_BACKUP_FACTS_H

#include <stdint.h>

#include "pg/query.h"

struct table_facts {
	const char *schema;
	const char *name;
	int64_t rows; /* -1: its rows are not in the archive */
};

struct extension_facts {
	const char *name;
	const char *version;
};

struct setting_facts {
	const char *role; /* NULL: for everybody in this database */
	const char *name;
	const char *value;
};

struct privilege_facts {
	const char *grantee; /* "" is PUBLIC */
	const char *privilege;
	bool is_grantable;
};

/* What the history said. */
struct history_facts {
	bool exists;
	int64_t count;
	int64_t head; /* number of the newest; 0 for none */
	const char *head_name;
	const char *hash; /* over all rows; NULL without a history */
};

struct database_facts {
	const char *name;
	const char *owner;
	const char *encoding;
	const char *collate;
	const char *ctype;
	const char *provider; /* "c", "i" or "b" */
	const char *locale;   /* of ICU and built-in providers; or NULL */
	const char *rules;    /* of ICU; or NULL */
	const char *comment;  /* or NULL */
	bool has_privileges;  /* others than the default ones */
};

struct facts {
	struct database_facts database;
	struct history_facts history;
	int64_t large_objects;
	struct table_facts *tables;
	size_t table_count;
	const char **roles; /* that own something or were granted something */
	size_t role_count;
	struct extension_facts *extensions;
	size_t extension_count;
	struct setting_facts *settings;
	size_t setting_count;
	struct privilege_facts *privileges; /* on the database itself */
	size_t privilege_count;
	const char *globals; /* what pg_dumpall --globals-only says; NULL unless asked for */
};

struct facts_options {
	const struct qualified_name *history;
	const char *excluded; /* patterns of tables without rows, a line each; NULL for none */
};

/* All but the globals. The transaction is the caller's. */
MUST_USE bool facts_gather(struct session *db, const struct facts_options *options, struct arena *arena,
                           struct facts *out, struct error *err);

/*
 * Compares row counts, large objects and history of a restored database with
 * what was recorded. ERROR_STORAGE with the first few differences. `compared`
 * receives the number of tables.
 */
MUST_USE bool facts_compare(struct session *db, const struct qualified_name *history,
                            const struct facts *recorded, size_t *compared, struct error *err);

#endif
