/*
 * backup_run.h - making a backup
 *
 *	pg_dump -> zstd -> age -> store, then the signature, then the manifest
 *
 * In constant memory, and without plaintext on any disk. Nothing is visible in
 * the store before it is complete, and without its manifest it is no backup.
 * Whatever fails on the way leaves none; where there were backups before, it
 * leaves the mark that it failed.
 */
#ifndef RUNG_BACKUP_BACKUP_RUN_H
#define RUNG_BACKUP_BACKUP_RUN_H

#include "backup/dump.h"
#include "backup/manifest.h"
#include "backup/rights/restorable.h"
#include "crypto/key.h"
#include "report/event.h"

struct backup_options {
	struct dump_options dump;
	struct qualified_name history;
	const char *store_url;
	/* Who may read it: recipients, or anyone who knows the passphrase; neither only when it is not
	 * encrypted. */
	struct recipient_list recipients;
	const struct passphrase *passphrase;
	const struct signing_key *signing_key; /* NULL: not signed */
	/* What the manifest says of it. */
	const char *kind; /* "manual", "pre-migration", "scheduled" */
	const struct json_pair *labels;
	size_t label_count;
	const char *keep_until;
	int64_t pending;
	/* The one before it: its id, the hash of its manifest and its number; NULL, NULL and 0 for none. */
	const char *previous_id;
	const char *previous_sha256;
	int64_t previous_sequence;
	bool has_earlier;      /* the store holds backups already; by the log, when it may not be asked */
	int64_t previous_size; /* of its object; 0 when the store would not say */
	struct reporter *reporter;
};

struct backup {
	struct manifest manifest;
	const char *manifest_sha256;
	size_t tables;
	int64_t rows;
	struct restorable restorable; /* by who made it, on that server */
};

/* What can be known before anything is locked: pg_dump is there and new enough, the store can be written
 * and has room. */
MUST_USE bool backup_check(const struct backup_options *options, struct error *err);

MUST_USE bool backup_make(const struct backup_options *options, struct arena *arena, struct backup *out,
                          struct error *err);

#endif
