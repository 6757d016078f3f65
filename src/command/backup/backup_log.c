/*
 * A store from which the newest backup was taken away looks whole, and so does a log without its store.
 * The two are compared, and only for the newest: older ones are removed by retention all the time.
 *
 * The database is asked in every case and needed in none. It may be what is to be restored, so a failure
 * to reach it (after 10 s, unless --connect-timeout says more) means that nothing is known, which callers
 * treat as no contradiction.
 *
 * The log knows more than the history (number and hash of the manifest), the history knows what a
 * migration's run took. Backups that were stored elsewhere with --output are in the log under another
 * action, so that the configured store is not expected to have them; their numbers count all the same.
 */
#include "command/backup/backup_log.h"

#include <string.h>
#include <time.h>

#include "history/history_store.h"

enum { PATIENCE_MS = 10000 }; /* for a database that is only asked; unless --connect-timeout says more */

/* --- the log ---------------------------------------------------------- */

/* The columns of log_exists.sql. */
enum {
	LOG_EXISTS,
	LOG_IS_STANDBY,
};

bool backup_log_has_log(struct session *db, const struct qualified_name *history, bool to_write,
                        struct arena *arena, bool *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const struct qualified_name log = {history->schema, arena_printf(arena, "%s_log", history->name)};

	if (!query_row(db, SQL_backup_log_exists, PARAMS(qualified_name_quote(arena, &log)), &rows, err))
		return false;
	*out = rows_flag(rows, 0, LOG_EXISTS) && !(to_write && rows_flag(rows, 0, LOG_IS_STANDBY));
	return true;
}

/* The columns of logged_backups.sql. */
enum {
	LOGGED_ID,
	LOGGED_CHECKSUM,
	LOGGED_SEQUENCE,
};

bool backup_log_read_log(struct session *db, const struct qualified_name *history, bool from_everywhere,
                         struct arena *arena, struct noted *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	bool is_there;

	*out = (struct noted){0};
	if (!backup_log_has_log(db, history, false, arena, &is_there, err) ||
	    (is_there && !history_read(db, query_render(arena, SQL_backup_logged_backups, history),
	                               PARAMS(from_everywhere ? "t" : "f"), &rows, err)))
		return false;
	if (is_there && rows_count(rows) > 0)
		*out =
		    (struct noted){rows_copy(rows, 0, LOGGED_ID, arena), rows_copy(rows, 0, LOGGED_CHECKSUM, arena),
		                   rows_number(rows, 0, LOGGED_SEQUENCE)};
	return true;
}

/* --- asking ----------------------------------------------------------- */

/* The log knows more of a backup than the history. */
static struct noted find_newest(const struct history *history, struct noted newest)
{
	for (size_t i = 0; i < history->count; i++) {
		const char *id = history->records[i].backup;

		if (id && is_backup_id(str_of(id)) &&
		    (!newest.id || backup_id_began(id) > backup_id_began(newest.id)))
			newest = (struct noted){.id = id};
	}
	return newest;
}

/* Down to the newest migration that is complete: the backup from before a half-done one counts as well. */
static void read_ways_back(const struct history *history, struct arena *arena, struct backup_log *out)
{
	for (size_t i = history->count; i-- > 0;) {
		const struct record *record = &history->records[i];

		if (record->backup)
			*ARENA_PUSH(arena, out->ways_back, out->way_count) = record->backup;
		if (record->state == RECORD_APPLIED)
			return;
	}
}

static bool read_clock(struct session *db, struct backup_log *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(db, SQL_backup_clock, NO_PARAMS, &rows, err))
		return false;
	out->clock_ahead_s = rows_number(rows, 0, ONLY_COLUMN) - (int64_t)time(NULL);
	return true;
}

/* What cannot be read is said: the history alone knows less, and only that is then compared. */
static struct noted read_log(struct context *context, struct session *db, const struct qualified_name *table)
{
	struct noted noted;
	struct error why;

	if (!backup_log_read_log(db, table, false, context->arena, &noted, &why))
		event_warning(context->reporter, "which backups the log knows could not be read: %s", why.message);
	return noted;
}

static bool ask(struct context *context, struct backup_log *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;
	struct history history;
	struct server_info facts;
	struct session_options options = database_options(context, context->database);

	if (options.connect_timeout_ms == 0)
		options.connect_timeout_ms = PATIENCE_MS;
	if (!database_history_table(context, &table, err) || !session_open(&options, &db, err) ||
	    !history_load(db, &table, HISTORY_TO_SHOW, context->arena, &history, &facts, err) ||
	    !read_clock(db, out, err))
		return false;
	out->newest = find_newest(&history, read_log(context, db, &table));
	read_ways_back(&history, context->arena, out);
	return true;
}

void backup_log_ask(struct context *context, struct backup_log *out)
{
	struct error why;

	*out = (struct backup_log){0};
	if (!context->database)
		return;
	out->was_asked = ask(context, out, &why);
	if (!out->was_asked)
		event_debug(context->reporter, "the database is not asked about its backups: %s", why.message);
}

bool backup_log_needs(const struct backup_log *backup_log, const char *id)
{
	for (size_t i = 0; i < backup_log->way_count; i++)
		if (strcmp(backup_log->ways_back[i], id) == 0)
			return true;
	return false;
}

/* --- comparing -------------------------------------------------------- */

static const struct backup_entry *find_readable(const struct backup_list *backup_list, const char *id)
{
	for (size_t i = 0; i < backup_list->count; i++)
		if (backup_list->entries[i].trust != TRUST_UNREADABLE && strcmp(backup_list->entries[i].id, id) == 0)
			return &backup_list->entries[i];
	return NULL;
}

/* Of one second only the numbers tell. */
static bool is_newer(const struct noted *noted, const struct backup_entry *entry)
{
	return backup_id_began(noted->id) > backup_id_began(entry->id) ||
	       noted->sequence > entry->manifest.sequence;
}

/*
 * A store that shows something newer than the database knows is no contradiction: the row in the log is
 * written last and may be missing.
 */
const char *backup_log_contradicts(const struct backup_log *backup_log, const struct backup_list *backup_list,
                                   struct arena *arena)
{
	const struct noted *noted = &backup_log->newest;
	const struct backup_entry *newest = backup_list_newest_reliable(backup_list);
	const struct backup_entry *found = noted->id ? find_readable(backup_list, noted->id) : NULL;

	if (!noted->id || (!found && newest && !is_newer(noted, newest)))
		return NULL;
	if (!found && !newest)
		return arena_printf(arena, "the store shows no backup to rely on, but the database knows of %s",
		                    noted->id);
	if (!found)
		return arena_printf(arena, "the newest backup in the store is %s, but the database knows of %s",
		                    newest->id, noted->id);
	if (noted->sha256 && strcmp(noted->sha256, found->sha256) != 0)
		return arena_printf(arena, "the manifest of %s is not the one recorded in the database's log",
		                    noted->id);
	return NULL;
}

bool backup_log_refuse(const char *contradiction, struct error *err)
{
	error_set(err, ERROR_STORAGE, "%s", contradiction);
	error_detail(err, "It was removed, hidden or replaced, or it is in another store.");
	return error_hint(err, "To use another backup, name it by its id.");
}

void backup_log_miss(const struct backup_log *backup_log, const struct backup_list *backup_list,
                     struct reporter *reporter)
{
	for (size_t i = 0; i < backup_log->way_count; i++)
		if (!find_readable(backup_list, backup_log->ways_back[i]))
			event_warning(reporter, "the backup from before the newest migration, %s, is not in the store",
			              backup_log->ways_back[i]);
}
