/*
 * The name "schema_version" is a common one. Whether a table of that name is
 * ours, one that people wrote by hand, or another tool's is told by its columns
 * alone: what is written to somebody else's table cannot be taken back.
 */
#include "history/shape.h"

#include <string.h>

#include "pg/history_table.h"

/*
 * Tables of other tools by columns that only they have. The first word of a
 * "name type" pair is enough.
 */
static const struct {
	const char *column;
	const char *tool;
	const char *import_as;
} foreign_shapes[] = {
    {"installed_rank", "Flyway", "flyway"},        {"version_rank", "Flyway", "flyway"},
    {"dirty", "golang-migrate", "golang-migrate"}, {"is_applied", "goose", "goose"},
    {"version_num", "Alembic", "alembic"},
};

static bool has_column(struct str columns, const char *name)
{
	struct str column;

	while (str_split_next(&columns, ',', &column))
		if (str_is(str_slice(column, 0, str_index(column, ' ')), name))
			return true;
	return false;
}

static bool foreign_table(const struct qualified_name *table, struct str columns, struct error *err)
{
	error_set(err, ERROR_CONFIG, "the table \"%s.%s\" belongs to something else", table->schema, table->name);
	error_detail(err, "Its columns are: %.*s.", STR_ARGS(columns));
	error_hint(err, "Keep the history elsewhere with --history-table SCHEMA.TABLE.");
	for (size_t i = 0; i < sizeof(foreign_shapes) / sizeof(*foreign_shapes); i++)
		if (has_column(columns, foreign_shapes[i].column)) {
			error_set(err, ERROR_CONFIG, "the table \"%s.%s\" is the history of %s", table->schema,
			          table->name, foreign_shapes[i].tool);
			error_hint(err,
			           "Import it with \"rung import %s\", or keep the history elsewhere with "
			           "--history-table SCHEMA.TABLE.",
			           foreign_shapes[i].import_as);
		}
	if (str_is(columns, "version int4"))
		error_hint(err, "It looks like tern's. Import it with \"rung import tern\", or keep the history "
		                "elsewhere with --history-table SCHEMA.TABLE.");
	return false;
}

/* "version int4,description text,applied_at timestamptz", and what else people write for these. */
static const char *const hand_written[][4] = {
    {"version int4", "version int8", "version int2"},
    {"description text", "description varchar"},
    {"applied_at timestamptz", "applied_at timestamp"},
};

static bool is_hand_written(struct str columns)
{
	const size_t count = sizeof(hand_written) / sizeof(*hand_written);
	struct str column;
	size_t i = 0;

	for (; str_split_next(&columns, ',', &column); i++)
		if (i == count || !str_is_among(column, hand_written[i]))
			return false;
	return i == count;
}

static bool is_ours(struct str columns)
{
	static const char *const needed[] = {"version",  "description", "applied_at",     "name",
	                                     "checksum", "state",       "statements_done"};

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!has_column(columns, needed[i]))
			return false;
	return true;
}

/* --- ours ------------------------------------------------------------------ */

/*
 * The columns that rung writes and reads. One of another type would keep
 * something else than was written, or run its owner's code where a value is
 * compared: a type of one's own may have casts of one's own.
 */
static const char *const columns_of[HISTORY_TABLE_COUNT] = {
    [HISTORY_TABLE] = "version int8,name text,checksum text,state text,statements_done int4,duration_ms "
                      "int8,applied_by text,"
                      "applied_from text,tool_version text,backup text,rollback_sql text,rollback_checksum "
                      "text,fingerprint "
                      "text,variables text",
    [HISTORY_LOG_TABLE] =
        "id int8,at timestamptz,action text,outcome text,version int8,name text,checksum text,duration_ms "
        "int8,"
        "sqlstate text,error text,run_id text,db_user text,os_user text,host text,tool_version text,"
        "rollback_checksum text,sql text,sql_back text,previous_hash text,hash text",
    [HISTORY_RUN_TABLE] =
        "number int8,id text,command text,target text,from_name text,to_name text,steps text,log_id int8,"
        "begun_at timestamptz,finished_at timestamptz,db_user text,os_user text,host text,tool_version text",
    [HISTORY_STEP_TABLE] =
        "version int8,statement int4,checksum text,state text,started_at timestamptz,finished_at timestamptz,"
        "pid int4,backend_start timestamptz",
    [HISTORY_BATCH_TABLE] =
        "version int8,statement int4,checksum text,lo _text,hi _text,pass int4,rows_in_pass int8,rows int8,"
        "turns int8,size int8,started_at timestamptz,updated_at timestamptz",
    [HISTORY_CATALOG_TABLE] =
        "version int8,fingerprint text,format int4,server_major int4,kept_by text,log_id int8,recorded text,"
        "objects bytea,writes int8,kept_at timestamptz",
};

