/*
 * Whether an object is looked at is decided for what stands at the top of it, its table or its type, as that
 * is what has a name and a schema to be matched; the rest follows its parent. The sequence of a column has no
 * parent and follows the table it depends on.
 *
 * pg_dump lets the server match its patterns. Here both sides are in memory, and POSIX knows the same
 * expressions, but for the escapes of PostgreSQL that begin with a backslash and a letter.
 *
 * An extension's schema is known by one of two signs: it belongs to the extension and is no object of the
 * user's; or the extension is one of a few that make tables at run time (queues, partitions, jobs), which
 * belong to nobody.
 */
#include "command/generate/catalog_filter.h"

#include <regex.h>
#include <string.h>

#include "backup/summary/pattern.h"
#include "base/str.h"

struct name_pattern {
	regex_t schema;
	regex_t name;
	bool has_schema;
	bool is_compiled;
	struct name_pattern *next;
};

/* Extensions that make objects of their own at run time, in the schema they are in. */
static const char *const stateful[] = {"pg_partman", "pgmq",           "pg_cron",    "pgsodium",
                                       "pg_net",     "supabase_vault", "pg_graphql", "pgtle",
                                       "pg_tle",     "timescaledb",    "pglogical",  "pgstac"};

/* --- patterns ----------------------------------------------------------- */

static bool compile(regex_t *regex, const char *text, const char *pattern, struct error *err)
{
	const int failure = regcomp(regex, text, REG_EXTENDED | REG_NOSUB);
	char words[256];

	if (!failure)
		return true;
	regerror(failure, regex, words, sizeof(words));
	return error_set(err, ERROR_USAGE, "cannot understand the pattern \"%s\": %s", pattern, words);
}

static bool add_pattern(struct name_pattern **list, const char *text, struct arena *arena, struct error *err)
{
	const struct pattern pattern = pattern_parse(text, arena);
	struct name_pattern *made = arena_new(arena, struct name_pattern);

	made->has_schema = *pattern.schema;
	if (made->has_schema && !compile(&made->schema, pattern.schema, text, err))
		return false;
	if (!compile(&made->name, pattern.table, text, err)) {
		if (made->has_schema)
			regfree(&made->schema);
		return false;
	}
	made->is_compiled = true;
	made->next = *list;
	*list = made;
	return true;
}

/* Commas inside quotes are a name's own. */
static size_t pattern_len(const char *list)
{
	bool is_quoted = false;
	size_t len = 0;

	for (; list[len] && (is_quoted || list[len] != ','); len++)
		is_quoted ^= list[len] == '"';
	return len;
}

static bool add_patterns(struct name_pattern **out, const char *list, struct arena *arena, struct error *err)
{
	while (list && *list) {
		const size_t len = pattern_len(list);
		const char *text = str_copy(arena, str_trim((struct str){list, len}));

		if (*text && !add_pattern(out, text, arena, err))
			return false;
		list += len + (list[len] == ',');
	}
	return true;
}

bool catalog_filter_open(const struct catalog_filter_options *options, struct arena *arena,
                         struct catalog_filter *out, struct error *err)
{
	out->has_schemas = options->schemas != NULL;
	return add_patterns(&out->schemas, options->schemas, arena, err) &&
	       add_patterns(&out->exclude_schemas, options->exclude_schemas, arena, err) &&
	       add_patterns(&out->exclude, options->exclude, arena, err) &&
	       add_patterns(&out->ignore_partitions, options->ignore_partitions, arena, err);
}

static void clear_patterns(struct name_pattern *list)
{
	for (; list && list->is_compiled; list = list->next) {
		if (list->has_schema)
			regfree(&list->schema);
		regfree(&list->name);
		list->is_compiled = false;
	}
}

void catalog_filter_close(struct catalog_filter *filter)
{
	clear_patterns(filter->schemas);
	clear_patterns(filter->exclude_schemas);
	clear_patterns(filter->exclude);
	clear_patterns(filter->ignore_partitions);
}

/* `schema` NULL: of something that is itself one, and matched by its name alone. */
static bool matches(const struct name_pattern *list, const char *schema, const char *name)
{
	for (; list; list = list->next)
		if ((!list->has_schema || (schema && regexec(&list->schema, schema, 0, NULL, 0) == 0)) &&
		    regexec(&list->name, name, 0, NULL, 0) == 0)
			return true;
	return false;
}

/* --- objects ------------------------------------------------------------ */

static const struct object *top_of(const struct object *object)
{
	while (object->parent)
		object = object->parent;
	return object;
}

/* NULL for what is in none. */
static const char *schema_of(const struct object *top)
{
	return top->kind == &object_kinds[OBJECT_SCHEMA] ? top->name : top->schema;
}

