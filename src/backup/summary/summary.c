/*
 * Rows are counted, not estimated: they are the proof that a restore is whole, and an exact count in the
 * snapshot of the dump has to be equal. Up to 50 tables go into one statement; one each would cost a
 * round trip for every table, all in one would be a statement without end.
 *
 * The search path is empty for everything, so that names are printed with their schemas, except while the
 * tables are found: there it decides what a pattern without a schema means, for pg_dump and for us.
 */
#include "backup/summary/summary.h"

#include <string.h>

#include "backup/summary/pattern.h"
#include "base/buffer.h"
#include "base/number_text.h"

/* How many tables one statement counts: few round trips, no endless statement. */
enum { TABLES_AT_ONCE = 50 };

/* Asks for rows and hands each to `take`. */
typedef void (*row_taker)(struct database_summary *summary, const struct rows *rows, size_t row,
                          struct arena *arena);

static bool gather_rows(struct session *db, const char *sql, struct params params, row_taker take,
                        struct arena *arena, struct database_summary *summary, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(db, sql, params, &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++)
		take(summary, rows, i, arena);
	return true;
}

/* The columns of summary_database.sql. */
enum {
	DATABASE_NAME,
	DATABASE_OWNER,
	DATABASE_ENCODING,
	DATABASE_COLLATE,
	DATABASE_CTYPE,
	DATABASE_PROVIDER,
	DATABASE_LOCALE,
	DATABASE_RULES,
	DATABASE_COMMENT,
	DATABASE_HAS_PRIVILEGES,
	DATABASE_LARGE_OBJECTS,
	DATABASE_CONNECTION_LIMIT,
	DATABASE_TABLESPACE,
	DATABASE_SIZE,
};

static void take_database(struct database_summary *summary, const struct rows *rows, size_t row,
                          struct arena *arena)
{
	summary->database = (struct database_basics){
	    .name = rows_copy(rows, row, DATABASE_NAME, arena),
	    .owner = rows_copy(rows, row, DATABASE_OWNER, arena),
	    .encoding = rows_copy(rows, row, DATABASE_ENCODING, arena),
	    .collate = rows_copy(rows, row, DATABASE_COLLATE, arena),
	    .ctype = rows_copy(rows, row, DATABASE_CTYPE, arena),
	    .provider = rows_copy(rows, row, DATABASE_PROVIDER, arena),
	    .locale = rows_copy(rows, row, DATABASE_LOCALE, arena),
	    .rules = rows_copy(rows, row, DATABASE_RULES, arena),
	    .comment = rows_copy(rows, row, DATABASE_COMMENT, arena),
	    .has_privileges = rows_flag(rows, row, DATABASE_HAS_PRIVILEGES),
	};
	summary->large_objects = rows_number(rows, row, DATABASE_LARGE_OBJECTS);
	summary->database.connection_limit = rows_number(rows, row, DATABASE_CONNECTION_LIMIT);
	summary->database.tablespace = rows_copy(rows, row, DATABASE_TABLESPACE, arena);
	summary->database.size = rows_number(rows, row, DATABASE_SIZE);
}

/* The columns of summary_tables.sql. */
enum {
	TABLE_SCHEMA,
	TABLE_NAME,
	TABLE_IS_EXCLUDED,
};

static void take_table(struct database_summary *summary, const struct rows *rows, size_t row,
                       struct arena *arena)
{
	*ARENA_PUSH(arena, summary->tables, summary->table_count) = (struct table_summary){
	    .schema = rows_copy(rows, row, TABLE_SCHEMA, arena),
	    .name = rows_copy(rows, row, TABLE_NAME, arena),
	    .rows = rows_flag(rows, row, TABLE_IS_EXCLUDED) ? -1 : 0,
	};
}

static void take_role(struct database_summary *summary, const struct rows *rows, size_t row,
                      struct arena *arena)
{
	*ARENA_PUSH(arena, summary->roles, summary->role_count) = rows_copy(rows, row, ONLY_COLUMN, arena);
}

/* The columns of summary_memberships.sql. */
enum {
	MEMBERSHIP_MEMBER,
	MEMBERSHIP_ROLE,
};

static void take_membership(struct database_summary *summary, const struct rows *rows, size_t row,
                            struct arena *arena)
{
	*ARENA_PUSH(arena, summary->memberships, summary->membership_count) = (struct membership_summary){
	    rows_copy(rows, row, MEMBERSHIP_MEMBER, arena), rows_copy(rows, row, MEMBERSHIP_ROLE, arena)};
}

