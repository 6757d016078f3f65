/*
 * What is run here comes out of a table, and who can write to that table would choose what a superuser
 * runs. Three things have to agree before: the text and its checksum, that checksum and the one in the
 * log, and the log's rows among themselves, each of which carries the hash of the one before. Who can
 * rewrite all of the log can still pass that; "rung check" names the roles that can write to it.
 *
 * Errors say "not run" first: the reader wants to know that before he wants to know why.
 */
#include "history/rollback_sql.h"

#include <inttypes.h>
#include <string.h>

#include "history/accepted_log.h"
#include "migration/checksum.h"

/* Columns of rollback_sql.sql. */
enum { KEPT_SQL, KEPT_CHECKSUM, KEPT_LOGGED, KEPT_LOGGED_IN };

/* The first column of log_verify.sql, whose rows come lowest first. */
enum { BROKEN_ID };

static bool is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static bool refuse(int64_t version, const char *why, struct error *err)
{
	error_set(err, ERROR_FOUND,
	          "the rollback of migration %" PRId64 " that the database keeps is not run: %s", version, why);
	return error_hint(err, "Somebody wrote to the tables of the history. Restore the rollback file, and see "
	                       "\"rung log --verify\" and \"rung check\".");
}

/*
 * A log that was accepted after somebody wrote to it is trusted from there on: what it says of a rollback
 * before that is no better than the row of the history that the same hand could write.
 */
static bool check_log(struct session *db, const struct qualified_name *table, int64_t version, int64_t row,
                      struct arena *arena, struct error *err)
{
	scoped_rows struct rows *broken = NULL;
	struct accepted_log accepted = {0};

	if (!history_read(db, query_render(arena, SQL_history_log_verify, table), PARAMS(NULL), &broken, err) ||
	    (rows_count(broken) && !accepted_log_load(db, table, arena, &accepted, err)))
		return false;
	const size_t count = rows_count(broken);
	return count == 0 ||
	       (rows_number(broken, count - 1, BROKEN_ID) < accepted.until && row > accepted.until) ||
	       refuse(version, "the log was changed", err);
}

static bool check(const struct rows *rows, int64_t version, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *sql = rows_text(rows, 0, KEPT_SQL);
	const char *checksum = checksum_of_text(&arena, str_of(sql));

	if (!is_same(checksum, rows_text(rows, 0, KEPT_CHECKSUM)))
		return refuse(version, "its text does not match its checksum", err);
	if (!is_same(checksum, rows_text(rows, 0, KEPT_LOGGED)))
		return refuse(version, "its checksum does not match the log", err);
	return true;
}

bool rollback_sql_load(struct session *db, const struct qualified_name *table, int64_t version,
                       struct arena *arena, const char **out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *number = arena_printf(arena, "%" PRId64, version);

	if (!history_read(db, query_render(arena, SQL_history_rollback_sql, table), PARAMS(number), &rows, err))
		return false;
	if (rows_count(rows) == 0 || !rows_text(rows, 0, KEPT_SQL)) {
		*out = NULL;
		return true;
	}
	if (!check(rows, version, err) ||
	    !check_log(db, table, version, rows_number(rows, 0, KEPT_LOGGED_IN), arena, err))
		return false;
	*out = rows_copy(rows, 0, KEPT_SQL, arena);
	return true;
}
