/*
 * Functions and procedures are replaced in place where the server takes it: not when what they return, or the
 * names of their parameters, change. A body is quoted by dollars, with a tag that is not in it.
 *
 * What a body in a string names is no dependency: such a function comes behind the tables as long as nothing
 * needs it sooner, and the server does not look into it where it names what comes later still
 * (change_script.c).
 *
 * Settings are written as the catalog has them, name=value a line. Lists of names (search_path) are kept
 * there in quotes already and would be one name in others.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* Settings whose text is a list of quoted names: GUC_LIST_QUOTE in PostgreSQL's guc_tables.c. */
static const char *const quoted_lists[] = {
    "local_preload_libraries",  "search_path",      "session_preload_libraries",
    "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories",
};

static bool is_quoted_list(struct str name)
{
	for (size_t i = 0; i < sizeof(quoted_lists) / sizeof(*quoted_lists); i++)
		if (str_is(name, quoted_lists[i]))
			return true;
	return false;
}

/* As it is kept there; but an empty name, and one longer than names are, can only be said as a literal. */
static const char *quoted_list(struct arena *arena, struct str list)
{
	struct buffer text = {.arena = arena};
	struct str item;

	while (item_list_next(&list, &item)) {
		const char *name = unquote_name(arena, str_copy(arena, item));
		const bool is_name = *name && strlen(name) < 64;

		buffer_printf(&text, "%s%s", text.len ? ", " : "",
		              is_name ? str_copy(arena, item) : quote_literal(arena, name));
	}
	return text.len ? buffer_cstr(&text) : "''";
}

static void add_settings(struct change_plan *plan, struct buffer *text, const char *settings)
{
	struct str rest = str_of(settings ? settings : "");
	struct str line;

	while (str_split_next(&rest, '\n', &line)) {
		const size_t at = str_index(line, '=');
		const struct str name = str_slice(line, 0, at);
		const struct str value = str_slice(line, at + 1, line.len);

		if (is_quoted_list(name))
			buffer_printf(text, "\n SET %.*s TO %s", STR_ARGS(name), quoted_list(plan->arena, value));
		else
			buffer_printf(text, "\n SET %.*s TO %s", STR_ARGS(name),
			              quote_literal(plan->arena, str_copy(plan->arena, value)));
	}
}

/* "$$", "$body$", "$body1$": one that the text does not hold, nor runs into. */
static const char *dollar_quote(struct arena *arena, const char *text)
{
	const char *tag = "$$";

	if (!strstr(text, tag) && !str_ends(str_of(text), "$"))
		return tag;
	tag = "$body$";
	for (int i = 1; strstr(text, arena_strndup(arena, tag, strlen(tag) - 1)); i++)
		tag = arena_printf(arena, "$body%d$", i);
	return tag;
}

static const char *quoted(struct arena *arena, const char *text)
{
	const char *quote = dollar_quote(arena, text);

	return arena_printf(arena, "%s%s%s", quote, text, quote);
}

static void add_body(struct change_plan *plan, struct buffer *text, const struct change_node *node)
{
	const char *sql = node_attribute(node, "sql_body");
	const char *library = node_attribute(node, "library");
	const char *body = node_attribute(node, "body");

	if (sql)
		buffer_printf(text, "\n%s", sql);
	else if (library)
		buffer_printf(text, "\nAS %s, %s", quote_literal(plan->arena, library),
		              quote_literal(plan->arena, body ? body : ""));
	else
		buffer_printf(text, "\nAS %s", quoted(plan->arena, body ? body : ""));
}

static const struct {
	const char *attribute;
	const char *value; /* NULL: any; then it is written behind the words */
	const char *words;
} clauses[] = {
    {"window", "true", " WINDOW"},
    {"volatility", "immutable", " IMMUTABLE"},
    {"volatility", "stable", " STABLE"},
    {"leakproof", "true", " LEAKPROOF"},
    {"strict", "true", " STRICT"},
    {"security_definer", "true", " SECURITY DEFINER"},
    {"parallel", "safe", " PARALLEL SAFE"},
    {"parallel", "restricted", " PARALLEL RESTRICTED"},
    {"cost", NULL, " COST "},
    {"rows", NULL, " ROWS "},
    {"support", NULL, " SUPPORT "},
};

