/*
 * The number of the next backup follows the larger of what the log says and what the store shows, since
 * either may be missing: credentials that may only write cannot list, and a database may be new. From the
 * store only a backup that a trusted key signed is followed, as anybody could otherwise choose our
 * number.
 *
 * No session stays open while a dump runs: it would idle for hours, and firewalls end such connections.
 * That the backup cannot be noted in the log afterwards is a warning. It exists, and it was made.
 */
#include "command/backup/new_backup.h"

#include <string.h>

#include "base/clock.h"
#include "command/backup/backup_log.h"
#include "history/audit.h"
#include "stream/progress.h"

/* Both halves are for people and programs that read the manifest, and JSON holds UTF-8 alone. */
static bool check_label(const char *text, struct error *err)
{
	const char *equals = strchr(text, '=');

	if (!equals || equals == text)
		return error_set(err, ERROR_USAGE, "--label requires NAME=VALUE, not \"%s\"", text);
	return utf8_check(str_of(text)) == strlen(text) ||
	       error_set(err, ERROR_USAGE, "the label \"%s\" is not UTF-8", text);
}

static bool read_labels(struct backup_context *backups, struct backup_options *out, struct error *err)
{
	struct arena *arena = backups->context->arena;
	const char *const *texts = setting_list(backups->context->settings, SETTING_BACKUP_LABELS, arena);
	struct json_pair *labels = NULL;

	for (; *texts; texts++) {
		if (!check_label(*texts, err))
			return false;
		const size_t name_len = strcspn(*texts, "=");

		*ARENA_PUSH(arena, labels, out->label_count) =
		    (struct json_pair){arena_strndup(arena, *texts, name_len), *texts + name_len + 1};
	}
	out->labels = labels;
	return true;
}

bool new_backup_options(struct backup_context *backups, const struct session_options *connection,
                        struct backup_options *out, struct error *err)
{
	const struct context *context = backups->context;
	const int64_t lock_wait_ms = setting_ms(context->settings, SETTING_BACKUP_LOCK_WAIT);
	struct backup_options options = {
	    .dump = {.connection = *connection,
	             .bindir = setting_text(context->settings, SETTING_PG_BINDIR),
	             .lock_wait_ms = lock_wait_ms > 0 ? lock_wait_ms : 0,
	             .excluded_data =
	                 setting_list(context->settings, SETTING_BACKUP_EXCLUDED_DATA, context->arena)},
	    .store_url = backups->store_url,
	    .recipients = backups->recipients,
	    .passphrase = backups->passphrase,
	    .signing_key = backups->signing_key,
	    .reporter = context->reporter,
	};

	if (!backups->store_url)
		return backup_context_refuse_no_store(err);
	if (!database_history_table(context, &options.history, err) || !read_labels(backups, &options, err))
		return false;
	*out = options;
	return true;
}

static void follow(struct backup_options *options, const char *id, const char *sha256, int64_t sequence)
{
	if (sequence <= options->previous_sequence || sequence >= MANIFEST_MOST_NUMBER)
		return;
	options->previous_id = id;
	options->previous_sha256 = sha256;
	options->previous_sequence = sequence;
}

static void follow_log(const struct context *context, struct session *db, struct backup_options *options)
{
	struct noted noted;
	struct error why;

	if (!backup_log_read_log(db, &options->history, true, context->arena, &noted, &why))
		event_warning(context->reporter, "which backups the log knows could not be read: %s", why.message);
	if (noted.id)
		follow(options, noted.id, noted.sha256, noted.sequence);
}

/*
 * Anyone who may only write cannot look; the log then says it alone. What a stranger put there is not
 * followed.
 */
static void follow_store(struct backup_context *backups, struct backup_options *options)
{
	struct backup_list backup_list;
	struct error ignored;

	if (!backup_context_open_store(backups, &ignored) ||
	    !backup_list_load(backups->store, backups->database, &backups->trusted, backups->context->arena,
	                      &backup_list, &ignored)) {
		event_debug(backups->context->reporter, "the store cannot be listed: %s", ignored.message);
		options->has_earlier = options->previous_id != NULL;
		return;
	}
	const struct backup_entry *newest = backup_list_newest_reliable(&backup_list);
	options->has_earlier = backup_list_newest(&backup_list) != NULL;
	if (!newest)
		return;
	follow(options, newest->id, newest->sha256, newest->manifest.sequence);
	options->previous_size = newest->manifest.object.size;
}

