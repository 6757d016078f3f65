/*
 * The log is read as it is, oldest first as it was written, and may tell of migrations that no file and
 * no record has any more. So a migration is looked up by the names in the log itself, the newest name of
 * each number.
 *
 * --limit counts the newest rows. With a migration it counts that migration's rows, which the server
 * cannot select by a part of a name; then all rows are read and the limit is applied here.
 *
 * A database without a log is not an error, unless its history tells of migrations that rung applied: then
 * somebody dropped it. The question waits 2 s for a lock at most, as all verbs do that only look.
 */
#include <string.h>

#include "base/number_text.h"
#include "command/commands.h"
#include "command/database/database.h"
#include "command/database/log_chain.h"
#include "plan/lookup.h"
#include "report/property.h"

/* In the order of log_read.sql. */
static const struct column columns[] = {
    {"id", "No", COLUMN_NUMBER},
    {"at", "At", COLUMN_TEXT},
    {"action", "Action", COLUMN_TEXT},
    {"outcome", "Outcome", COLUMN_STATE},
    {"version", NULL, COLUMN_NUMBER},
    {"name", "Migration", COLUMN_TEXT},
    {"duration_ms", "Took", COLUMN_DURATION},
    {"sqlstate", "SQLSTATE", COLUMN_TEXT},
    {"error", "Error", COLUMN_TEXT},
    {"run_id", NULL, COLUMN_TEXT},
    {"db_user", "User", COLUMN_TEXT},
    {"os_user", NULL, COLUMN_TEXT},
    {"host", "From", COLUMN_TEXT},
    {"tool_version", NULL, COLUMN_TEXT},
    {"sql", NULL, COLUMN_TEXT},
    {"sql_back", NULL, COLUMN_TEXT},
    {0},
};

enum { AT = 1, VERSION = 4, NAME = 5, COLUMN_COUNT = sizeof(columns) / sizeof(*columns) - 1 };

/* `*out`: the newest rows to show; INT32_MAX for all. */
static bool read_limit(const struct context *context, unsigned long long *out, struct error *err)
{
	const char *text = option_value(context, "--limit");

	*out = INT32_MAX;
	return !text || str_to_number(str_of(text), INT32_MAX, out) ||
	       error_set(err, ERROR_USAGE, "--limit requires a number, not \"%s\"", text);
}

static bool open_log(struct context *context, struct session **db, struct qualified_name *table,
                     struct error *err)
{
	return database_history_table(context, table, err) && database_open(context, db, err) &&
	       session_begin(*db, "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'", err);
}

/* A database that nothing was ever applied to has no log yet, which is no failure. */
static bool excuse_none(struct context *context, const struct qualified_name *table, struct error *err)
{
	if (strcmp(err->sqlstate, "42P01") != 0) /* no such table */
		return error_context(err, "while reading the log of \"%s.%s\"", table->schema, table->name);
	event_note(context->reporter, "the log is empty");
	return true;
}

/*
 * Nothing to show either way; but that there is no log where there was one is not to read as an empty one,
 * nor is a database that could not be asked for it.
 */
static bool excuse_or_warn(struct context *context, struct session *db, const struct qualified_name *table,
                           struct error *err)
{
	struct log_chain chain;

	if (strcmp(err->sqlstate, "42P01") != 0)
		return excuse_none(context, table, err);
	session_rollback(db);
	if (!session_begin(db, "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'", err) ||
	    !log_chain_load(db, table, "1", context->arena, &chain, err))
		return excuse_none(context, table, err);
	if (chain.gone)
		event_warning(context->reporter, "the log, \"%s\", is gone; \"rung log --verify\" says what it lacks",
		              chain.gone);
	else
		event_note(context->reporter, "the log is empty");
	return true;
}

static bool read_log(struct context *context, const char *limit, struct rows **out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;

	return open_log(context, &db, &table, err) &&
	       (history_read(db, query_render(context->arena, SQL_history_log_read, &table), PARAMS(limit), out,
	                     err) ||
	        excuse_or_warn(context, db, &table, err));
}

static bool read_chain(struct context *context, struct log_chain *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;

	return open_log(context, &db, &table, err) &&
	       (log_chain_load(db, &table, NULL, context->arena, out, err) || excuse_none(context, &table, err));
}

/* --- one migration's rows --------------------------------------------- */

/* The log's own names, the newest of each number: what it tells of may be in no file and no record. */
static struct called *names_in(const struct rows *rows, struct arena *arena, size_t *count)
{
	struct called *called = arena_array(arena, struct called, rows_count(rows));

