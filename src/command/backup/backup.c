/*
 * A backup by hand must be of exactly the version that its manifest names, so it takes the migration lock
 * like a deployer where there is a history to lock. A database without one, a standby, and one whose
 * history belongs to somebody who is not trusted are backed up all the same, without the lock: to refuse
 * a backup would be the greater harm.
 *
 * What can be refused is refused before the lock is taken (backup_check()): nobody should wait for
 * somebody whose store is full.
 *
 * --keep-until is a promise for years, so it is read to its last character: what stood after a date was
 * once passed over, and a date that had passed was accepted. strptime() takes the 31st of February and
 * timegm() makes a day of March of it; the day is compared.
 */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/number_text.h"
#include "command/backup/new_backup.h"
#include "command/commands.h"
#include "history/audit.h"
#include "report/property.h"
#include "stream/progress.h"

/* A date, or one with its time as list-backups shows it; nothing after it, and no 31st of February. */
static bool read_date(const char *text, time_t *out)
{
	static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct tm tm = {0};
		const char *rest = strptime(text, forms[i], &tm);
		const int day = tm.tm_mday;

		if (!rest || *rest)
			continue;
		*out = timegm(&tm);
		return tm.tm_mday == day;
	}
	return false;
}

/* "30d" from now, or a date as it is. */
static bool read_keep_until(struct context *context, const char **out, struct error *err)
{
	const char *text = option_value(context, "--keep-until");
	const time_t now = time(NULL);
	char stamp[sizeof("2026-11-20T23:15:00Z")];
	struct tm tm;
	time_t until;
	int64_t ms;

	*out = NULL;
	if (!text)
		return true;
	if (duration_parse(text, &ms))
		until = now + (time_t)(ms / 1000);
	else if (!read_date(text, &until))
		return error_set(err, ERROR_USAGE,
		                 "--keep-until requires a date such as 2027-01-31, or a time such as 90d, not \"%s\"",
		                 text);
	if (until <= now)
		return error_set(err, ERROR_USAGE, "--keep-until must be in the future; \"%s\" has passed", text);
	if (!gmtime_r(&until, &tm) || strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return error_set(err, ERROR_USAGE, "--keep-until cannot be as far away as \"%s\"", text);
	*out = arena_strdup(context->arena, stamp);
	return true;
}

static bool check_encryption(const struct backup_context *backups, bool is_declined, struct error *err)
{
	if (is_declined || backups->recipients.count || backups->passphrase)
		return true;
	error_set(err, ERROR_CONFIG, "nobody could read the backup: no recipient is configured");
	return error_hint(err,
	                  "Make a pair of keys with \"rung keygen\" and name its public half with --recipient; "
	                  "--no-encryption makes a backup that everybody can read.");
}

/* What is not kept where the others are is not missed there. */
static void go_elsewhere(struct backup_context *backups, const char *store_url)
{
	backups->is_elsewhere = backups->store_url && strcmp(backups->store_url, store_url) != 0;
	backups->store_url = store_url;
}

static void decline_encryption(struct backup_context *backups)
{
	backups->recipients.count = 0;
	passphrase_close(&backups->passphrase);
	event_warning(backups->context->reporter,
	              "the backup is not encrypted: anyone who can read the store can read your data");
}

/* For make(), which runs under the migration lock. */
struct work {
	struct backup_context *backups;
	struct backup_options *options;
	struct backup backup;
};

/* Called with the lock held: others who deploy wait meanwhile. */
static bool make(const struct migrate_options *run_options, struct locked_history *locked, void *argument,
                 struct error *err)
{
	struct work *work = argument;

	(void)locked;
	return new_backup_make(work->backups, work->options, &run_options->author, &work->backup, err);
}

static bool has_history(struct context *context, const struct migrate_options *run_options, bool *out,
                        struct error *err)
{
	scoped_session struct session *db = NULL;
	struct server_info summary;
	struct history history;
	struct error refusal;

	if (!session_open(&run_options->connection, &db, err) ||
	    !history_load(db, &run_options->history, HISTORY_TO_SHOW, context->arena, &history, &summary, err))
		return false;
	/* Where it may not be written to, that is said when the backup is made. */
	*out = history.exists && !history.is_adopted && !summary.is_read_only &&
	       (!summary.is_suspect ||
	        audit_check_writing(db, &run_options->history, run_options->trusted_owner, &refusal));
	return true;
}

static void print(struct context *context, const struct backup *backup)
{
	struct arena *arena = context->arena;
	const struct manifest *manifest = &backup->manifest;
	const bool is_json = reporter_is_json(context->reporter);
	const struct property summary[] = {
	    {"id", "Backup", manifest->id, COLUMN_TEXT},
	    {"database", "Database", manifest->database, COLUMN_TEXT},
	    {"key", "Object", manifest->object.key, COLUMN_TEXT},
	    {"size", "Size",
	     is_json ? number_text(arena, manifest->object.size) : size_text(arena, manifest->object.size),
	     COLUMN_NUMBER},
	    {"sha256", "SHA-256", manifest->object.sha256, COLUMN_TEXT},
	    {"tables", "Tables", number_text(arena, (int64_t)backup->tables), COLUMN_NUMBER},
	    {"rows", "Rows", number_text(arena, backup->rows), COLUMN_NUMBER},
	    {"head", "Head", manifest->migrations.head_name, COLUMN_TEXT},
	    {"duration_ms", "Took", number_text(arena, manifest->total_ms), COLUMN_DURATION},
	};

	properties_print("backup", summary, sizeof(summary) / sizeof(*summary), arena, context->reporter);
}

static bool cmd_backup(struct context *context, struct error *err)
{
	scoped_backup_context struct backup_context backups = {0};
	const bool is_declined = option_is_given(context, "--no-encryption");
	struct migrate_options run_options;
	struct backup_options options;
	bool is_kept;

	if (!backup_context_open(context, BACKUP_WRITES, &backups, err) ||
	    !check_encryption(&backups, is_declined, err))
		return false;
	if (option_is_given(context, "--output"))
		go_elsewhere(&backups, option_value(context, "--output"));
	if (is_declined)
		decline_encryption(&backups);
	if (!migrate_options_from_context(context, DIRECTION_UP, &run_options, err) ||
	    !new_backup_options(&backups, &run_options.connection, &options, err) ||
	    !read_keep_until(context, &options.keep_until, err))
		return false;
	options.kind = option_is_given(context, "--scheduled") ? "scheduled" : "manual";
	options.dump.with_globals = option_is_given(context, "--globals");

	struct work work = {.backups = &backups, .options = &options};
	if (!backup_check(&options, err) || !has_history(context, &run_options, &is_kept, err))
		return false;
	if (is_kept ? !migrate_with_lock(&run_options, make, &work, err)
	            : !new_backup_make(&backups, &options, &run_options.author, &work.backup, err))
		return false;
	print(context, &work.backup);
	return true;
}

static const struct option_row own_options[] = {
    {"--output", 'o', "STORE", "store it here instead of in the configured store"},
    {"--keep-until", 0, "TIME", "never remove it before then: a date, or a time from now such as 90d"},
    {"--globals", 0, NULL, "include roles and tablespaces, without passwords"},
    {"--scheduled", 0, NULL, "mark it as a scheduled backup"},
    {"--no-encryption", 0, NULL, "do not encrypt it"},
    {0},
};

const struct command command_backup = {
    .name = "backup",
    .operands = "",
    .help = &HELP_backup,
    .group = GROUP_BACKUP,
    .needs = NEEDS_DATABASE,
    .options = own_options,
    .run = cmd_backup,
};
