/*
 * The only place where settings become keys and stores, so that two verbs cannot come to different
 * answers about who is trusted. The own signing key counts as trusted in every verb, or a drill would
 * pass what a restore refuses; where its file is absent a verb that only reads continues without it.
 */
#include "command/backup/backup_context.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "config/environment.h"
#include "pg/address.h"

/* --- opening ---------------------------------------------------------- */

/* A directory in rung.ini is meant from there, one on the command line from here; what is none stays as
 * written. */
static const char *store_url(const struct context *context)
{
	const struct setting_value *value = &context->settings->values[SETTING_BACKUP_STORE];

	if (!value->text || strstr(value->text, "://") || store_is_mistyped(value->text) ||
	    strcmp(value->origin, "flag") == 0)
		return value->text;
	return path_join(context->arena, context->settings->project_dir, value->text);
}

static bool has_passphrase(const struct context *context)
{
	const char *variable = getenv("RUNG_BACKUP_PASSPHRASE");

	return setting_text(context->settings, SETTING_BACKUP_PASSPHRASE_FILE) || (variable && *variable);
}

static bool has_recipients(const struct context *context)
{
	return setting_text(context->settings, SETTING_BACKUP_RECIPIENTS) ||
	       setting_text(context->settings, SETTING_BACKUP_RECIPIENTS_FILE);
}

bool backup_context_is_configured(const struct context *context)
{
	return setting_text(context->settings, SETTING_BACKUP_STORE) &&
	       (has_recipients(context) || has_passphrase(context));
}

bool backup_context_is_half_configured(const struct context *context)
{
	const bool has_store = setting_text(context->settings, SETTING_BACKUP_STORE);

	return has_store != (has_recipients(context) || has_passphrase(context));
}

bool backup_context_has_identity(const struct context *context)
{
	return setting_text(context->settings, SETTING_BACKUP_IDENTITY_FILE) || has_passphrase(context);
}

const char *backup_context_missing(const struct context *context)
{
	const bool has_store = setting_text(context->settings, SETTING_BACKUP_STORE);
	const bool has_readers = has_recipients(context) || has_passphrase(context);

	return has_store     ? has_readers ? NULL : "no recipient for the store that is configured"
	       : has_readers ? "no store for the recipient that is configured"
	                     : "neither a store nor a recipient";
}

static bool read_recipients(struct backup_context *backups, struct error *err)
{
	const struct context *context = backups->context;
	const char *file = setting_text(context->settings, SETTING_BACKUP_RECIPIENTS_FILE);
	const char *const *texts = setting_list(context->settings, SETTING_BACKUP_RECIPIENTS, context->arena);

	for (; *texts; texts++) {
		struct recipient recipient;

		if (!recipient_parse(*texts, context->arena, &recipient, err))
			return false;
		*ARENA_PUSH(context->arena, backups->recipients.items, backups->recipients.count) = recipient;
	}
	return !file || recipients_read(file, context->arena, &backups->recipients, err);
}

static bool read_passphrase(struct backup_context *backups, struct error *err)
{
	const struct settings *settings = backups->context->settings;

	return !has_passphrase(backups->context) ||
	       passphrase_read(setting_text(settings, SETTING_BACKUP_PASSPHRASE_FILE), &backups->passphrase, err);
}

static bool read_identities(struct backup_context *backups, struct error *err)
{
	const char *path = setting_text(backups->context->settings, SETTING_BACKUP_IDENTITY_FILE);

	return !path || identities_read(path, &backups->identities, err);
}

static bool read_trusted_keys(struct backup_context *backups, struct error *err)
{
	const struct context *context = backups->context;
	const char *const *keys = setting_list(context->settings, SETTING_BACKUP_TRUSTED_KEYS, context->arena);

	for (; *keys; keys++)
		if (!trusted_key_read(*keys, context->arena, &backups->trusted, err))
			return false;
	return true;
}

static bool read_signing_key(struct backup_context *backups, const char *path, enum backup_context_use use,
                             struct error *err)
{
	const struct setting_value *value = &backups->context->settings->values[SETTING_BACKUP_SIGN_KEY];

	if (signing_key_read(path, &backups->signing_key, err))
		return true;
	if (use == BACKUP_WRITES)
		return error_context(err, "while reading the key that signs (sign_key, from %s)", value->origin);
	event_debug(backups->context->reporter, "the configured signing key is not trusted: %s", err->message);
	return true;
}

/* The same for every use, or a drill would pass what a restore refuses. */
static bool trust_own_key(struct backup_context *backups, struct error *err)
{
	struct arena *arena = backups->context->arena;
	const size_t named = backups->trusted.count;

	if (!backups->signing_key)
		return true;
	if (!trusted_key_read(signing_key_public(backups->signing_key, arena), arena, &backups->trusted, err))
		return false;
	backups->is_alone_in_trust = named > 0 && !trusted_key_is_among(&backups->trusted, named);
	return true;
}