/* The table whose column a sequence belongs to; NULL for everything else. */
static const struct object *table_of_sequence(const struct object *object)
{
	if (object->kind != &object_kinds[OBJECT_SEQUENCE])
		return NULL;
	for (uint32_t i = 0; i < object->need_count; i++)
		if (object->needs[i].type == 'a' || object->needs[i].type == 'i')
			return top_of(object->needs[i].object);
	return NULL;
}

struct choice {
	const struct catalog_filter *filter;
	struct arena *arena;
	const struct catalog *catalog;
	struct name_list *left_alone;
};

/* "inherits" of a partition is its one parent, schema and name. */
static bool is_ignored_partition(const struct choice *choice, const struct object *top)
{
	while (top && object_attribute(top, "partition_bound")) {
		const struct object *parent =
		    catalog_find(choice->catalog, OBJECT_TABLE, object_attribute(top, "inherits"));

		if (!parent)
			return false;
		if (matches(choice->filter->ignore_partitions, unquote_name(choice->arena, parent->schema),
		            unquote_name(choice->arena, parent->name)))
			return true;
		top = parent;
	}
	return false;
}

static bool is_left_alone(const struct catalog_filter *filter, const struct object *top)
{
	for (size_t i = 0; i < filter->left_alone_count; i++)
		if (filter->left_alone[i]->kind == top->kind &&
		    strcmp(filter->left_alone[i]->identity, top->identity) == 0)
			return true;
	return false;
}

static bool is_chosen_top(const struct choice *choice, const struct object *top)
{
	const struct catalog_filter *filter = choice->filter;
	const char *schema = schema_of(top);
	const char *plain = schema ? unquote_name(choice->arena, schema) : NULL;

	if (filter->has_schemas && (!plain || !matches(filter->schemas, NULL, plain)))
		return false;
	if (plain && matches(filter->exclude_schemas, NULL, plain))
		return false;
	if (is_left_alone(filter, top))
		return false;
	if (!top->name || top->kind == &object_kinds[OBJECT_SCHEMA])
		return true;
	return !matches(filter->exclude, plain, unquote_name(choice->arena, top->name)) &&
	       !(filter->ignore_partitions && is_ignored_partition(choice, top));
}

/* --- schemas of extensions ---------------------------------------------- */

static bool is_stateful(const char *name)
{
	for (size_t i = 0; i < sizeof(stateful) / sizeof(*stateful); i++)
		if (strcmp(stateful[i], name) == 0)
			return true;
	return false;
}

static bool is_servers(const char *schema)
{
	return strncmp(schema, "pg_", 3) == 0 || strcmp(schema, "information_schema") == 0;
}

/* Whether one that makes things at run time is in there, and nobody else is meant to be. By kind, extensions
 * are among the first. */
static bool holds_stateful(const struct catalog *catalog, const char *schema, struct arena *arena)
{
	for (size_t i = 0; i < catalog->count; i++) {
		const struct object *object = catalog->objects[i];

		if (object->kind > &object_kinds[OBJECT_EXTENSION])
			return false;
		if (object->kind != &object_kinds[OBJECT_EXTENSION])
			continue;
		const char *place = object_attribute(object, "installed_in");
		if (place && strcmp(place, schema) == 0 && strcmp(schema, "public") != 0 &&
		    is_stateful(unquote_name(arena, object->name)))
			return true;
	}
	return false;
}

static bool is_of_extension(const struct choice *choice, const struct object *top)
{
	const char *schema = schema_of(top);

	if (!schema || is_servers(schema))
		return false;
	return !catalog_find(choice->catalog, OBJECT_SCHEMA, schema) ||
	       holds_stateful(choice->catalog, schema, choice->arena);
}

static void note_left_alone(const struct choice *choice, const struct object *top)
{
	struct name_list *list = choice->left_alone;
	const char *schema = schema_of(top);

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], schema) == 0)
			return;
	*ARENA_PUSH(choice->arena, list->items, list->count) = schema;
}

/* --- all of them -------------------------------------------------------- */

static bool is_chosen(const struct choice *choice, const struct object *object)
{
	const struct object *top = top_of(object);
	const struct object *table = table_of_sequence(top);

	if (!is_chosen_top(choice, top) || (table && !is_chosen_top(choice, table)))
		return false;
	if (!is_of_extension(choice, top))
		return true;
	if (top->kind != &object_kinds[OBJECT_SCHEMA])
		note_left_alone(choice, top);
	return false;
}

void catalog_filter_apply(const struct catalog_filter *filter, struct arena *arena, struct catalog *catalog,
                          struct name_list *left_alone)
{
	const struct choice choice = {filter, arena, catalog, left_alone};
	struct object **objects = arena_array(arena, struct object *, catalog->count);
	size_t count = 0;

	for (size_t i = 0; i < catalog->count; i++)
		if (is_chosen(&choice, catalog->objects[i]))
			objects[count++] = catalog->objects[i];
	catalog->objects = objects;
	catalog->count = count;
}
