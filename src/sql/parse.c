/*
 * The parse tree comes as JSON and is read by path: what differs between the
 * statements is where their relations are and how strong the lock is, and both
 * fit a row of a table. Strengths are those of PostgreSQL 12 and later, as its
 * documentation gives them and as they were measured.
 */
#include "sql/parse.h"

#include <jansson.h>
#include <pg_query.h>
#include <string.h>

#include "base/library.h"
#include "base/unconst.h"
#include "sql/lexer.h"

/*
 * Libpg_query writes the tree recursively, without looking at its stack: a sum
 * of a hundred thousand terms crashes it. A tree is no deeper than the
 * statement has tokens, and no DDL that locks tables needs this many.
 */
enum { MOST_BYTES = 1024 * 1024, MOST_TOKENS = 20000 };

/*
 * `path` leads from the node to its relations: keys separated by dots, "[]"
 * for every element of a list. A relation is a RangeVar or a list of names
 * (of which the last `names_after` name something else, such as a trigger).
 * `when` is a condition, "key=value" or "key" for true; all rows that hold
 * count, and the strongest lock wins. An exception to a stronger lock says so
 * with `unless`.
 */
static const struct row {
	const char *node;
	const char *when;
	const char *unless;
	const char *path;
	unsigned names_after;
	enum lock_strength strength;
} rows[] = {
    {"IndexStmt", NULL, "concurrent", "relation", 0, LOCK_STRONG_WRITES},
    {"IndexStmt", "concurrent", NULL, "relation", 0, LOCK_WEAK},
    {"ReindexStmt", NULL, "params[].DefElem.defname=concurrently", "relation", 0, LOCK_STRONG},
    {"ReindexStmt", "params[].DefElem.defname=concurrently", NULL, "relation", 0, LOCK_WEAK},

    {"DropStmt", "removeType=OBJECT_TABLE", NULL, "objects[]", 0, LOCK_STRONG},
    {"DropStmt", "removeType=OBJECT_FOREIGN_TABLE", NULL, "objects[]", 0, LOCK_STRONG},
    {"DropStmt", "removeType=OBJECT_VIEW", NULL, "objects[]", 0, LOCK_STRONG},
    {"DropStmt", "removeType=OBJECT_MATVIEW", NULL, "objects[]", 0, LOCK_STRONG},
    {"DropStmt", "removeType=OBJECT_SEQUENCE", NULL, "objects[]", 0, LOCK_STRONG},
    {"DropStmt", "removeType=OBJECT_INDEX", "concurrent", "objects[]", 0, LOCK_STRONG},
    {"DropStmt", "removeType=OBJECT_INDEX", NULL, "objects[]", 0, LOCK_WEAK},
    {"DropStmt", "removeType=OBJECT_TRIGGER", NULL, "objects[]", 1, LOCK_STRONG},
    {"DropStmt", "removeType=OBJECT_POLICY", NULL, "objects[]", 1, LOCK_STRONG},
    {"DropStmt", "removeType=OBJECT_RULE", NULL, "objects[]", 1, LOCK_STRONG},

    {"TruncateStmt", NULL, NULL, "relations[]", 0, LOCK_STRONG},
    {"CreateTrigStmt", NULL, NULL, "relation", 0, LOCK_STRONG_WRITES},
    {"RuleStmt", NULL, NULL, "relation", 0, LOCK_STRONG},
    {"CreatePolicyStmt", NULL, NULL, "table", 0, LOCK_STRONG},
    {"AlterPolicyStmt", NULL, NULL, "table", 0, LOCK_STRONG},
    {"ViewStmt", "replace", NULL, "view", 0, LOCK_STRONG},
    {"RefreshMatViewStmt", NULL, "concurrent", "relation", 0, LOCK_STRONG},
    {"RefreshMatViewStmt", "concurrent", NULL, "relation", 0, LOCK_STRONG_WRITES},
    {"AlterSeqStmt", NULL, NULL, "sequence", 0, LOCK_STRONG_WRITES},

    {"CreateStmt", "partbound", NULL, "inhRelations[]", 0, LOCK_STRONG},
    {"CreateStmt", NULL, "partbound", "inhRelations[]", 0, LOCK_WEAK},
    {"RenameStmt", NULL, "renameType=OBJECT_INDEX", "relation", 0, LOCK_STRONG},
    {"RenameStmt", "renameType=OBJECT_INDEX", NULL, "relation", 0, LOCK_WEAK},
    {"AlterObjectSchemaStmt", NULL, NULL, "relation", 0, LOCK_STRONG},

    {"VacuumStmt", NULL, NULL, "rels[].VacuumRelation.relation", 0, LOCK_WEAK},
    {"VacuumStmt", "options[].DefElem.defname=full", NULL, "rels[].VacuumRelation.relation", 0, LOCK_STRONG},
    {"ClusterStmt", NULL, NULL, "relation", 0, LOCK_STRONG},
    {"LockStmt", "mode=4", NULL, "relations[]", 0, LOCK_WEAK},
    {"LockStmt", "mode=5", NULL, "relations[]", 0, LOCK_STRONG_WRITES},
    {"LockStmt", "mode=6", NULL, "relations[]", 0, LOCK_STRONG_WRITES},
    {"LockStmt", "mode=7", NULL, "relations[]", 0, LOCK_STRONG_WRITES},
    {"LockStmt", "mode=8", NULL, "relations[]", 0, LOCK_STRONG},

    {"CommentStmt", "objtype=OBJECT_TABLE", NULL, "object", 0, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_VIEW", NULL, "object", 0, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_MATVIEW", NULL, "object", 0, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_INDEX", NULL, "object", 0, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_SEQUENCE", NULL, "object", 0, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_COLUMN", NULL, "object", 1, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_TABCONSTRAINT", NULL, "object", 1, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_TRIGGER", NULL, "object", 1, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_POLICY", NULL, "object", 1, LOCK_WEAK},
    {"CommentStmt", "objtype=OBJECT_RULE", NULL, "object", 1, LOCK_WEAK},
    {"CreateStatsStmt", NULL, NULL, "relations[]", 0, LOCK_WEAK},
    {"CreatePublicationStmt", NULL, NULL, "pubobjects[].PublicationObjSpec.pubtable.relation", 0, LOCK_WEAK},
    {"AlterPublicationStmt", NULL, NULL, "pubobjects[].PublicationObjSpec.pubtable.relation", 0, LOCK_WEAK},

    /* An ALTER TABLE asks its subcommands; the partition an ATTACH or DETACH names is here. */
    {"PartitionCmd", NULL, NULL, "name", 0, LOCK_STRONG},
    /* Wherever a foreign key is declared. */
    {"Constraint", "contype=CONSTR_FOREIGN", NULL, "pktable", 0, LOCK_STRONG_WRITES},
};