	*count = 0;
	for (size_t i = rows_count(rows); i-- > 0;) {
		const char *name = rows_text(rows, i, NAME);
		const int64_t number = rows_number(rows, i, VERSION);
		size_t at = 0;

		while (at < *count && called[at].number != number)
			at++;
		if (name && rows_text(rows, i, VERSION) && at == *count)
			called[(*count)++] = (struct called){.number = number, .name = name};
	}
	return called;
}

/* `*out`: the number of the migration that was asked for; 0 for all of them. */
static bool find_number(struct context *context, const struct rows *rows, int64_t *out, struct error *err)
{
	const char *text = context->operands[0];
	size_t count;
	size_t found;

	*out = 0;
	if (!text)
		return true;
	const struct called *called = names_in(rows, context->arena, &count);
	if (!lookup_name(text, called, count, context->arena, &found, err))
		return error_context(err, "while looking for a migration in the log");
	*out = called[found].number;
	return true;
}

static bool is_asked_for(const struct rows *rows, size_t i, int64_t number)
{
	return number == 0 || (rows_text(rows, i, VERSION) && rows_number(rows, i, VERSION) == number);
}

/* Index of the first row to show: there are `limit` from it on. */
static size_t first_row(const struct rows *rows, int64_t number, unsigned long long limit)
{
	size_t i = rows_count(rows);

	while (i > 0 && limit > 0)
		limit -= is_asked_for(rows, --i, number);
	return i;
}

/* --- printing --------------------------------------------------------- */

static void add_row(struct table *table, const struct rows *rows, size_t i, struct context *context)
{
	const char *cells[COLUMN_COUNT];

	for (int j = 0; j < COLUMN_COUNT; j++)
		cells[j] = rows_text(rows, i, j);
	cells[AT] = moment_text(cells[AT], context->arena, context->reporter);
	table_row(table, cells);
}

static bool print_log(struct context *context, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct table table = {.type = "log", .columns = columns, .arena = context->arena};
	const bool is_whole = context->operands[0] != NULL;
	unsigned long long limit = 0;
	int64_t number = 0;

	if (!read_limit(context, &limit, err) ||
	    !read_log(context, is_whole ? NULL : option_value(context, "--limit"), &rows, err) ||
	    (rows && !find_number(context, rows, &number, err)))
		return false;
	for (size_t i = rows ? first_row(rows, number, limit) : 0; rows && i < rows_count(rows); i++)
		if (is_asked_for(rows, i, number))
			add_row(&table, rows, i, context);
	table_print(&table, context->reporter);
	return true;
}

static bool tell_broken(const struct log_chain *chain, struct error *err)
{
	if (chain->gone)
		error_set(err, ERROR_VERDICT, "the log was tampered with: its table is gone");
	else if (chain->count)
		error_set(err, ERROR_VERDICT, "the log was tampered with: %zu row%s", chain->count,
		          plural(chain->count));
	else
		error_set(err, ERROR_VERDICT, "the log was tampered with: it lacks %zu applied migration%s",
		          chain->missing_count, plural(chain->missing_count));
	return error_hint(err,
	                  "Somebody wrote to the log by hand, or deleted from it. Once you know who and why, "
	                  "\"rung repair --log\" accepts it as it is, and records that.");
}

static bool verify(struct context *context, struct error *err)
{
	struct log_chain chain = {0};

	if (!read_chain(context, &chain, err))
		return false;
	log_chain_emit(&chain, context);
	if (log_chain_findings(&chain))
		return tell_broken(&chain, err);
	event_done(context->reporter,
	           chain.accepted_until ? arena_printf(context->arena,
	                                               "the log is intact from row %lld on, by which it was "
	                                               "accepted as it was",
	                                               (long long)chain.accepted_until)
	                                : "the log is intact",
	           -1, -1);
	return true;
}

static bool cmd_log(struct context *context, struct error *err)
{
	if (!option_is_given(context, "--verify"))
		return print_log(context, err);
	if (context->operands[0])
		return error_set(err, ERROR_USAGE, "--verify looks at the whole log, not at \"%s\" alone",
		                 context->operands[0]);
	return verify(context, err);
}

static const struct option_row options[] = {
    {"--limit", 0, "N", "only the newest N rows"},
    {"--verify", 0, NULL, "verify that no row was changed or removed"},
    {0},
};

const struct command command_log = {
    .name = "log",
    .operands = "[MIGRATION]",
    .help = &HELP_log,
    .group = GROUP_LOOK,
    .needs = NEEDS_DATABASE,
    .most_operands = 1,
    .options = options,
    .run = cmd_log,
};
