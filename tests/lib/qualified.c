/*
 * qualified.c - does every query of ours say where each of its names lies?
 *
 *	qualified queries FILE.sql...   the queries, filled in as the program does it
 *	qualified strings FILE.c...     SQL in literals: none with expressions, none without schemas
 *	qualified records               statements as a server logged them, each ended by NUL, from stdin
 *	qualified names FILE.sql...     "function lag 3", "operator = 2", "type text 0", "relation schema.name 0"
 *
 * A name without a schema is looked for along search_path, which belongs to
 * the owner of the database or the role: a function of theirs that fits as
 * well, or better, runs with our rights. The parse tree shows every name
 * before anybody has looked for it, and which constructs look for an operator
 * by a bare name of their own (IN, LIKE, NULLIF...). It cannot show types:
 * the few functions and operators of pg_catalog whose own body does it again
 * are refused by name.
 *
 * Prints a line a finding and exits 1 where there was one.
 */
#include <ctype.h>
#include <pg_query.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/file.h"
#include "base/unconst.h"
#include "c_literal.h"
#include "pg/query.h"

enum { MOST_BYTES = 16 * 1024 * 1024, MOST_NAMES = 64 };

struct check {
	const char *file;
	size_t line;                    /* of the file, where the text begins */
	const char *text;               /* what is parsed */
	size_t location;                /* of the node we are at or above */
	const char *tables[MOST_NAMES]; /* WITH, as far as they are seen from here */
	size_t table_count;
	bool is_record; /* other schemas than pg_catalog may be named */
	bool prints_names;
	size_t statements; /* that hold expressions */
	size_t findings;
};

/* --- findings ------------------------------------------------------------- */

static size_t lines_before(const char *text, size_t location)
{
	size_t lines = 0;

	for (size_t i = 0; i < location && text[i]; i++)
		lines += text[i] == '\n';
	return lines;
}

__attribute__((format(printf, 2, 3))) static void find(struct check *check, const char *format, ...)
{
	va_list args;

	printf("%s:%zu: ", check->file, check->line + lines_before(check->text, check->location));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	check->findings++;
}

/* --- what may not be used -------------------------------------------------- */

/* Constructs that look for their operator by a bare name. */
static const struct {
	const char *kind;
	const char *name;
	const char *instead;
} constructs[] = {
    {"AEXPR_IN", "IN", "operator(pg_catalog.=) any ('{...}')"},
    {"AEXPR_LIKE", "LIKE", "operator(pg_catalog.~~)"},
    {"AEXPR_ILIKE", "ILIKE", "operator(pg_catalog.~~*)"},
    {"AEXPR_SIMILAR", "SIMILAR TO", "operator(pg_catalog.~)"},
    {"AEXPR_BETWEEN", "BETWEEN", "two comparisons"},
    {"AEXPR_NOT_BETWEEN", "NOT BETWEEN", "two comparisons"},
    {"AEXPR_BETWEEN_SYM", "BETWEEN SYMMETRIC", "comparisons"},
    {"AEXPR_NOT_BETWEEN_SYM", "NOT BETWEEN SYMMETRIC", "comparisons"},
    {"AEXPR_DISTINCT", "IS DISTINCT FROM", "comparisons and IS NULL"},
    {"AEXPR_NOT_DISTINCT", "IS NOT DISTINCT FROM", "comparisons and IS NULL"},
    {"AEXPR_NULLIF", "NULLIF", "CASE WHEN with a comparison"},
};

/*
 * Functions of pg_catalog that look for names along search_path in their own
 * body, on some version from 12 on: those in SQL, and those that ask the
 * server's tables by SQL. The latter are good where search_path is empty.
 */