/* ALTER TABLE's subcommands that do not lock everybody out. */
static const struct {
	const char *subtype;
	enum lock_strength strength;
} milder[] = {
    {"AT_SetStatistics", LOCK_WEAK},
    {"AT_SetOptions", LOCK_WEAK},
    {"AT_ResetOptions", LOCK_WEAK},
    {"AT_SetRelOptions", LOCK_WEAK},
    {"AT_ResetRelOptions", LOCK_WEAK},
    {"AT_ClusterOn", LOCK_WEAK},
    {"AT_DropCluster", LOCK_WEAK},
    {"AT_ValidateConstraint", LOCK_WEAK},
    {"AT_AttachPartition", LOCK_WEAK},
    {"AT_DetachPartitionFinalize", LOCK_WEAK},
    {"AT_EnableTrig", LOCK_STRONG_WRITES},
    {"AT_EnableAlwaysTrig", LOCK_STRONG_WRITES},
    {"AT_EnableReplicaTrig", LOCK_STRONG_WRITES},
    {"AT_EnableTrigAll", LOCK_STRONG_WRITES},
    {"AT_EnableTrigUser", LOCK_STRONG_WRITES},
    {"AT_DisableTrig", LOCK_STRONG_WRITES},
    {"AT_DisableTrigAll", LOCK_STRONG_WRITES},
    {"AT_DisableTrigUser", LOCK_STRONG_WRITES},
};

