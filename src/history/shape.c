/*
 * The name "schema_version" is a common one. Whether a table of that name is
 * ours, one that people wrote by hand, or another tool's is told by its columns
 * alone: what is written to somebody else's table cannot be taken back.
 */
#include "history/shape.h"

#include <string.h>

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
			           "Take it over with \"rung import %s\", or keep the history elsewhere with "
			           "--history-table SCHEMA.TABLE.",
			           foreign_shapes[i].import_as);
		}
	if (str_is(columns, "version integer"))
		error_hint(err, "It looks like tern's. Take it over with \"rung import tern\", or keep the history "
		                "elsewhere with --history-table SCHEMA.TABLE.");
	return false;
}

/* "version integer,description text,applied_at timestamp with time zone", and what else people write for
 * these. */
static const char *const hand_written[][4] = {
    {"version integer", "version bigint", "version smallint"},
    {"description text", "description character varying"},
    {"applied_at timestamp with time zone", "applied_at timestamp without time zone"},
};

static bool is_one_of(struct str column, const char *const *choices)
{
	for (; *choices; choices++)
		if (str_is(column, *choices))
			return true;
	return false;
}

static bool is_hand_written(struct str columns)
{
	const size_t count = sizeof(hand_written) / sizeof(*hand_written);
	struct str column;
	size_t i = 0;

	for (; str_split_next(&columns, ',', &column); i++)
		if (i == count || !is_one_of(column, hand_written[i]))
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

bool shape_judge(const struct qualified_name *table, const char *columns, const char *relkind,
                 struct history *history, struct error *err)
{
	if (!columns)
		return true;
	if (!relkind || (relkind[0] != 'r' && relkind[0] != 'p')) {
		error_set(err, ERROR_CONFIG, "\"%s.%s\" is not a table", table->schema, table->name);
		return error_hint(err, "Keep the history elsewhere with --history-table SCHEMA.TABLE.");
	}
	history->exists = true;
	if (is_ours(str_of(columns)))
		return true;
	history->is_adopted = true;
	return is_hand_written(str_of(columns)) || foreign_table(table, str_of(columns), err);
}
