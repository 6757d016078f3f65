/*
 * The three levels need different keys, and the first needs none that is secret, so that it can run where
 * nothing can be decrypted. Each proves what the one before it proves: --decrypt and --drill fetch the
 * object with its size and hash compared, and read it as a restore does, with the same code.
 *
 * A drill restores on a server of its own. The real one would have to hold the data twice, and its roles
 * would be touched. The price is that the server is of the version that is installed; when that is
 * another one the catalogs cannot be compared, and a warning says so.
 *
 * "all" continues after a backup that cannot be relied on, and ends at any other error, such as a key that
 * is missing: that would be the same for every one of them. What is missing at the end of the list is
 * asked of the database.
 */
#include <string.h>

#include "backup/drill.h"
#include "base/clock.h"
#include "command/backup/backup_log.h"
#include "command/backup/backup_select.h"
#include "command/commands.h"
#include "pg/program.h"
#include "pg/server.h"
#include "report/property.h"

enum level {
	LEVEL_SIGNATURE, /* needs no secret: signature, link, size, hash */
	LEVEL_DECRYPT,   /* every chunk, every checksum, the whole archive */
	LEVEL_DRILL,     /* restored, compared, timed */
};

static const char *const level_names[] = {"signature and hash", "decrypted and read",
                                          "restored and compared"};

/* What a drill found out. */
struct drilled {
	int64_t restore_ms; /* -1: there was none */
	const char *role;   /* that restored; NULL: a superuser */
	int major;          /* of the server, where it is not the recorded one; or 0 */
};

/* With --allow-unsigned a check may have had nothing to check. */
static const char *proven(const struct backup_entry *entry, enum level level, struct arena *arena)
{
	const char *name = level_names[level];

	if (entry->trust == TRUST_SIGNED)
		return name;
	return arena_printf(arena, "%s; %s", level == LEVEL_SIGNATURE ? "hash" : name,
	                    entry->trust == TRUST_UNSIGNED ? "not signed" : "signature not checked");
}

static enum level level_asked(const struct context *context)
{
	return option_is_given(context, "--drill")     ? LEVEL_DRILL
	       : option_is_given(context, "--decrypt") ? LEVEL_DECRYPT
	                                               : LEVEL_SIGNATURE;
}

/* --- the drill -------------------------------------------------------- */

/* Of the major version the backup was made of, or as near to it as there is one. */
static bool find_server(struct context *context, int major, struct program_place *out, struct error *err)
{
	const struct program_wish wish = {
	    .names = (const char *const[]){"initdb", "postgres", NULL},
	    .bindir = setting_text(context->settings, SETTING_PG_BINDIR),
	    .server_major = major,
	    .package = arena_printf(context->arena, "the server package (Debian, Ubuntu: postgresql-%d)", major),
	};

	return program_find(&wish, context->arena, out, err) ||
	       error_context(err, "while looking for a server to drill on");
}

static bool prepare_role(struct context *context, struct backup_selection *selection, const char *role,
                         struct error *err)
{
	const struct session_options superuser = selection->options.connection;

	selection->options.makes_roles = !role;
	return !role || drill_as_role(&superuser, &selection->proof.summary, role, context->arena,
	                              &selection->options.connection, err);
}

/* A server of its own, gone afterwards: the real one is not bothered, its roles are not needed. */
static bool drill(struct context *context, struct backup_selection *selection, struct drilled *out,
                  struct error *err)
{
	scoped_server struct server *server = NULL;
	struct restored restored = {0};
	struct program_place place;
	const int major = (int)selection->proof.summary.catalog.server;

	if (!skip_parse(option_value(context, "--skip"), &selection->options.skip, err) ||
	    !find_server(context, major, &place, err))
		return false;
	const struct server_options options = {.bindir = place.directory, .major = place.major, .is_fast = true};
	if (!server_open(&options, &server, err))
		return false;
	selection->options.connection = (struct session_options){
	    .conninfo = server_url(server, "postgres", context->arena), .application_name = "rung " RUNG_VERSION};
	selection->options.into = "rung_drill";
	selection->options.is_drill = true;
	out->role = option_value(context, "--as-role");
	if (!prepare_role(context, selection, out->role, err) ||
	    !restore_run(&selection->options, selection->spool, &selection->proof, context->arena, &restored,
	                 err))
		return error_context(err, "during the drill");
	out->restore_ms = restored.duration_ms;
	out->major = major == 0 || place.major == major ? 0 : place.major;
	return true;
}