static const struct {
	const char *name;
	const char *good_in; /* queries that are sent only where search_path is empty */
} functions[] = {
    {"bit_length", NULL},
    {"col_description", NULL},
    {"obj_description", NULL},
    {"shobj_description", NULL},
    {"overlaps", NULL},
    {"ts_debug", NULL},
    {"ts_stat", NULL},
    {"ts_rewrite", NULL},
    {"query_to_xml", NULL},
    {"table_to_xml", NULL},
    {"timestamptz", NULL},
    {"pg_get_viewdef", "summary_catalog.sql relation.sql"},
    {"pg_get_ruledef", "summary_catalog.sql rule.sql"},
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void check_function(struct check *check, const char *name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		if (strcmp(functions[i].name, name) != 0)
			continue;
		if (functions[i].good_in &&
		    (check->is_record || strstr(functions[i].good_in, base_name(check->file))))
			continue;
		find(check, "function %s: its body looks for names along search_path", name);
	}
}

/* Of anything but two texts it is a function in SQL, which says || again; see textanycat. */
static void check_operator(struct check *check, const char *name)
{
	if (strcmp(name, "||") == 0)
		find(check, "operator ||: its body looks for names along search_path; use concat or concat_ws");
}

/* --- names ------------------------------------------------------------------ */

static const char *text_of(const json_t *node)
{
	const json_t *text = json_object_get(node, "String");

	return json_string_value(json_object_get(text, "sval"));
}

/* A list of names that says where its last one lies. */
static void check_name(struct check *check, const json_t *list, const char *what,
                       void (*more)(struct check *check, const char *name))
{
	const size_t count = json_array_size(list);
	const char *name = count ? text_of(json_array_get(list, count - 1)) : NULL;

	if (!name)
		return;
	if (count == 1)
		find(check, "%s %s has no schema", what, name);
	else if (!check->is_record && strcmp(text_of(json_array_get(list, 0)), "pg_catalog") != 0)
		find(check, "%s %s is not pg_catalog's", what, name);
	if (more)
		more(check, name);
}

static bool is_in_sight(const struct check *check, const char *table)
{
	for (size_t i = 0; i < check->table_count; i++)
		if (strcmp(check->tables[i], table) == 0)
			return true;
	return false;
}

static void check_relation(struct check *check, const json_t *node)
{
	const char *schema = json_string_value(json_object_get(node, "schemaname"));
	const char *name = json_string_value(json_object_get(node, "relname"));

	if (schema && check->prints_names)
		printf("relation %s.%s 0\n", schema, name);
	else if (!schema && !is_in_sight(check, name))
		find(check, "relation %s has no schema", name);
}

static void check_expression(struct check *check, const json_t *node, const char *kind)
{
	const json_t *name = json_object_get(node, "name");

	for (size_t i = 0; i < sizeof(constructs) / sizeof(*constructs); i++)
		if (strcmp(constructs[i].kind, kind) == 0) {
			find(check, "%s looks for its operator along search_path; use %s", constructs[i].name,
			     constructs[i].instead);
			return;
		}
	check_name(check, name, "operator", check_operator);
	if (check->prints_names)
		printf("operator %s %d\n", text_of(json_array_get(name, json_array_size(name) - 1)),
		       json_object_get(node, "lexpr") ? 2 : 1);
}

static void check_call(struct check *check, const json_t *node)
{
	const json_t *name = json_object_get(node, "funcname");

	check_name(check, name, "function", check_function);
	if (check->prints_names)
		printf("function %s %zu\n", text_of(json_array_get(name, json_array_size(name) - 1)),
		       json_array_size(json_object_get(node, "args")));
}

static void check_type(struct check *check, const json_t *node)
{
	const json_t *name = json_object_get(node, "names");

	check_name(check, name, "type", NULL);
	if (check->prints_names && json_array_size(name))
		printf("type %s 0\n", text_of(json_array_get(name, json_array_size(name) - 1)));
}