static void add_clauses(struct buffer *text, const struct change_node *node)
{
	const char *transforms = node_attribute(node, "transforms");
	struct str rest = str_of(transforms ? transforms : "");
	struct str type;
	struct str none;

	for (bool is_any = false; option_list_next(&rest, &type, &none); is_any = true)
		buffer_printf(text, "%sFOR TYPE %.*s", is_any ? ", " : " TRANSFORM ", STR_ARGS(type));
	for (size_t i = 0; i < sizeof(clauses) / sizeof(*clauses); i++) {
		const char *value = node_attribute(node, clauses[i].attribute);

		if (!value || (clauses[i].value && strcmp(value, clauses[i].value) != 0))
			continue;
		buffer_printf(text, "%s%s", clauses[i].words, clauses[i].value ? "" : value);
	}
}

static void write_function(struct change_plan *plan, struct change_node *node, enum statement_role role)
{
	const char *arguments = node_attribute(node, "arguments");
	const char *result = node_attribute(node, "result");
	struct buffer text = {.arena = plan->arena};

	buffer_printf(&text, "CREATE %s%s %s.%s(%s)", role == ROLE_ALTER ? "OR REPLACE " : "",
	              object_words(node_object(node)), node->after->schema, node->after->name,
	              arguments ? arguments : "");
	if (result && node_is(node, OBJECT_FUNCTION))
		buffer_printf(&text, "\n RETURNS %s", result);
	buffer_printf(&text, "\n LANGUAGE %s", node_attribute(node, "language"));
	add_clauses(&text, node);
	add_settings(plan, &text, node_attribute(node, "settings"));
	add_body(plan, &text, node);
	struct plan_statement *statement = plan_add(plan, node, role, "%s", buffer_cstr(&text));
	if (!node_attribute(node, "sql_body") && !node_attribute(node, "library")) {
		statement->has_body = true;
		statement->rank = OBJECT_NOT_NULL;
	}
}

static void create_function(struct change_plan *plan, struct change_node *node)
{
	write_function(plan, node, ROLE_CREATE);
}

static void replace_function(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	(void)fact;
	if (!node->is_rewritten)
		write_function(plan, node, ROLE_ALTER);
	node->is_rewritten = true;
}

static size_t default_at(struct str argument)
{
	const char *found = memmem(argument.text, argument.len, " DEFAULT ", strlen(" DEFAULT "));

	return found ? (size_t)(found - argument.text) : argument.len;
}

/* Parameters get other defaults, or their first; they do not lose them, nor become others. */
static bool must_replace_for_arguments(const struct change_plan *plan, const struct change_node *node,
                                       const struct fact_change *fact)
{
	struct str before = str_of(fact->before ? fact->before : "");
	struct str after = str_of(fact->after ? fact->after : "");
	struct str old;
	struct str new;

	(void)plan;
	(void)node;
	while (item_list_next(&before, &old)) {
		if (!item_list_next(&after, &new))
			return true;
		const size_t old_end = default_at(old);
		const size_t new_end = default_at(new);
		if (!str_equal(str_slice(old, 0, old_end), str_slice(new, 0, new_end)) ||
		    (old_end < old.len && new_end == new.len))
			return true;
	}
	return item_list_next(&after, &new);
}

static const struct fact_rule function_facts[] = {
    {.name = "arguments", .write = replace_function, .must_replace = must_replace_for_arguments},
    {.name = "language", .write = replace_function},
    {.name = "volatility", .write = replace_function},
    {.name = "strict", .write = replace_function},
    {.name = "leakproof", .write = replace_function},
    {.name = "security_definer", .write = replace_function},
    {.name = "parallel", .write = replace_function},
    {.name = "cost", .write = replace_function},
    {.name = "rows", .write = replace_function},
    {.name = "support", .write = replace_function},
    {.name = "settings", .write = replace_function},
    {.name = "transforms", .write = replace_function},
    {.name = "sql_body", .write = replace_function},
    {.name = "library", .write = replace_function},
    {.name = "body", .write = replace_function},
    {.name = NULL},
};

const struct kind_rules function_rules = {
    .create = create_function, .drop = drop_simple, .facts = function_facts};