static void take_tablespace(struct database_summary *summary, const struct rows *rows, size_t row,
                            struct arena *arena)
{
	*ARENA_PUSH(arena, summary->tablespaces, summary->tablespace_count) =
	    rows_copy(rows, row, ONLY_COLUMN, arena);
}

/* The columns of summary_catalog.sql. */
enum {
	KIND_NAME,
	KIND_COUNT,
	KIND_HASH,
};

static void take_kind(struct database_summary *summary, const struct rows *rows, size_t row,
                      struct arena *arena)
{
	*ARENA_PUSH(arena, summary->catalog.kinds, summary->catalog.kind_count) =
	    (struct kind_summary){rows_copy(rows, row, KIND_NAME, arena), rows_number(rows, row, KIND_COUNT),
	                          rows_copy(rows, row, KIND_HASH, arena)};
}

/* The columns of summary_extensions.sql. */
enum {
	EXTENSION_NAME,
	EXTENSION_VERSION,
};

static void take_extension(struct database_summary *summary, const struct rows *rows, size_t row,
                           struct arena *arena)
{
	*ARENA_PUSH(arena, summary->extensions, summary->extension_count) = (struct extension_summary){
	    rows_copy(rows, row, EXTENSION_NAME, arena), rows_copy(rows, row, EXTENSION_VERSION, arena)};
}

/* The columns of summary_settings.sql. */
enum {
	SETTING_ROLE,
	SETTING_NAME,
	SETTING_VALUE,
};

static void take_setting(struct database_summary *summary, const struct rows *rows, size_t row,
                         struct arena *arena)
{
	*ARENA_PUSH(arena, summary->settings, summary->setting_count) = (struct setting_summary){
	    rows_copy(rows, row, SETTING_ROLE, arena), rows_copy(rows, row, SETTING_NAME, arena),
	    rows_copy(rows, row, SETTING_VALUE, arena)};
}

/* The columns of summary_privileges.sql. */
enum {
	PRIVILEGE_GRANTEE,
	PRIVILEGE_NAME,
	PRIVILEGE_IS_GRANTABLE,
};

static void take_privilege(struct database_summary *summary, const struct rows *rows, size_t row,
                           struct arena *arena)
{
	*ARENA_PUSH(arena, summary->privileges, summary->privilege_count) = (struct privilege_summary){
	    rows_copy(rows, row, PRIVILEGE_GRANTEE, arena), rows_copy(rows, row, PRIVILEGE_NAME, arena),
	    rows_flag(rows, row, PRIVILEGE_IS_GRANTABLE)};
}

/* The columns of summary_history.sql. */
enum {
	HISTORY_COUNT,
	HISTORY_HEAD,
	HISTORY_HEAD_NAME,
	HISTORY_HASH,
	HISTORY_APPLIED,
	HISTORY_HALF_DONE,
};

static void take_history(struct database_summary *summary, const struct rows *rows, size_t row,
                         struct arena *arena)
{
	summary->history = (struct history_summary){
	    .exists = true,
	    .count = rows_number(rows, row, HISTORY_COUNT),
	    .head = rows_number(rows, row, HISTORY_HEAD),
	    .head_name = rows_copy(rows, row, HISTORY_HEAD_NAME, arena),
	    .hash = rows_copy(rows, row, HISTORY_HASH, arena),
	    .applied = rows_number(rows, row, HISTORY_APPLIED),
	    .half_done = rows_number(rows, row, HISTORY_HALF_DONE),
	};
}

static bool gather_history(struct session *db, const struct qualified_name *history, struct arena *arena,
                           struct database_summary *summary, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const char *name = qualified_name_quote(arena, history);

	if (!query_row(db, SQL_summary_history_exists, PARAMS(name), &rows, err))
		return false;
	return !rows_flag(rows, 0, ONLY_COLUMN) ||
	       gather_rows(db, query_render(arena, SQL_summary_history, history), NO_PARAMS, take_history, arena,
	                   summary, err);
}

/* --- counting --------------------------------------------------------- */

/* ONLY: the rows of children are counted with the children. */
static const char *counting_sql(const struct table_summary *tables, size_t from, size_t to,
                                struct arena *arena)
{
	struct buffer sql = {.arena = arena};

	for (size_t i = from; i < to; i++) {
		const struct qualified_name name = {tables[i].schema, tables[i].name};
		const struct query_word words[] = {{"number", arena_printf(arena, "%zu", i)},
		                                   {"table", qualified_name_quote(arena, &name)}};

		if (tables[i].rows >= 0)
			buffer_printf(&sql, "%s%s", sql.len ? "UNION ALL " : "",
			              query_fill(arena, SQL_summary_count_rows, words, sizeof(words) / sizeof(*words)));
	}
	return buffer_cstr(&sql);
}