/* 'pg_class'::regclass: the text is a name, too. */
static void check_cast(struct check *check, const json_t *node)
{
	const json_t *constant = json_object_get(json_object_get(node, "arg"), "A_Const");
	const char *text = json_string_value(json_object_get(json_object_get(constant, "sval"), "sval"));
	const json_t *names = json_object_get(json_object_get(node, "typeName"), "names");
	const size_t count = json_array_size(names);
	const char *type = count ? text_of(json_array_get(names, count - 1)) : NULL;

	if (text && type && strncmp(type, "reg", 3) == 0 && !strchr(text, '.'))
		find(check, "the text '%s' is read as a name without a schema", text);
}

/* DROP and COMMENT ON name what they are about in lists; databases and roles have no schema. */
static void check_object(struct check *check, const json_t *node, const char *kind)
{
	static const char *const kinds[] = {"OBJECT_TABLE", "OBJECT_INDEX",    "OBJECT_VIEW",
	                                    "OBJECT_TYPE",  "OBJECT_SEQUENCE", "OBJECT_MATVIEW"};
	const json_t *name = json_object_get(json_object_get(node, "List"), "items");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i], kind) == 0 && json_array_size(name) == 1)
			find(check, "relation %s has no schema", text_of(json_array_get(name, 0)));
}

static void check_objects(struct check *check, const json_t *node)
{
	const char *dropped = json_string_value(json_object_get(node, "removeType"));
	const char *about = json_string_value(json_object_get(node, "objtype"));
	const json_t *object;
	size_t i;

	if (dropped)
		json_array_foreach(json_object_get(node, "objects"), i, object) check_object(check, object, dropped);
	if (about && json_object_get(node, "object"))
		check_object(check, json_object_get(node, "object"), about);
}

/* --- the tree -------------------------------------------------------------- */

static void check_sublink(struct check *check, const json_t *node)
{
	const char *kind = json_string_value(json_object_get(node, "subLinkType"));

	if (kind && strcmp(kind, "ANY_SUBLINK") == 0 && !json_object_get(node, "operName"))
		find(check,
		     "IN looks for its operator along search_path; use operator(pg_catalog.=) any (select ...)");
	check_name(check, json_object_get(node, "operName"), "operator", check_operator);
}

static void check_field(struct check *check, const json_t *node)
{
	const json_t *step;
	size_t i;

	json_array_foreach(json_object_get(node, "indirection"), i,
	                   step) if (text_of(step) && json_object_get(node, "arg"))
	    find(check, "(...).%s may be a function of that name", text_of(step));
}

static void check_shape(struct check *check, const json_t *node)
{
	if (json_object_get(node, "usingClause") || json_is_true(json_object_get(node, "isNatural")))
		find(check, "JOIN USING looks for its operator along search_path; use ON");
	if (json_object_get(node, "args") && json_object_get(node, "arg"))
		find(check, "CASE of a value looks for its operator along search_path; use CASE WHEN");
	check_name(check, json_object_get(node, "useOp"), "operator", NULL);
	check_name(check, json_object_get(node, "collname"), "collation", NULL);
	check_name(check, json_object_get(node, "opclass"), "operator class", NULL);
	check_name(check, json_object_get(node, "objname"), "object", NULL);
}

static void check_node(struct check *check, const json_t *node)
{
	const char *kind = json_string_value(json_object_get(node, "kind"));
	const json_t *location = json_object_get(node, "location");

	if (location)
		check->location = (size_t)json_integer_value(location);
	if (json_object_get(node, "relname"))
		check_relation(check, node);
	if (kind && strncmp(kind, "AEXPR_", 6) == 0)
		check_expression(check, node, kind);
	if (json_object_get(node, "funcname"))
		check_call(check, node);
	if (json_object_get(node, "names") && json_object_get(node, "typemod"))
		check_type(check, node);
	if (json_object_get(node, "typeName"))
		check_cast(check, node);
	if (json_object_get(node, "targetList"))
		check->statements++;
	check_sublink(check, node);
	check_field(check, node);
	check_shape(check, node);
	check_objects(check, node);
}

