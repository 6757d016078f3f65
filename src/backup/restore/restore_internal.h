/*
 * restore_internal.h - one restore, as its chapters share it
 *
 * preflight.c asks whether it can be done, creation.c makes the database and
 * what an archive does not hold, fill.c feeds pg_restore; restore_run.c calls
 * them in order. swap.c uses the two functions that need no `restoring`.
 */
#ifndef RUNG_BACKUP_RESTORE_RESTORE_INTERNAL_H
#define RUNG_BACKUP_RESTORE_RESTORE_INTERNAL_H

#include "backup/restore/newer_settings.h"
#include "backup/restore/restore_run.h"
#include "backup/rights/rights.h"
#include "stream/pipe.h"

struct restoring {
	const struct restore_options *options;
	const struct proof *proof;
	struct arena *arena;
	const char *pg_restore;
	const char *psql;
	int client_major;    /* of both */
	const char *address; /* of the new database, without its password */
	const char *secret;  /* "PGPASSWORD=...", or NULL */
	const char *const *argv;
	struct pipe_options pipe;
	const char *const *environment;
	enum core core;       /* what was found in it */
	int plain_fd;         /* of the copy for several jobs; 0 for none */
	struct str list;      /* of what is restored, for pg_restore; empty: everything is */
	int list_fd;          /* of a file that holds it; 0 for none */
	struct rights rights; /* of an archive */
	struct newer_settings newer;
	struct session *beside; /* in a database next to the new one */
	bool is_created;
	bool no_tablespaces; /* everything goes to the default one */
};

/* --- restore_run.c ---------------------------------------------------------- */

/* A session in a database that is always there, as the user of `connection` and in no other role. */
MUST_USE bool restoring_open_beside(const struct session_options *connection, struct arena *arena,
                                    struct session **out, struct error *err);

/* --- restoring.c ------------------------------------------------------------ */

/* Pushes the whole file through what takes its layers off. */
MUST_USE bool restoring_push(struct restoring *it, const struct unwrap_options *unwrapping,
                             struct spool *spool, const char *verb, struct error *err);

/* --- preflight.c -------------------------------------------------------- */

/* Whether the name is free and the server has room and what the backup speaks of; only roles are made, on
 * demand. */
MUST_USE bool preflight_check(struct restoring *it, struct error *err);

/* --- creation.c --------------------------------------------------------- */

/* Nothing has that name; what an unfinished restore left is told from others. */
MUST_USE bool creation_check_absent(struct session *beside, const char *name, struct arena *arena,
                                    struct error *err);

/* The new database, empty, as the old one was; a comment on it says that it is not whole. */
MUST_USE bool creation_make(struct restoring *it, struct error *err);

/* What is not in an archive: settings, limits, comment and privileges of the database. */
MUST_USE bool creation_dress(struct restoring *it, struct error *err);

/* --- fill.c ------------------------------------------------------------- */

/* The archive into the new database: in one transaction, by several jobs, or a statement at a time. */
MUST_USE bool fill_database(struct restoring *it, struct spool *spool, struct error *err);

#endif
