/*
 * rights.h - what of an archive a role cannot restore on a server
 *
 * A dump holds things only a superuser may make: untrusted extensions, event
 * triggers, functions in C, ... and owners that only members of theirs may
 * give to. pg_restore finds out after all rows are there, so the archive's
 * list is held against the catalogs of the server before anything is made.
 */
#ifndef RUNG_BACKUP_RIGHTS_RIGHTS_H
#define RUNG_BACKUP_RIGHTS_RIGHTS_H

#include "backup/rights/skip.h"
#include "backup/summary/summary.h"

struct rights_options {
	const char *role;           /* that makes the objects; NULL: the one that logged in */
	const char *database_owner; /* of the new database; NULL: the one that logged in */
	bool no_owner;
	bool no_acl;
	struct skip_set skip;
};

struct rights {
	const char *role;          /* that was looked at */
	bool may_create_databases; /* the one that logged in */
	bool is_hosted;          /* a hosted service's administrator: may be allowed more than the catalogs say */
	const char *lacking;     /* what cannot be restored, a line each; "" for nothing */
	struct skip_set offered; /* kinds that would help, */
	bool offers_no_owner;    /* and options that would */
	bool offers_no_acl;
	bool *skipped;            /* of the list's entries: what is left out as was wished */
	const char *skipped_text; /* that, in words; NULL for nothing */
	bool *skipped_settings;   /* of the database's settings, likewise */
};

/* `summary` NULL: the archive is not one of ours. */
MUST_USE bool rights_look(struct session *db, const struct archive_list *list,
                          const struct database_summary *summary, const struct rights_options *options,
                          struct arena *arena, struct rights *out, struct error *err);

/* "--skip event-triggers,extensions or --no-owner": what would help; "" for nothing. */
const char *rights_advice(const struct rights *rights, struct arena *arena);

#endif
