/*
 * backup_context.h - backups as the settings have them
 *
 * Where settings become stores, keys and option structs of backup/, for every
 * verb that makes, reads or removes backups.
 */
#ifndef RUNG_COMMAND_BACKUP_BACKUP_CONTEXT_H
#define RUNG_COMMAND_BACKUP_BACKUP_CONTEXT_H

#include "backup/backup_list.h"
#include "backup/backup_run.h"
#include "backup/restore/restore_run.h"
#include "command/database/database.h"

/* What a verb does with backups decides which keys it needs. */
enum backup_context_use {
	BACKUP_LOOKS, /* none that is secret */
	BACKUP_WRITES,
	BACKUP_READS,
};

struct backup_context {
	struct context *context;
	const char *store_url; /* NULL when none is configured */
	bool is_elsewhere;     /* that is not the configured one */
	struct recipient_list recipients;
	struct passphrase *passphrase;
	struct identity_list *identities;
	struct signing_key *signing_key;
	struct trusted_key_list trusted; /* those named, and the own one where its file can be read */
	bool is_alone_in_trust;          /* others are named, the own one is not */
	struct store *store;
	const char *database; /* whose backups are meant */
};

/*
 * Reads keys; the store is opened by those who look into it. `out` is cleared by the caller, also on failure.
 */
MUST_USE bool backup_context_open(struct context *context, enum backup_context_use use,
                                  struct backup_context *out, struct error *err);
void backup_context_clear(struct backup_context *backups);
#define scoped_backup_context SCOPED(backup_context_clear)

/* Whether backups can be made: a store and somebody who may read them are named. */
bool backup_context_is_configured(const struct context *context);

/* One of the two without the other. */
bool backup_context_is_half_configured(const struct context *context);

/* Whether what backups are encrypted for can be opened with what is named here. */
bool backup_context_has_identity(const struct context *context);

/* What keeps backup_context_is_configured() from being true, in words after "there is"; NULL for nothing. */
const char *backup_context_missing(const struct context *context);

/* Opens the store, or says that none is configured. */
MUST_USE bool backup_context_open_store(struct backup_context *backups, struct error *err);

/* The error for there being no store; returns false. */
bool backup_context_refuse_no_store(struct error *err);

/* Everything the store holds of the database; warnings about it are said. */
MUST_USE bool backup_context_load(struct backup_context *backups, struct backup_list *out, struct error *err);

/* What settings say about reading one. */
MUST_USE bool backup_context_restore_options(struct backup_context *backups, struct restore_options *out,
                                             struct error *err);

#endif
