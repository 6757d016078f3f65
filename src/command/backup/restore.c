/*
 * The order is that of the cost. Names, the server and the question come first, since a restore of hours
 * must not end at a name that is taken or at a person who went home; then the backup is fetched and
 * proven to its end; only then is a database made. Until that moment every failure says that no database
 * was touched.
 *
 * --before goes by the history, which names the backup that the run of that migration took. Only where
 * the database cannot be asked, or its run took none, is it the newest backup that does not reach so far.
 *
 * A swap that fails leaves the restored database complete under its first name, and the error says so:
 * hours of work are not dropped for a lock that was not free.
 */
#include <stdlib.h>
#include <string.h>

#include "backup/restore/swap.h"
#include "base/number_text.h"
#include "command/backup/backup_select.h"
#include "command/backup/restore_warning.h"
#include "command/backup/swap_confirm.h"
#include "command/commands.h"
#include "pg/address.h"
#include "report/property.h"

/* --- which one -------------------------------------------------------- */

/* False when the database cannot be asked; `*found` tells whether it ever had that migration. */
static bool recorded_before(struct context *context, int64_t version, bool *found, const char **out,
                            struct error *err)
{
	struct history history;

	*out = NULL;
	*found = false;
	if (!database_load_history(context, &history, err))
		return false;
	for (size_t i = 0; i < history.count; i++) {
		if (history.records[i].version != version)
			continue;
		*found = true;
		*out = history.records[i].backup;
	}
	return true;
}

/* The history says which backup its run took; without it the newest that has not come so far. */
static bool find_before(struct context *context, struct backup_context *backups, int64_t version,
                        const char **out, struct error *err)
{
	struct backup_list backup_list;
	struct error ignored;
	bool found;

	if (recorded_before(context, version, &found, out, &ignored) && !found) {
		error_set(err, ERROR_USAGE, "migration %lld was never applied to this database", (long long)version);
		return error_hint(
		    err, "\"rung history\" lists the applied ones; \"rung list-backups\" lists the backups.");
	}
	if (*out)
		return true;
	if (!backup_context_load(backups, &backup_list, err))
		return false;
	for (size_t i = 0; i < backup_list.count; i++)
		if (backup_list.entries[i].trust != TRUST_UNREADABLE &&
		    manifest_reach(&backup_list.entries[i].manifest) < version)
			*out = backup_list.entries[i].id;
	if (*out)
		return true;
	error_set(err, ERROR_STORAGE, "there is no backup from before migration %lld", (long long)version);
	return error_hint(err, "\"rung list-backups\" shows what there is.");
}

static bool choose_before(struct context *context, const char *text, struct backup_selection *selection,
                          struct error *err)
{
	unsigned long long version;
	const char *id;

	if (!str_to_number(str_of(text), INT64_MAX, &version))
		return error_set(err, ERROR_USAGE, "--before requires the number of a migration, not \"%s\"", text);
	if (!backup_context_open(context, BACKUP_READS, &selection->backups, err) ||
	    !find_before(context, &selection->backups, (int64_t)version, &id, err) ||
	    !backup_select_look(context, id, selection, err))
		return false;
	restore_warning_tell(context, (int64_t)version, &selection->entry);
	return true;
}

static bool choose(struct context *context, struct backup_selection *selection, struct error *err)
{
	const char *before = option_value(context, "--before");
	const char *text = context->operands[0];

	if (!before == !text)
		return error_set(err, ERROR_USAGE,
		                 "restore requires a backup: an id, a file, latest, or --before NN");
	return before ? choose_before(context, before, selection, err)
	              : backup_select_look(context, text, selection, err);
}

/* --- where to --------------------------------------------------------- */

static const char *label_of(const struct backup_selection *selection)
{
	return selection->entry.id ? selection->entry.id : "file";
}

/* What a fetched backup is restored with; the rest of its options are known only then. */
struct wishes {
	struct swap names;
	struct skip_set skip;
	int jobs;
};

static bool read_wishes(struct context *context, const struct backup_selection *selection, struct wishes *out,
                        struct error *err)
{
	const char *jobs = option_value(context, "--jobs");
	unsigned long long count = 1;

	if (jobs && (!str_to_number(str_of(jobs), 256, &count) || count == 0))
		return error_set(err, ERROR_USAGE, "--jobs requires a number from 1 to 256, not \"%s\"", jobs);
	*out = (struct wishes){.names.fresh = option_value(context, "--into"), .jobs = (int)count};
	if (!skip_parse(option_value(context, "--skip"), &out->skip, err))
		return false;
	if (option_is_given(context, "--swap"))
		out->names.current = selection->backups.database;
	else if (!out->names.fresh) {
		error_set(err, ERROR_USAGE, "restore requires the name of a new database: --into NAME");
		return error_hint(err,
		                  "It never overwrites a database; --swap replaces the old one with the new one.");
	}
	return true;
}

/* Before anything is fetched: a restore of hours must not end at a name that is taken. */
static bool plan(struct context *context, const struct backup_selection *selection, struct swap *names,
                 struct error *err)
{
	const struct session_options connection = database_options(context, context->database);
	const char *address, *password;