static struct str column_name(struct str column)
{
	return str_slice(column, 0, str_index(column, ' '));
}

/* "checksum text" of the table's columns, by its name; empty where rung knows no such column. */
static struct str find_column(const char *columns, struct str name)
{
	struct str rest = str_of(columns), column;

	while (str_split_next(&rest, ',', &column))
		if (str_equal(column_name(column), name))
			return column;
	return (struct str){0};
}

/* Columns of people's own may be beside ours, of types that are the server's. */
static bool has_right_type(const char *columns, struct str column)
{
	const struct str expected = find_column(columns, column_name(column));

	for (size_t i = 0; i < sizeof(hand_written) / sizeof(*hand_written); i++)
		if (str_is_among(column, hand_written[i]))
			return true;
	return expected.len ? str_equal(expected, column) : str_index(column, '.') == column.len;
}

static bool refuse_table(const struct qualified_name *table, const char *suffix, const char *what,
                         struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct qualified_name name = {table->schema, arena_printf(&arena, "%s%s", table->name, suffix)};

	error_set(err, ERROR_CONFIG, "\"%s.%s\" is not the table that rung makes: %s", name.schema, name.name,
	          what);
	error_detail(err, "Nothing is read from it or written to it.");
	return error_hint(err,
	                  "Rename it, or keep the history elsewhere with --history-table SCHEMA.TABLE:\nALTER "
	                  "TABLE %s RENAME TO %s;\n",
	                  qualified_name_quote(&arena, &name),
	                  quote_name(&arena, name_with_tail(&arena, name.name, "_aside")));
}

static bool check_columns(const struct qualified_name *table, size_t which, struct str columns,
                          struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct str column;

	while (str_split_next(&columns, ',', &column))
		if (!has_right_type(columns_of[which], column))
			return refuse_table(
			    table, history_table_tails[which],
			    arena_printf(&arena, "its column and type \"%.*s\" are not", STR_ARGS(column)), err);
	return true;
}

static bool is_table(char relkind)
{
	return relkind == 'r'; /* a partitioned one is as many tables as others attach to it */
}

static bool judge_first(const struct qualified_name *table, struct str columns, char relkind,
                        struct history *history, struct error *err)
{
	if (!is_table(relkind))
		return refuse_table(table, "", "it is not a plain table", err);
	history->exists = true;
	if (is_ours(columns))
		return check_columns(table, 0, columns, err);
	history->is_adopted = true;
	return is_hand_written(columns) || foreign_table(table, columns, err);
}

bool shape_judge(const struct qualified_name *table, const char *columns, const char *relkinds,
                 struct history *history, struct error *err)
{
	struct str rest = str_of(columns), of_table[HISTORY_TABLE_COUNT] = {{0}};

	for (size_t i = 0; i < HISTORY_TABLE_COUNT && str_split_next(&rest, '|', &of_table[i]); i++)
		;
	if (relkinds[0] != '-' && !judge_first(table, of_table[0], relkinds[0], history, err))
		return false;
	for (size_t i = 1; i < HISTORY_TABLE_COUNT; i++)
		if (relkinds[i] != '-' && !is_table(relkinds[i]))
			return refuse_table(table, history_table_tails[i], "it is not a plain table", err);
		else if (!check_columns(table, i, of_table[i], err))
			return false;
	history->is_outdated =
	    history->exists && !history->is_adopted &&
	    (strchr(relkinds, '-') || !has_column(of_table[0], "variables") ||
	     !has_column(of_table[1], "rollback_checksum") || !has_column(of_table[1], "sql_back"));
	return true;
}