static void warn_of_major(struct context *context, const struct backup_entry *entry,
                          const struct backup_selection *selection, const struct drilled *drilled)
{
	if (drilled->major)
		event_warning(context->reporter,
		              "%s was drilled on PostgreSQL %d instead of %lld, whose server is not installed here: "
		              "the catalogs were not compared",
		              entry->id, drilled->major, (long long)selection->proof.summary.catalog.server);
}

/* --- one backup ------------------------------------------------------- */

/* Keys may come out of a pipe, which can be read once: one context of a kind serves all backups. */
struct verify_contexts {
	struct backup_context looking;
	struct backup_context reading; /* not for LEVEL_SIGNATURE */
};

static void verify_contexts_clear(struct verify_contexts *contexts)
{
	backup_context_clear(&contexts->looking);
	backup_context_clear(&contexts->reading);
}

static bool verify_contexts_open(struct context *context, struct verify_contexts *out, struct error *err)
{
	return backup_context_open(context, BACKUP_LOOKS, &out->looking, err) &&
	       (level_asked(context) == LEVEL_SIGNATURE ||
	        (backup_context_open(context, BACKUP_READS, &out->reading, err) &&
	         backup_context_open_store(&out->reading, err)));
}

static bool check_signature(struct context *context, struct backup_context *backups,
                            const struct backup_entry *entry, struct error *err)
{
	const bool allow_unsigned = option_is_given(context, "--allow-unsigned");

	if (!entry_check_trust(entry, allow_unsigned, err))
		return false;
	if (!entry->has_object)
		return error_set(err, ERROR_STORAGE, "backup %s has a manifest but no object", entry->id);
	return spool_check(backups->store, entry, context->reporter, err);
}

/*
 * The context in `selection` is a copy of the one that all backups share; clearing it would close that.
 */
static void return_backups(struct backup_selection *selection)
{
	selection->backups = (struct backup_context){0};
	backup_select_clear(selection);
}

static bool check_contents(struct context *context, const struct backup_context *backups,
                           const struct backup_entry *entry, enum level level, struct drilled *out,
                           struct error *err)
{
	SCOPED(return_backups) struct backup_selection selection = {.backups = *backups};

	if (!backup_select_fetch(context, entry, &selection, err) ||
	    !restore_prove(&selection.options, selection.spool, context->arena, &selection.proof, err))
		return false;
	if (!selection.proof.has_summary)
		return error_set(err, ERROR_STORAGE, "backup %s has no description", entry->id);
	if (level < LEVEL_DRILL)
		return true;
	if (!drill(context, &selection, out, err))
		return false;
	warn_of_major(context, entry, &selection, out);
	return true;
}

static void say(struct context *context, const struct backup_entry *entry, enum level level,
                const struct drilled *drilled, int64_t duration_ms)
{
	const char *text = proven(entry, level, context->arena);

	if (drilled->role)
		text = arena_printf(context->arena, "%s as \"%s\"", text, drilled->role);
	if (drilled->restore_ms >= 0)
		text = arena_printf(context->arena, "%s; restoring took %s", text,
		                    duration_text(context->arena, drilled->restore_ms));
	struct event event = event_of_step(EVENT_STEP_DONE, NULL, 0, entry->id);

	event.text = text;
	event.duration_ms = duration_ms;
	event.count = drilled->restore_ms;
	event_emit(context->reporter, &event);
}