	return address_for_program(connection.conninfo, context->arena, &address, &password, err) &&
	       swap_plan(&connection, label_of(selection), context->arena, names, err);
}

static bool take(struct context *context, const struct wishes *wishes, struct backup_selection *selection,
                 struct error *err)
{
	if (!backup_select_take(context, selection, err))
		return false;
	selection->options.jobs = wishes->jobs;
	selection->options.skip = wishes->skip;
	selection->options.no_owner = option_is_given(context, "--no-owner");
	selection->options.no_acl = option_is_given(context, "--no-acl");
	selection->options.with_globals = option_is_given(context, "--globals");
	selection->options.into = wishes->names.fresh;
	return restore_prove(&selection->options, selection->spool, context->arena, &selection->proof, err);
}

static void say_plain_copy(struct context *context, const struct backup_selection *selection)
{
	if (selection->options.jobs > 1)
		event_warning(
		    context->reporter,
		    "--jobs needs a plaintext copy: it is in an unnamed temporary file until the restore ends");
}

/* --- the verb --------------------------------------------------------- */

static bool swap(struct context *context, const struct backup_selection *selection, const struct swap *names,
                 struct error *err)
{
	return !names->current || swap_run(&selection->options.connection, names, context->arena, err) ||
	       error_state(err, "The restored database is complete and kept as \"%s\".", names->fresh);
}

static const char *const likeness_names[] = {
    [LIKENESS_UNKNOWN] = NULL, [LIKENESS_EQUAL] = "equal", [LIKENESS_DIFFERENT] = "different"};

static void print(struct context *context, const struct backup_selection *selection,
                  const struct restored *restored, const struct swap *names)
{
	struct arena *arena = context->arena;
	const struct property summary[] = {
	    {"id", "Backup", selection->entry.id, COLUMN_TEXT},
	    {"created_at", "Made", selection->entry.manifest.created_at, COLUMN_TEXT},
	    {"database", "Database", names->current ? names->current : names->fresh, COLUMN_TEXT},
	    {"kept", "Old one kept as", names->kept, COLUMN_TEXT},
	    {"head", "Head", selection->proof.summary.history.head_name, COLUMN_TEXT},
	    {"tables_compared", "Tables compared",
	     selection->proof.has_summary ? number_text(arena, (int64_t)restored->comparison.tables) : NULL,
	     COLUMN_NUMBER},
	    {"catalog", "Catalogs compared", likeness_names[restored->comparison.catalog], COLUMN_TEXT},
	    {"proof_ms", "Verified in", number_text(arena, selection->proof.duration_ms), COLUMN_DURATION},
	    {"restore_ms", "Restored in", number_text(arena, restored->duration_ms), COLUMN_DURATION},
	};

	properties_print("restore", summary, sizeof(summary) / sizeof(*summary), arena, context->reporter);
}

static bool cmd_restore(struct context *context, struct error *err)
{
	scoped_backup_selection struct backup_selection selection = {0};
	struct restored restored = {0};
	struct wishes wishes;

	if (!choose(context, &selection, err) || !read_wishes(context, &selection, &wishes, err) ||
	    !plan(context, &selection, &wishes.names, err) ||
	    !swap_confirm_ask(context, &selection, &wishes.names, err) ||
	    !take(context, &wishes, &selection, err))
		return error_state(err, "No database was changed.");
	say_plain_copy(context, &selection);
	if (!restore_run(&selection.options, selection.spool, &selection.proof, context->arena, &restored, err))
		return false;
	if (!swap(context, &selection, &wishes.names, err))
		return false;
	print(context, &selection, &restored, &wishes.names);
	swap_confirm_tell(context, &wishes.names);
	return true;
}

static const struct option_row options[] = {
    {"--into", 0, "NAME", "the database to create; it must not exist. With --swap, a temporary name"},
    {"--before", 0, "NN", "the backup made before the run that applied migration NN"},
    {"--swap", 0, NULL, "then exchange names with the old database, which is kept"},
    {"--force", 'f', NULL, "swap without asking"},
    {"--jobs", 'j', "COUNT", "restore over several connections; needs a temporary plaintext copy"},
    {"--no-owner", 0, NULL, "everything is owned by the role that restores"},
    {"--no-acl", 0, NULL, "do not restore privileges"},
    {"--skip", 0, "KINDS", "leave out: event-triggers, extensions, publications, subscriptions, ..."},
    {"--globals", 0, NULL, "create missing roles as \"backup --globals\" recorded them, without passwords"},
    {"--allow-unsigned", 0, NULL, "accept a backup that no trusted key signed"},
    {"--max-work-factor", 0, "N", "the largest work factor of a passphrase to accept, up to 22; default: 20"},
    {0},
};

const struct command command_restore = {
    .name = "restore",
    .operands = "[ID|FILE|latest]",
    .help = &HELP_restore,
    .group = GROUP_BACKUP,
    .needs = NEEDS_DATABASE,
    .most_operands = 1,
    .options = options,
    .run = cmd_restore,
};
