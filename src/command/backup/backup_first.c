/*
 * The promise is that nothing of a migration runs before a complete backup. So the decision is made
 * before anything else (backup_first_open()), what can be known to fail is asked before the lock
 * (backup_first_check()), and the backup is made under it.
 *
 * Half a configuration is refused and not taken for none: it is a secret that did not arrive, or a
 * mistyped name, and a migration once went without its backup that way. With neither store nor recipient
 * one line says so, once, with the first migrations of a database.
 *
 * For a migration that stopped half-way, the backup of its first attempt is the one to restore; the one that
 * a resuming run makes holds half of it. So the first one is named to anyone who reads of the failure, and
 * where there was none, the text says that a restore leads to something half-done.
 */
#include "command/backup/backup_first.h"

#include <string.h>

#include "command/backup/new_backup.h"
#include "config/environment.h"
#include "pg/address.h"
#include "pg/server.h"

/* Whatever stops a backup stops the run with one exit code; being cancelled stays what it is. */
static bool fail(struct error *err)
{
	if (err->kind != ERROR_CANCELLED)
		err->kind = ERROR_STORAGE;
	error_context(err, "while backing up before the first migration");
	return error_state(err, "No migration was run; nothing was changed.");
}

static bool refuse_missing(const struct context *context, struct error *err)
{
	error_set(err, ERROR_CONFIG, "no migration without a backup (required, %s), and there is %s",
	          context->settings->values[SETTING_BACKUP_REQUIRED].origin, backup_context_missing(context));
	return error_hint(err,
	                  "Name a store and a recipient under [backup] in rung.ini, or by --backup-store and "
	                  "--recipient.");
}

/*
 * One of the two is a secret that did not arrive, or a typing error; nobody means to go without a backup so.
 */
static bool refuse_half(const struct context *context, struct error *err)
{
	error_set(err, ERROR_CONFIG, "no backup can be made: there is %s", backup_context_missing(context));
	return error_hint(err, "Name both a store (--backup-store, RUNG_BACKUP_STORE) and a recipient "
	                       "(--recipient, RUNG_BACKUP_RECIPIENTS), or both under [backup] in rung.ini; a "
	                       "variable that is empty counts as not set. Or use --no-backup.");
}

/* The project's rule is not undone in passing; who means it says so by the rule's own name. */
static bool refuse_declined(const struct settings *settings, struct error *err)
{
	error_set(err, ERROR_CONFIG, "--no-backup is refused: backups are required (%s)",
	          settings->values[SETTING_BACKUP_REQUIRED].origin);
	return error_hint(err, "If you really mean it, add --no-backup-required.");
}

bool backup_first_open(struct context *context, struct backup_first *out, struct error *err)
{
	const bool is_declined = option_is_given(context, "--no-backup");
	const bool is_asked = option_is_given(context, "--backup");
	const bool is_required = setting_is_on(context->settings, SETTING_BACKUP_REQUIRED);
	const bool is_configured = backup_context_is_configured(context);

	*out = (struct backup_first){.context = context};
	if (!variables_check_backup(context->settings, context->arena, err))
		return false;
	if (is_declined && is_asked)
		return error_set(err, ERROR_USAGE, "--backup and --no-backup contradict each other");
	if (is_declined)
		return !is_required || refuse_declined(context->settings, err);
	if (!is_configured && !is_asked && is_required)
		return refuse_missing(context, err);
	if (backup_context_is_half_configured(context))
		return refuse_half(context, err);
	out->is_wanted = is_configured || is_asked;
	out->is_missing = !out->is_wanted;
	if (!out->is_wanted)
		return true;
	if (!backup_context_open(context, BACKUP_WRITES, &out->backups, err))
		return false;
	if (out->backups.recipients.count || out->backups.passphrase)
		return true;
	error_set(err, ERROR_CONFIG, "nobody could read the backup: no recipient is configured");
	return error_hint(err, "Name one with --recipient; \"rung keygen\" makes a pair of keys.");
}

void backup_first_clear(struct backup_first *backup_first)
{
	backup_context_clear(&backup_first->backups);
}

