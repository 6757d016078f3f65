/*
 * restore_run.h - from a backup to a database, never in place
 *
 * First the whole file is proven: every chunk decrypted, every checksum
 * compared, the archive read to its end. Then a new database is made around
 * it as the old one was, filled (in one transaction, where pg_restore can do
 * that), compared with what was recorded and analyzed. Whatever fails on the way takes the new database
 * with it; the old one is not touched.
 */
#ifndef RUNG_BACKUP_RESTORE_RESTORE_RUN_H
#define RUNG_BACKUP_RESTORE_RESTORE_RUN_H

#include "backup/restore/spool.h"
#include "backup/restore/unwrap.h"
#include "backup/rights/archive_list.h"
#include "backup/rights/skip.h"
#include "backup/summary/summary_comparison.h"

struct restore_options {
	struct session_options connection; /* to any database of the server */
	const char *bindir;                /* where pg_restore is; NULL: look in the usual places */
	struct qualified_name history;
	struct age_secrets secrets;
	uint64_t most_size; /* of the archive; 0 for any */
	bool is_sealed;     /* as in unwrap.h, both */
	bool may_be_script;
	const char *into; /* the new database */
	const char *id;   /* of the backup; NULL for a file that has none */
	int jobs;         /* more than 1: in parallel, through a plaintext copy in a file without a name */
	bool no_owner;
	bool no_acl;
	struct skip_set skip; /* kinds that are left out */
	bool makes_roles;     /* creates the ones that are missing: for a server that is thrown away */
	bool with_globals;    /* the same as they were recorded */
	bool is_drill;        /* other catalogs than recorded are an error: there is nothing to lose */
	struct reporter *reporter;
};

struct proof {
	enum core core;
	bool has_summary; /* it is one of ours */
	struct database_summary summary;
	struct archive_list list; /* of an archive: what is in it */
	int64_t duration_ms;
};

/* Reads everything and changes nothing. */
MUST_USE bool restore_prove(const struct restore_options *options, struct spool *spool, struct arena *arena,
                            struct proof *out, struct error *err);

struct restored {
	struct summary_comparison comparison; /* zeroed for files of others */
	int64_t duration_ms;
};

MUST_USE bool restore_run(const struct restore_options *options, struct spool *spool,
                          const struct proof *proof, struct arena *arena, struct restored *out,
                          struct error *err);

#endif