static void check_tree(struct check *check, const json_t *tree);

static void see_table(struct check *check, const char *name)
{
	if (check->table_count == MOST_NAMES)
		abort();
	check->tables[check->table_count++] = name;
}

/* A table of WITH is seen by those after it, by the statement itself, and by all where it is RECURSIVE. */
static void check_with(struct check *check, const json_t *with)
{
	const bool is_recursive = json_is_true(json_object_get(with, "recursive"));
	const json_t *tables = json_object_get(with, "ctes");
	const json_t *table;
	size_t i;

	for (int round = is_recursive ? 0 : 1; round < 2; round++)
		json_array_foreach(tables, i, table)
		{
			const json_t *inner = json_object_get(table, "CommonTableExpr");

			if (round == 1)
				check_tree(check, json_object_get(inner, "ctequery"));
			if (round == 0 || !is_recursive)
				see_table(check, json_string_value(json_object_get(inner, "ctename")));
		}
}

static void check_tree(struct check *check, const json_t *tree)
{
	const size_t location = check->location;
	const size_t table_count = check->table_count;
	const json_t *part;
	const char *key;
	size_t i;

	if (json_is_array(tree))
		json_array_foreach(tree, i, part) check_tree(check, part);
	if (json_is_object(tree)) {
		check_node(check, tree);
		if (json_object_get(tree, "withClause"))
			check_with(check, json_object_get(tree, "withClause"));
		json_object_foreach(unconst(tree), key, part) if (strcmp(key, "withClause") != 0)
		    check_tree(check, part);
	}
	check->location = location;
	check->table_count = table_count;
}

/* --- what is read ----------------------------------------------------------- */

/* False where the text is not SQL. */
static bool check_text(struct check *check, const char *text)
{
	PgQueryParseResult result = pg_query_parse(text);
	const bool is_sql = !result.error;

	if (is_sql) {
		json_t *tree = json_loads(result.parse_tree, 0, NULL);

		if (!tree)
			abort();
		check->text = text;
		check_tree(check, tree);
		json_decref(tree);
	}
	pg_query_free_parse_result(result);
	return is_sql;
}

/* What the program puts in the place of each :word, of the same shape. */
static const struct query_word samples[] = {
    {"column", "c"},
    {"table", "s.t"},
    {"type", "pg_catalog.t"},
    {"schema", "pg_catalog"},
    {"keys", "k.c"},
    {"keys_descending", "k.c desc"},
    {"outputs", "k.c"},
    {"is_behind", "true"},
    {"is_within", "true"},
    {"is_at_start", "true"},
    {"number", "1"},
    {"writes", "select 1"},
    {"recorded", "select ''::pg_catalog.text"},
    {"literals", "pg_catalog.quote_nullable(c::pg_catalog.text)"},
    {"order", "c"},
};

/* Past a comment or a quoted name at `c`; `c` itself where there is none. */
static const char *skip_quiet(const char *c)
{
	if (strncmp(c, "--", 2) == 0)
		return c + strcspn(c, "\n");
	if (*c == '"')
		return c + 1 + strcspn(c + 1, "\"");
	return c;
}

/*
 * Sessions of others may have standard_conforming_strings off, and scripts run
 * in them: a backslash then begins an escape, so a literal that has one must be
 * E'', where it always does; U&'' is an error there.
 */
static void check_backslashes(struct check *check, const char *sql)
{
	for (const char *c = sql; *c; c++) {
		c = skip_quiet(c);
		if (*c != '\'')
			continue;
		const bool is_escaped =
		    c > sql && strchr("eE", c[-1]) && (c - 1 == sql || !isalnum((unsigned char)c[-2]));

		check->line = 1 + lines_before(sql, (size_t)(c - sql));
		if (c > sql && c[-1] == '&')
			find(check, "U&'' is an error where standard_conforming_strings is off");
		if (!is_escaped && memchr(c, '\\', 1 + strcspn(c + 1, "'")))
			find(check,
			     "a literal with a backslash reads otherwise where standard_conforming_strings is off: "
			     "write E''");
		for (c++; *c && *c != '\''; c++)
			c += is_escaped && *c == '\\' && c[1];
		if (!*c)
			return;
	}
}