/* What others sign has to be trusted by name; anyone who only reads may be without the file of the own
 * key. */
static bool read_signatures(struct backup_context *backups, enum backup_context_use use, struct error *err)
{
	const char *path = setting_text(backups->context->settings, SETTING_BACKUP_SIGN_KEY);

	return read_trusted_keys(backups, err) && (!path || read_signing_key(backups, path, use, err)) &&
	       trust_own_key(backups, err);
}

/*
 * A passphrase in the environment gives way to recipients without a word: it may be there for restores.
 */
static bool read_keys_to_write(struct backup_context *backups, struct error *err)
{
	if (!read_recipients(backups, err))
		return false;
	if (backups->recipients.count == 0)
		return read_passphrase(backups, err);
	if (!setting_text(backups->context->settings, SETTING_BACKUP_PASSPHRASE_FILE))
		return true;
	error_set(err, ERROR_CONFIG, "a backup is encrypted to recipients or with a passphrase, not both");
	return error_hint(err, "The age format does not allow both. Remove one of them.");
}

/* A backup is somebody's: that of the database the settings name, unless a verb says otherwise. */
static bool name_database(struct backup_context *backups, struct error *err)
{
	const struct context *context = backups->context;

	return !context->database || address_database(context->database, context->arena, &backups->database, err);
}

bool backup_context_open(struct context *context, enum backup_context_use use, struct backup_context *out,
                         struct error *err)
{
	*out = (struct backup_context){.context = context, .store_url = store_url(context)};
	if (!variables_check_backup(context->settings, context->arena, err) || !name_database(out, err) ||
	    (use == BACKUP_WRITES && !read_keys_to_write(out, err)) ||
	    (use == BACKUP_READS && (!read_identities(out, err) || !read_passphrase(out, err))))
		return false;
	return read_signatures(out, use, err);
}

void backup_context_clear(struct backup_context *backups)
{
	store_close(&backups->store);
	identities_close(&backups->identities);
	passphrase_close(&backups->passphrase);
	signing_key_close(&backups->signing_key);
}

bool backup_context_refuse_no_store(struct error *err)
{
	error_set(err, ERROR_CONFIG, "no store for backups is configured");
	return error_hint(err, "Name a directory, s3://bucket/prefix or https://host/path/ with --backup-store, "
	                       "RUNG_BACKUP_STORE or \"store\" under [backup] in rung.ini.");
}

bool backup_context_open_store(struct backup_context *backups, struct error *err)
{
	const struct store_options options = {.url = backups->store_url, .reporter = backups->context->reporter};

	if (!backups->store_url)
		return backup_context_refuse_no_store(err);
	return backups->store || store_open(&options, &backups->store, err);
}

bool backup_context_load(struct backup_context *backups, struct backup_list *out, struct error *err)
{
	if (!backups->database)
		return database_refuse_none(backups->context, err);
	if (!backup_context_open_store(backups, err) ||
	    !backup_list_load(backups->store, backups->database, &backups->trusted, backups->context->arena, out,
	                      err))
		return false;
	for (size_t i = 0; i < out->warning_count; i++)
		event_warning(backups->context->reporter, "%s", out->warnings[i]);
	if (out->gaps)
		event_debug(backups->context->reporter, "%zu earlier backups are no longer there", out->gaps);
	return true;
}

/* --- reading ---------------------------------------------------------- */

static bool read_work_factor(const struct context *context, int *out, struct error *err)
{
	const char *text = option_value(context, "--max-work-factor");
	unsigned long long number = 0;

	if (text && (!str_to_number(str_of(text), AGE_LARGEST_WORK_FACTOR, &number) || number == 0))
		return error_set(err, ERROR_USAGE, "--max-work-factor requires a number from 1 to %d, not \"%s\"",
		                 AGE_LARGEST_WORK_FACTOR, text);
	*out = (int)number;
	return true;
}

bool backup_context_restore_options(struct backup_context *backups, struct restore_options *out,
                                    struct error *err)
{
	const struct context *context = backups->context;
	struct restore_options options = {
	    .connection = database_options(context, context->database),
	    .bindir = setting_text(context->settings, SETTING_PG_BINDIR),
	    .secrets = {.identities = backups->identities, .passphrase = backups->passphrase},
	    .reporter = context->reporter,
	};

	if (!database_history_table(context, &options.history, err) ||
	    !read_work_factor(context, &options.secrets.most_work_factor, err))
		return false;
	*out = options;
	return true;
}