struct search {
	struct arena *arena;
	struct lock_target_list *targets;
	const struct row *row;
};

/* --- reading the tree ----------------------------------------------------- */

static bool text_is(const json_t *value, const char *text)
{
	const char *string = json_string_value(value);

	return string && strcmp(string, text) == 0;
}

static bool value_is(const json_t *value, const char *text)
{
	char number[32];

	if (!json_is_integer(value))
		return text_is(value, text);
	snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
	return strcmp(number, text) == 0;
}

/* Calls `visit` for everything `path` leads to, until it returns true. */
static bool walk_path(const json_t *value, struct str path, bool (*visit)(const json_t *value, void *data),
                      void *data)
{
	struct str key;

	if (!value)
		return false;
	if (!str_split_next(&path, '.', &key))
		return visit(value, data);

	char name[64];
	const bool is_list = str_ends(key, "[]");
	snprintf(name, sizeof(name), "%.*s", (int)(key.len - (is_list ? 2 : 0)), key.text);
	const json_t *inner = json_object_get(value, name);
	if (!is_list)
		return walk_path(inner, path, visit, data);
	for (size_t i = 0; i < json_array_size(inner); i++)
		if (walk_path(json_array_get(inner, i), path, visit, data))
			return true;
	return false;
}

static bool visit_equal(const json_t *value, void *text)
{
	return text ? value_is(value, text) : !json_is_false(value);
}

/* "path=value", or "path" for anything that is there and not false. */
static bool holds(const json_t *node, const char *condition)
{
	struct str path = str_of(condition);
	const size_t at = str_index(path, '=');

	path.len = at;
	return walk_path(node, path, visit_equal, condition[at] ? unconst(condition + at + 1) : NULL);
}

/* --- the targets ---------------------------------------------------------- */

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void add_target(const struct search *search, const char *schema, const char *name,
                       enum lock_strength strength)
{
	struct lock_target_list *list = search->targets;

	if (!name || strength == LOCK_NONE)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (is_same(list->items[i].schema, schema) && strcmp(list->items[i].name, name) == 0) {
			if (list->items[i].strength < strength)
				list->items[i].strength = strength;
			return;
		}
	*ARENA_PUSH(search->arena, list->items, list->count) = (struct lock_target){
	    .schema = schema ? arena_strdup(search->arena, schema) : NULL,
	    .name = arena_strdup(search->arena, name),
	    .strength = strength,
	};
}

static void add_range(const struct search *search, const json_t *range, enum lock_strength strength)
{
	const char *schema = json_string_value(json_object_get(range, "schemaname"));

	/* A temporary table is nobody else's. */
	if (!text_is(json_object_get(range, "relpersistence"), "t"))
		add_target(search, schema, json_string_value(json_object_get(range, "relname")), strength);
}

static const char *name_at(const json_t *names, size_t index)
{
	const json_t *string = json_object_get(json_array_get(names, index), "String");

	return json_string_value(json_object_get(string, "sval"));
}

static void add_names(const struct search *search, const json_t *names, enum lock_strength strength)
{
	const size_t count = json_array_size(names);
	const size_t after = search->row->names_after;

	if (count > after)
		add_target(search, count > after + 1 ? name_at(names, count - after - 2) : NULL,
		           name_at(names, count - after - 1), strength);
}

static bool visit_relation(const json_t *value, void *data)
{
	const struct search *search = data;
	const json_t *list = json_object_get(json_object_get(value, "List"), "items");
	const json_t *range = json_object_get(value, "RangeVar");

	if (list)
		add_names(search, list, search->row->strength);
	else
		add_range(search, range ? range : value, search->row->strength);
	return false;
}

/* A new foreign key blocks writers on both sides, readers on none. */
static enum lock_strength command_strength(const json_t *command)
{
	const json_t *subtype = json_object_get(command, "subtype");