static void check_query(struct check *check, const char *path)
{
	static const struct qualified_name history = {"public", "schema_version"};
	scoped_arena struct arena arena = {0};
	struct str text = {0};
	struct error err = {0};

	check->file = path;
	check->line = 1;
	check->text = "";
	check->location = 0;
	if (!file_read(path, MOST_BYTES, ERROR_FILES, &arena, &text, &err)) {
		find(check, "%s", err.message);
		return;
	}
	check_backslashes(check, str_copy(&arena, text));
	check->line = 1;
	const char *sql = query_fill(&arena, query_render(&arena, str_copy(&arena, text), &history), samples,
	                             sizeof(samples) / sizeof(*samples));
	if (!check_text(check, sql))
		find(check, "this is no SQL that the grammar knows");
}

/*
 * Text that is no query: what statements of others are recognised by, words that
 * are a statement to the grammar, and an expression that is checked with every
 * query it becomes a part of.
 */
static bool is_no_query(const char *file, const char *text)
{
	static const struct {
		const char *file;
		const char *beginning;
	} rows[] = {
	    {"", "table "},
	    {"", "lock timeout"},
	    {"src/sql/kind_rows.c", "SELECT "},
	    {"src/backup/restore/newer_settings.c", "SELECT pg_catalog.set_config("},
	    {"src/command/import/import_whole.c", "s.t\nSELECT 1"}, /* parsed, not sent */
	    {"src/pg/history_table.c", "')::integer end as written"},
	    {"src/generate/", ""}, /* statements of people's scripts, in the words of PostgreSQL's manual */
	    {"src/command/generate/kept_", ""}, /* the same */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strstr(file, rows[i].file) &&
		    strncasecmp(text, rows[i].beginning, strlen(rows[i].beginning)) == 0)
			return true;
	return false;
}

static void check_literal(void *context, const char *file, size_t line, const char *text)
{
	struct check *check = context;
	const size_t statements = check->statements;

	check->file = file;
	check->line = line;
	check->text = "";
	check->location = 0;
	if (is_no_query(file, text))
		return;
	if (c_literal_looks_like_sql(text))
		find(check, "SQL in a string: \"%.60s\" belongs into a .sql file", text);
	else if (check_text(check, text) && check->statements > statements)
		find(check, "a query in a string: \"%.60s\" belongs into a .sql file", text);
}

static void check_records(struct check *check)
{
	char *record = NULL;
	size_t size = 0;

	check->file = "record";
	check->is_record = true;
	for (check->line = 1; getdelim(&record, &size, '\0', stdin) > 0; check->line++) {
		const size_t findings = check->findings;

		check->location = 0;
		if (!check_text(check, record))
			find(check, "this is no SQL that the grammar knows");
		if (check->findings > findings)
			printf("  %s\n", record);
	}
	printf("records: %zu read\n", check->line - 1);
	free(record);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	struct check check = {.prints_names = strcmp(verb, "names") == 0};

	if (strcmp(verb, "records") == 0)
		check_records(&check);
	else if (strcmp(verb, "strings") == 0)
		for (int i = 2; i < argc; i++)
			check.findings += c_literals_read(argv[i], check_literal, &check) ? 0 : 1;
	else if (strcmp(verb, "queries") == 0 || check.prints_names)
		for (int i = 2; i < argc; i++)
			check_query(&check, argv[i]);
	else
		return fprintf(stderr, "usage: qualified queries|strings|records|names [FILE...]\n"), 2;
	return check.findings > 0;
}