static bool verify(struct context *context, struct verify_contexts *contexts,
                   const struct backup_entry *entry, struct error *err)
{
	const enum level level = level_asked(context);
	const int64_t began_ms = clock_now_ms();
	struct drilled drilled = {.restore_ms = -1};

	if (!(level == LEVEL_SIGNATURE
	          ? check_signature(context, &contexts->looking, entry, err)
	          : check_contents(context, &contexts->reading, entry, level, &drilled, err)) ||
	    !backup_select_check_link(&contexts->looking, entry, err))
		return error_context(err, "while verifying %s", entry->id);
	say(context, entry, level, &drilled, clock_now_ms() - began_ms);
	return true;
}

/* --- the verb --------------------------------------------------------- */

static bool verify_each(struct context *context, struct verify_contexts *contexts,
                        const struct backup_list *backup_list, struct error *err)
{
	size_t failed = 0;

	for (size_t i = 0; i < backup_list->count; i++) {
		if (verify(context, contexts, &backup_list->entries[i], err))
			continue;
		if (err->kind != ERROR_STORAGE)
			return false;
		event_warning(context->reporter, "%s: %s", backup_list->entries[i].id, err->message);
		failed++;
	}
	if (failed)
		return error_set(err, ERROR_STORAGE, "%zu of %zu backups cannot be relied on", failed,
		                 backup_list->count);
	if (backup_list->count > 0)
		return true;
	error_set(err, ERROR_STORAGE, "there are no backups to verify");
	return error_hint(err, "\"rung backup\" makes one; --backup-store names another store.");
}

/* All that are there, and that none is missing at the end. */
static bool verify_all(struct context *context, struct verify_contexts *contexts, struct error *err)
{
	struct backup_list backup_list;
	struct backup_log backup_log;

	if (!backup_context_load(&contexts->looking, &backup_list, err))
		return false;
	backup_log_ask(context, &backup_log);
	const char *contradiction = backup_log_contradicts(&backup_log, &backup_list, context->arena);
	backup_log_miss(&backup_log, &backup_list, context->reporter);
	if (contradiction)
		event_warning(context->reporter, "%s", contradiction);
	return verify_each(context, contexts, &backup_list, err) &&
	       (!contradiction || backup_log_refuse(contradiction, err));
}

static bool check_options(const struct context *context, struct error *err)
{
	static const char *const of_drill[] = {"--as-role", "--skip"};

	for (size_t i = 0; i < sizeof(of_drill) / sizeof(*of_drill); i++)
		if (option_is_given(context, of_drill[i]) && level_asked(context) != LEVEL_DRILL)
			return error_set(err, ERROR_USAGE, "%s requires --drill", of_drill[i]);
	struct skip_set skip;
	return skip_parse(option_value(context, "--skip"), &skip, err);
}

static bool cmd_verify_backup(struct context *context, struct error *err)
{
	SCOPED(verify_contexts_clear) struct verify_contexts contexts = {0};
	const char *text = context->operands[0];
	struct backup_entry entry;

	if (!check_options(context, err) || !verify_contexts_open(context, &contexts, err))
		return false;
	if (strcmp(text, "all") == 0)
		return verify_all(context, &contexts, err);
	return backup_select_find(&contexts.looking, text, &entry, err) &&
	       verify(context, &contexts, &entry, err);
}

static const struct option_row options[] = {
    {"--decrypt", 0, NULL, "also decrypt and read all of it; needs the identity"},
    {"--drill", 0, NULL, "restore it on a scratch server, compare, and say how long it took"},
    {"--as-role", 0, "ROLE", "drill as this role: no superuser, with CREATEDB and the recorded memberships"},
    {"--skip", 0, "KINDS", "leave out of the drill what \"restore --skip\" leaves out"},
    {"--allow-unsigned", 0, NULL, "accept a backup that no trusted key signed"},
    {"--max-work-factor", 0, "N", "the largest work factor of a passphrase to accept, up to 22; default: 20"},
    {0},
};

const struct command command_verify_backup = {
    .name = "verify-backup",
    .operands = "ID|latest|all",
    .help = &HELP_verify_backup,
    .group = GROUP_BACKUP,
    .needs = NEEDS_DATABASE,
    .least_operands = 1,
    .most_operands = 1,
    .options = options,
    .run = cmd_verify_backup,
};
