/*
 * The other tool's history is read twice, without the lock for the plan and under it for the record,
 * since that tool may have run meanwhile. It is read only from an ordinary table of the server's own types: a
 * view, or a type with casts of its own, would run its owner's functions with our rights, and what the
 * table says is recorded as done.
 *
 * Both tools may use the same table's name. A table of theirs is never adopted as ours.
 */
#include "command/import/import_applied.h"

#include <string.h>

#include "command/database/database.h"
#include "history/history_store.h"

/* The columns of import_table.sql. */
enum {
	TABLE_SCHEMA,
	TABLE_NAME,
	TABLE_OBJECTION,
};

/* What it says is recorded as done, so it is not taken from what may say anything. */
static bool check_table(const struct import *import, const struct rows *rows, struct error *err)
{
	const char *objection = rows_text(rows, 0, TABLE_OBJECTION);

	return !objection || error_set(err, ERROR_CONFIG, "cannot read \"%s.%s\" as the history of %s: it %s",
	                               rows_text(rows, 0, TABLE_SCHEMA), rows_text(rows, 0, TABLE_NAME),
	                               import->tool->title, objection);
}

static bool find_table(struct import *import, struct session *db, const char *name,
                       struct qualified_name *out, bool *found, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, SQL_import_table, PARAMS(name), &rows, err))
		return false;
	*found = rows_count(rows) > 0;
	if (!*found)
		return true;
	*out = (struct qualified_name){rows_copy(rows, 0, TABLE_SCHEMA, import->arena),
	                               rows_copy(rows, 0, TABLE_NAME, import->arena)};
	return check_table(import, rows, err);
}

static bool is_same_table(const struct qualified_name *a, const struct qualified_name *b)
{
	return strcmp(a->schema, b->schema) == 0 && strcmp(a->name, b->name) == 0;
}

/* Two tools cannot keep their history in one table: it is ours, or ours must go elsewhere. */
static bool settle_table(struct import *import, struct session *db, const struct qualified_name *theirs,
                         bool *found, struct error *err)
{
	struct qualified_name ours;
	struct server_info facts;
	struct history history;

	if (!database_history_table(import->context, &ours, err))
		return false;
	if (!is_same_table(&ours, theirs))
		return true;
	*found = false;
	if (history_load(db, &ours, HISTORY_TO_SHOW, import->arena, &history, &facts, err))
		return true;
	error_set(err, ERROR_CONFIG, "\"%s.%s\" is the history of %s and stays so", ours.schema, ours.name,
	          import->tool->title);
	return error_hint(err,
	                  "Keep the history of rung elsewhere: \"rung config --set database.history_table "
	                  "%s.rung_version\" (or --history-table), then run this again.",
	                  shell_word(import->arena, ours.schema));
}

static bool choose_table(struct import *import, struct session *db, struct qualified_name *out, bool *found,
                         struct error *err)
{
	const char *named = import->books;
	const char *const only[] = {named, NULL};
	const char *const *names = named ? only : import->tool->tables;

	*found = false;
	for (size_t i = 0; i < 3 && names[i] && !*found; i++)
		if (!find_table(import, db, names[i], out, found, err) ||
		    (*found && !settle_table(import, db, out, found, err)))
			return false;
	return *found || !named || error_set(err, ERROR_USAGE, "there is no table \"%s\"", named);
}

/* The columns of the queries of the tools (import_*.sql). */
enum {
	ROW_VERSION,
	ROW_NAME,
	ROW_APPLIED_AT,
	ROW_CHECKSUM,
	ROW_KIND,
	ROW_COMPLAINT,
};

static struct import_row row_of(const struct rows *rows, size_t i, struct arena *arena)
{
	return (struct import_row){
	    .version = rows_copy(rows, i, ROW_VERSION, arena),
	    .name = rows_copy(rows, i, ROW_NAME, arena),
	    .applied_at = rows_copy(rows, i, ROW_APPLIED_AT, arena),
	    .checksum = rows_copy(rows, i, ROW_CHECKSUM, arena),
	    .kind = rows_copy(rows, i, ROW_KIND, arena),
	    .complaint = rows_copy(rows, i, ROW_COMPLAINT, arena),
	};
}

/*
 * Through history_read(), as a policy on their table would hide rows from us, too, and what is not seen
 * would be applied a second time.
 */
static bool read_rows(struct import *import, struct session *db, const struct qualified_name *table,
                      struct import_rows *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *sql = query_render(import->arena, import->tool->query, table);

	if (!history_read(db, sql, import->scope ? PARAMS(import->scope) : NO_PARAMS, &rows, err))
		return error_context(err, "while reading \"%s.%s\", the history of %s", table->schema, table->name,
		                     import->tool->title);
	out->count = rows_count(rows);
	out->items = arena_array(import->arena, struct import_row, out->count);
	for (size_t i = 0; i < out->count; i++)
		out->items[i] = row_of(rows, i, import->arena);
	return true;
}

/* Marks what is applied. Called again under the lock: in between, the other tool may have run. */
bool import_take_history(struct import *import, struct session *db, struct error *err)
{
	struct import_rows rows = {0};
	struct qualified_name table;
	bool found;

	if (!choose_table(import, db, &table, &found, err))
		return false;
	import->was_asked = true;
	import->has_history = found;
	if (!found) {
		event_note(import->context->reporter, "the database has no history of %s: nothing to import",
		           import->tool->title);
		return true;
	}
	if (!read_rows(import, db, &table, &rows, err))
		return false;
	for (size_t i = 0; i < rows.count; i++)
		if (rows.items[i].complaint)
			import_problem(import, rows.items[i].version ? rows.items[i].version : rows.items[i].name, 0,
			               "%s", rows.items[i].complaint);
	import->tool->take(import, &rows);
	return true;
}

/*
 * No database is no error: files are often imported on a machine that reaches none, and the history by a
 * pipeline that does.
 */
bool import_look_at_history(struct import *import, struct error *err)
{
	scoped_session struct session *db = NULL;

	if (option_is_given(import->context, "--files-only"))
		return true;
	if (!import->context->database) {
		event_warning(import->context->reporter,
		              "no database is configured: files only; run it again with one to import its history");
		return true;
	}
	return database_open(import->context, &db, err) && import_take_history(import, db, err);
}