/* The columns of count_rows.sql. */
enum {
	COUNTED_TABLE,
	COUNTED_ROWS,
};

static bool count_some(struct session *db, struct table_summary *tables, size_t from, size_t to,
                       struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	const char *sql = counting_sql(tables, from, to, &arena);

	if (!*sql)
		return true;
	if (!query(db, sql, NO_PARAMS, &rows, err))
		return error_context(err, "while counting rows");
	for (size_t i = 0; i < rows_count(rows); i++)
		tables[rows_number(rows, i, COUNTED_TABLE)].rows = rows_number(rows, i, COUNTED_ROWS);
	return true;
}

static bool count_rows(struct session *db, struct table_summary *tables, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i += TABLES_AT_ONCE)
		if (!count_some(db, tables, i, i + TABLES_AT_ONCE < count ? i + TABLES_AT_ONCE : count, err))
			return false;
	return true;
}

/* A database without the rows of its history would be taken for one that has none of its migrations. */
static bool check_history_kept(const struct database_summary *summary, const struct qualified_name *history,
                               struct error *err)
{
	for (size_t i = 0; i < summary->table_count; i++) {
		const struct table_summary *table = &summary->tables[i];

		if (table->rows >= 0 || strcmp(table->schema, history->schema) != 0 ||
		    strcmp(table->name, history->name) != 0)
			continue;
		error_set(err, ERROR_CONFIG,
		          "cannot leave out the rows of \"%s.%s\": they are the history of migrations",
		          history->schema, history->name);
		return error_hint(err, "Name the tables with --exclude-table-data more exactly.");
	}
	return true;
}

/* A pattern without a schema goes as far as the search path does, which is set aside otherwise. */
static bool gather_tables(struct session *db, const char *const *excluded, struct arena *arena,
                          struct database_summary *summary, struct error *err)
{
	const char **schemas = NULL;
	const char **tables = NULL;
	size_t schema_count = 0;
	size_t table_count = 0;

	for (; excluded && *excluded; excluded++) {
		const struct pattern pattern = pattern_parse(*excluded, arena);

		*ARENA_PUSH(arena, schemas, schema_count) = pattern.schema;
		*ARENA_PUSH(arena, tables, table_count) = pattern.table;
	}
	return execute_simple(db, "SET LOCAL search_path TO DEFAULT", NULL, NULL, err) &&
	       gather_rows(
	           db, SQL_summary_tables,
	           PARAMS(array_text(schemas, schema_count, arena), array_text(tables, table_count, arena)),
	           take_table, arena, summary, err) &&
	       execute_simple(db, "SET LOCAL search_path TO ''", NULL, NULL, err);
}

bool summary_gather(struct session *db, const struct summary_options *options, struct arena *arena,
                    struct database_summary *out, struct error *err)
{
	struct database_summary summary = {.catalog.server = session_server_version(db) / 10000};

	if (!gather_rows(db, SQL_summary_database, NO_PARAMS, take_database, arena, &summary, err) ||
	    !gather_tables(db, options->excluded, arena, &summary, err) ||
	    !check_history_kept(&summary, options->history, err) ||
	    !gather_rows(db, SQL_summary_roles, NO_PARAMS, take_role, arena, &summary, err) ||
	    !gather_rows(db, SQL_summary_memberships,
	                 PARAMS(array_text(summary.roles, summary.role_count, arena)), take_membership, arena,
	                 &summary, err) ||
	    !gather_rows(db, SQL_summary_tablespaces, NO_PARAMS, take_tablespace, arena, &summary, err) ||
	    !gather_rows(db, SQL_summary_catalog, NO_PARAMS, take_kind, arena, &summary, err) ||
	    !gather_rows(db, SQL_summary_extensions, NO_PARAMS, take_extension, arena, &summary, err) ||
	    !gather_rows(db, SQL_summary_settings, NO_PARAMS, take_setting, arena, &summary, err) ||
	    !gather_rows(db, SQL_summary_privileges, NO_PARAMS, take_privilege, arena, &summary, err) ||
	    !gather_history(db, options->history, arena, &summary, err) ||
	    !count_rows(db, summary.tables, summary.table_count, err))
		return error_context(err, "while collecting what a manifest records");
	*out = summary;
	return true;
}