/* In somebody else's tables nothing is noted: what hangs on them would run as us. */
static bool check_log(const struct context *context, struct session *db, const struct backup_options *options,
                      struct error *err)
{
	struct server_info summary;
	struct history history;

	return history_load(db, &options->history, HISTORY_TO_SHOW, context->arena, &history, &summary, err) &&
	       (!summary.is_suspect ||
	        audit_check_writing(db, &options->history, setting_text(context->settings, SETTING_HISTORY_OWNER),
	                            err));
}

/* The backup exists either way; without its row only the next one's link is weaker. */
static bool note_in_log(const struct backup_context *backups, const struct backup_options *options,
                        const struct author *author, const struct backup *backup, struct error *err)
{
	struct context *context = backups->context;
	const struct log_entry entry = {
	    .action = backups->is_elsewhere ? "backup-elsewhere" : "backup",
	    .outcome = "done",
	    .version = backup->manifest.sequence,
	    .name = backup->manifest.id,
	    .checksum = backup->manifest_sha256,
	    .duration_ms = backup->manifest.total_ms,
	};
	const struct request request =
	    history_log(&options->history, author, &entry, COMMIT_AS_CONFIGURED, context->arena);
	scoped_session struct session *db = NULL;
	bool is_there = false;

	return session_open(&options->dump.connection, &db, err) &&
	       backup_log_has_log(db, &options->history, true, context->arena, &is_there, err) &&
	       (!is_there || (check_log(context, db, options, err) && request_run(db, &request, err)));
}

static void warn_of_signature(struct backup_context *backups)
{
	struct reporter *reporter = backups->context->reporter;

	if (!backups->signing_key)
		event_warning(reporter, "the backup is not signed: anyone who can write to the store can forge one "
		                        "(--sign-key; \"rung keygen\" makes one)");
	else if (backups->is_alone_in_trust)
		event_warning(reporter,
		              "the key that signs is not in trusted_keys: other machines will refuse this backup; "
		              "add %s",
		              signing_key_public(backups->signing_key, backups->context->arena));
}

/* On the day it is made there is time to do something about it. */
static void warn_of_restore(struct backup_context *backups, const struct restorable *restorable)
{
	if (restorable->lacking)
		event_warning(backups->context->reporter,
		              "the role \"%s\" could not restore this backup here: %s%s%s%s", restorable->role,
		              restorable->lacking, *restorable->advice ? " (" : "",
		              *restorable->advice ? restorable->advice : "", *restorable->advice ? ")" : "");
}

static void say_made(struct backup_context *backups, const struct backup *backup)
{
	struct arena *arena = backups->context->arena;
	const struct manifest *manifest = &backup->manifest;

	struct event event = event_of_note(
	    arena_printf(arena, "backed up \"%s\": %s, %s in %s", manifest->database, manifest->id,
	                 size_text(arena, manifest->object.size), duration_text(arena, manifest->total_ms)));

	event.action = "backup";
	event.duration_ms = manifest->total_ms;
	event.count = manifest->object.size;
	event_emit(backups->context->reporter, &event);
	warn_of_restore(backups, &backup->restorable);
	warn_of_signature(backups);
}

/* The log first, then the store: follow() takes the larger number, whichever comes first. */
bool new_backup_make(struct backup_context *backups, struct backup_options *options,
                     const struct author *author, struct backup *out, struct error *err)
{
	struct context *context = backups->context;
	scoped_session struct session *db = NULL;

	if (!session_open(&options->dump.connection, &db, err))
		return false;
	if (!backups->database)
		backups->database = arena_strdup(context->arena, session_database(db));
	follow_log(context, db, options);
	follow_store(backups, options);
	session_close(&db); /* a dump may take hours: nothing idles meanwhile that a firewall could forget */
	if (!backup_make(options, context->arena, out, err))
		return false;
	struct error trouble;
	if (!note_in_log(backups, options, author, out, &trouble))
		event_warning(context->reporter, "the backup could not be recorded in the log: %s", trouble.message);
	say_made(backups, out);
	return true;
}