void backup_first_foretell(struct context *context, const struct plan *plan)
{
	scoped_backup_first struct backup_first backup_first = {0};
	struct error why;

	if (!backup_first_open(context, &backup_first, &why) ||
	    (backup_first.is_wanted && !backup_context_open_store(&backup_first.backups, &why))) {
		event_warning(context->reporter, "%s would be refused: %s", context->command->name, why.message);
		return;
	}
	if (plan->count && backup_first.is_wanted)
		event_note(context->reporter, "a backup would be made first, in %s",
		           store_name(backup_first.backups.store));
	else if (plan->count)
		event_note(context->reporter, "no backup would be made first: %s",
		           backup_first.is_missing ? backup_context_missing(context) : "--no-backup");
}

bool backup_first_check(struct backup_first *backup_first, const struct migrate_intent *intent,
                        struct error *err)
{
	struct backup_options options;

	if (!backup_first->is_wanted)
		return true;
	if (new_backup_options(&backup_first->backups, intent->connection, &options, err) &&
	    backup_check(&options, err))
		return true;
	return fail(err);
}

/* The state before a half-done migration is in the backup of its first attempt, or in none. */
static void note_first_attempt(struct backup_first *backup_first, const struct plan *plan)
{
	const struct step *first = &plan->steps[0];

	if (plan->count == 0 || first->action != STEP_RESUME)
		return;
	backup_first->is_midway = !first->record->backup;
	if (first->record->backup)
		backup_first->backup = arena_strdup(backup_first->context->arena, first->record->backup);
}

/* The private server of "rung local" holds nothing that anybody would miss. */
static bool is_on_private_server(const struct context *context)
{
	const char *directory = setting_text(context->settings, SETTING_LOCAL_DIR);
	int pid;

	if (!directory || server_look(directory, &pid) != SERVER_RUNNING)
		return false;
	const char *here = address_setting(context->database, "host", context->arena);
	const char *there =
	    address_setting(server_url_of(directory, "postgres", context->arena), "host", context->arena);
	return here && there && strcmp(here, there) == 0;
}

/* Once, with the first migrations of a database; anyone who answers in rung.ini is not told at all. */
static void tell_missing(const struct context *context)
{
	const struct setting_value *required = &context->settings->values[SETTING_BACKUP_REQUIRED];

	if (strcmp(required->origin, "default") == 0 && !is_on_private_server(context))
		event_note(context->reporter,
		           "migrations run without a backup: no store and no recipient are configured. \"rung help "
		           "backup\" says how to set them up; \"rung config --set backup.required no\" turns this "
		           "message off.");
}

bool backup_first_take(struct backup_first *backup_first, const struct migrate_intent *intent,
                       const char **id, struct error *err)
{
	struct backup_options options;
	struct backup backup;

	if (backup_first->is_missing && intent->is_first)
		tell_missing(backup_first->context);
	note_first_attempt(backup_first, intent->plan);
	if (!backup_first->is_wanted)
		return true;
	if (!new_backup_options(&backup_first->backups, intent->connection, &options, err))
		return fail(err);
	options.kind = "pre-migration";
	options.pending = (int64_t)intent->plan->count;
	if (!new_backup_make(&backup_first->backups, &options, intent->author, &backup, err))
		return fail(err);
	if (!backup_first->backup)
		backup_first->backup = backup.manifest.id;
	*id = backup.manifest.id;
	event_note(backup_first->context->reporter, "rows written from now on are not in the backup");
	return true;
}

/* --- restoring after a failure ---------------------------------------- */

static const char *restoring_command(const struct backup_first *backup_first, const char *database)
{
	struct arena *arena = backup_first->context->arena;

	return arena_printf(arena, "rung restore %s --into %s%s", backup_first->backup,
	                    shell_word(arena, name_with_tail(arena, database, "_restored")),
	                    backup_context_has_identity(backup_first->context) ? "" : " --identity-file KEY");
}

void backup_first_advise(const struct backup_first *backup_first, struct error *err)
{
	struct context *context = backup_first->context;
	const char *before = err->state[0] ? arena_strdup(context->arena, err->state) : "";
	const char *database;
	struct error ignored;

	if (backup_first->backup && address_database(context->database, context->arena, &database, &ignored))
		error_state(err, "%s%sBack to before %s, without the rows written since:\n%s", before,
		            *before ? "\n" : "", backup_first->is_midway ? "this run, half-done as it was" : "it",
		            restoring_command(backup_first, database));
}