	if (text_is(subtype, "AT_AddConstraint") && holds(command, "def.Constraint.contype=CONSTR_FOREIGN"))
		return LOCK_STRONG_WRITES;
	if (text_is(subtype, "AT_DetachPartition") && holds(command, "def.PartitionCmd.concurrent"))
		return LOCK_WEAK;
	for (size_t i = 0; i < sizeof(milder) / sizeof(*milder); i++)
		if (text_is(subtype, milder[i].subtype))
			return milder[i].strength;
	return LOCK_STRONG;
}

static void add_altered(const struct search *search, const json_t *alter)
{
	const json_t *commands = json_object_get(alter, "cmds");
	enum lock_strength strongest = LOCK_NONE;

	for (size_t i = 0; i < json_array_size(commands); i++) {
		const enum lock_strength strength =
		    command_strength(json_object_get(json_array_get(commands, i), "AlterTableCmd"));

		if (strength > strongest)
			strongest = strength;
	}
	add_range(search, json_object_get(alter, "relation"), strongest);
}

static void add_node(struct search search, const char *name, const json_t *node)
{
	if (strcmp(name, "AlterTableStmt") == 0)
		add_altered(&search, node);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		search.row = &rows[i];
		if (strcmp(rows[i].node, name) == 0 && (!rows[i].when || holds(node, rows[i].when)) &&
		    !(rows[i].unless && holds(node, rows[i].unless)))
			(void)!walk_path(node, str_of(rows[i].path), visit_relation, &search);
	}
}

/* Every node, so that constraints are found wherever they are. */
static void add_all(const struct search *search, json_t *value)
{
	const char *name;
	json_t *inner;
	size_t i;

	json_object_foreach(value, name, inner)
	{
		if (json_is_object(inner))
			add_node(*search, name, inner);
		add_all(search, inner);
	}
	json_array_foreach(value, i, inner) add_all(search, inner);
}

/* --- asking for it -------------------------------------------------------- */

/* Only DDL is parsed: it is what locks tables, and what is short. */
static bool may_lock(struct str text)
{
	static const char *const verbs[] = {
	    "alter", "analyze", "cluster", "comment",  "create", "drop",
	    "lock",  "refresh", "reindex", "truncate", "vacuum",
	};
	struct lexer lexer = {.text = text};
	const struct str first = lexer_next_significant(&lexer).text;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (str_is_folded(first, verbs[i]))
			return true;
	return false;
}

#define GRAMMAR_FUNCTIONS(each) each(pg_query_, parse) each(pg_query_, free_parse_result)

static struct {
	GRAMMAR_FUNCTIONS(LIBRARY_FIELD)
} grammar;
static const char *const functions[] = {GRAMMAR_FUNCTIONS(LIBRARY_NAME) NULL};

/* The number of its interface is another in each release: PG_QUERY_FILE is what it was built with. */
static struct library library = {
    .name = "libpg_query",
    .files = {PG_QUERY_FILE},
    .hint = "Install it (libpg-query on Debian).",
    .functions = functions,
    .table = &grammar,
};

static bool is_digestible(struct str text)
{
	struct lexer lexer = {.text = text};
	size_t count = 0;

	if (text.len > MOST_BYTES)
		return false;
	while (lexer_next_significant(&lexer).kind != TOKEN_END)
		if (++count > MOST_TOKENS)
			return false;
	return true;
}

static void parse_result_clear(PgQueryParseResult *result)
{
	grammar.free_parse_result(*result);
}

static void json_clear(json_t **value)
{
	json_decref(*value);
}

bool parse_lock_targets(struct str text, struct arena *arena, struct lock_target_list *out)
{
	const struct search search = {.arena = arena, .targets = out};
	struct error missing;

	if (!may_lock(text))
		return true;
	if (!is_digestible(text) || !library_load(&library, &missing))
		return false;
	SCOPED(parse_result_clear) PgQueryParseResult result = grammar.parse(str_copy(arena, text));
	if (result.error)
		return false;
	SCOPED(json_clear) json_t *tree = json_loads(result.parse_tree, 0, NULL);
	if (!tree)
		return false;
	add_all(&search, tree);
	return true;
}
