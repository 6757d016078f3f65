/*
 * vault.h - backups as the settings have them
 *
 * Where settings become stores, keys and option structs of backup/, for every
 * verb that makes, reads or removes backups.
 */
#ifndef RUNG_COMMAND_VAULT_H
#define RUNG_COMMAND_VAULT_H

#include "backup/backup.h"
#include "backup/catalogue.h"
#include "backup/restore.h"
#include "command/database.h"

/* What a verb does with backups decides which keys it needs. */
enum vault_use {
	VAULT_LOOKS, /* none that is secret */
	VAULT_WRITES,
	VAULT_READS,
};

struct vault {
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

/* Reads keys; the store is opened by those who look into it. `out` is cleared by the caller, also on failure.
 */
MUST_USE bool vault_open(struct context *context, enum vault_use use, struct vault *out, struct error *err);
void vault_clear(struct vault *vault);
#define scoped_vault SCOPED(vault_clear)

/* Whether backups can be made: a store and somebody who may read them are named. */
bool vault_is_configured(const struct context *context);

/* One of the two without the other. */
bool vault_is_half_configured(const struct context *context);

/* Whether what backups are encrypted for can be opened with what is named here. */
bool vault_has_identity(const struct context *context);

/* What keeps vault_is_configured() from being true, in words behind "there is"; NULL for nothing. */
const char *vault_missing(const struct context *context);

/* Opens the store, or says that none is configured. */
MUST_USE bool vault_open_store(struct vault *vault, struct error *err);

/* Everything the store holds of the database; warnings about it are said. */
MUST_USE bool vault_load(struct vault *vault, struct catalogue *out, struct error *err);

/* What settings say about a backup; kind and the like are left for the verb. */
MUST_USE bool vault_backup_options(struct vault *vault, const struct session_options *connection,
                                   struct backup_options *out, struct error *err);

/* Makes one, linked to the one before it, notes it in the database's log, and says so. */
MUST_USE bool vault_make(struct vault *vault, struct backup_options *options, const struct author *author,
                         struct backup *out, struct error *err);

/* What settings say about reading one. */
MUST_USE bool vault_restore_options(struct vault *vault, struct restore_options *out, struct error *err);

#endif
