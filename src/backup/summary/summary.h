/*
 * summary.h - what an archive of pg_dump does not say about its database
 *
 * Gathered in the snapshot that is dumped, kept inside the encryption after
 * the archive, and needed for two things: to prove a restored database equal
 * (row counts, history, the catalogs' fingerprint), and to make the database
 * around the archive (locale, settings, comment, privileges, which roles must
 * exist).
 */
#ifndef RUNG_BACKUP_SUMMARY_SUMMARY_H
#define RUNG_BACKUP_SUMMARY_SUMMARY_H

#include <stdint.h>

#include "pg/query.h"

struct table_summary {
	const char *schema;
	const char *name;
	int64_t rows; /* -1: its rows are not in the archive */
};

struct extension_summary {
	const char *name;
	const char *version;
};

struct setting_summary {
	const char *role; /* NULL: for everybody in this database */
	const char *name;
	const char *value;
};

struct privilege_summary {
	const char *grantee; /* "" is PUBLIC */
	const char *privilege;
	bool is_grantable;
};

/* That a role may give things to another one. */
struct membership_summary {
	const char *member;
	const char *role;
};

/* What the history said. */
struct history_summary {
	bool exists;
	int64_t count;
	int64_t head; /* number of the newest that is whole; 0 for none */
	const char *head_name;
	const char *hash;  /* over all rows; NULL without a history */
	int64_t applied;   /* how many are whole; this and the next are only gathered, not recorded */
	int64_t half_done; /* number of the newest that is not; 0 for none */
};

struct database_basics {
	const char *name;
	const char *owner;
	const char *encoding;
	const char *collate;
	const char *ctype;
	const char *provider;     /* "c", "i" or "b" */
	const char *locale;       /* of ICU and built-in providers; or NULL */
	const char *rules;        /* of ICU; or NULL */
	const char *comment;      /* or NULL */
	bool has_privileges;      /* others than the default ones */
	int64_t connection_limit; /* -1: none */
	const char *tablespace;   /* NULL: the usual one */
	int64_t size;             /* on the server's disk; 0: not known */
};

/* One kind of thing in the catalogs: "columns", how many there are, a hash over what they are. */
struct kind_summary {
	const char *name;
	int64_t count;
	const char *hash;
};

/* Comparable between servers of one major version only: they print what they hold in their own way. */
struct catalog_summary {
	int64_t server; /* its major version; 0: no fingerprint was taken */
	struct kind_summary *kinds;
	size_t kind_count;
};

struct database_summary {
	struct database_basics database;
	struct history_summary history;
	int64_t large_objects;
	struct table_summary *tables;
	size_t table_count;
	const char **roles; /* that own something or were granted something */
	size_t role_count;
	struct membership_summary *memberships; /* in those roles; of no superusers, who need none */
	size_t membership_count;
	const char **tablespaces; /* that something lies in by name */
	size_t tablespace_count;
	struct extension_summary *extensions;
	size_t extension_count;
	struct setting_summary *settings;
	size_t setting_count;
	struct privilege_summary *privileges; /* on the database itself */
	size_t privilege_count;
	struct catalog_summary catalog;
	const char *globals; /* what pg_dumpall --globals-only says; NULL unless asked for */
};

struct summary_options {
	const struct qualified_name *history;
	const char *const *excluded; /* patterns of tables without rows; NULL-terminated, or NULL */
};

/* All but the globals. The transaction is the caller's, begun by SQL_backup_dump_begin. */
MUST_USE bool summary_gather(struct session *db, const struct summary_options *options, struct arena *arena,
                             struct database_summary *out, struct error *err);

#endif
