/*
 * Text search. Parsers and templates are functions and have no owner; a dictionary is options of a template,
 * as the server keeps them: "stopwords = 'x', language = 'y'"; a configuration maps kinds of tokens to lists
 * of dictionaries, a kind a line.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- parsers and templates ------------------------------------------------------ */

static const struct clause parser_clauses[] = {
    {"start", "START", CLAUSE_TEXT, NULL},       {"token", "GETTOKEN", CLAUSE_TEXT, NULL},
    {"end", "END", CLAUSE_TEXT, NULL},           {"lextypes", "LEXTYPES", CLAUSE_TEXT, NULL},
    {"headline", "HEADLINE", CLAUSE_TEXT, NULL}, {.attribute = NULL},
};

static const struct clause template_clauses[] = {
    {"init", "INIT", CLAUSE_TEXT, NULL},
    {"lexize", "LEXIZE", CLAUSE_TEXT, NULL},
    {.attribute = NULL},
};

static void create_of_functions(struct change_plan *plan, struct change_node *node)
{
	const bool is_parser = node_is(node, OBJECT_TEXT_SEARCH_PARSER);

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE %s %s", object_reference(node->after, plan->arena),
	               clause_list(plan, node, is_parser ? parser_clauses : template_clauses));
}

/* --- dictionaries --------------------------------------------------------------- */

static void create_dictionary(struct change_plan *plan, struct change_node *node)
{
	const char *options = node_attribute(node, "options");

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %s%s%s)",
	               node->after->identity, node_attribute(node, "template"), options ? ", " : "",
	               options ? options : "");
}

/* One that is named without a value is as if it had not been given. */
static const char *dictionary_options(struct arena *arena, const char *before, const char *after)
{
	struct buffer text = {.arena = arena};
	struct str rest = str_of(after ? after : "");
	struct str name;
	struct str value;

	while (option_list_next(&rest, &name, &value))
		if (!str_equal(option_list_find(before, name), value))
			buffer_printf(&text, "%s%.*s %.*s", text.len ? ", " : "", STR_ARGS(name), STR_ARGS(value));
	rest = str_of(before ? before : "");
	while (option_list_next(&rest, &name, &value))
		if (!option_list_find(after, name).text)
			buffer_printf(&text, "%s%.*s", text.len ? ", " : "", STR_ARGS(name));
	return buffer_cstr(&text);
}

static void write_dictionary_options(struct change_plan *plan, struct change_node *node,
                                     const struct fact_change *fact)
{
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER TEXT SEARCH DICTIONARY %s (%s)", node->after->identity,
	               dictionary_options(plan->arena, fact->before, fact->after));
}

static const struct fact_rule dictionary_facts[] = {
    {.name = "options", .write = write_dictionary_options},
    {.name = NULL},
};

/* --- configurations --------------------------------------------------------------- */

/* "asciiword pg_catalog.simple, public.own": false at the end. */
static bool mapping_next(struct str *rest, struct str *token, struct str *dictionaries)
{
	struct str line;
	struct str none;

	if (!rest->len || !str_split_next(rest, '\n', &line))
		return false;
	*dictionaries = line;
	(void)option_list_next(&line, token, &none);
	*dictionaries = str_slice(*dictionaries, token->len + 1, dictionaries->len);
	return true;
}

static struct str mapping_find(const char *mappings, struct str wanted)
{
	struct str rest = str_of(mappings ? mappings : "");
	struct str token;
	struct str dictionaries;

	while (mapping_next(&rest, &token, &dictionaries))
		if (str_equal(token, wanted))
			return dictionaries;
	return (struct str){0};
}

static void write_mapping(struct change_plan *plan, struct change_node *node, const char *verb,
                          struct str token, struct str dictionaries)
{
	(void)plan_add(plan, node, ROLE_ALTER,
	               "ALTER TEXT SEARCH CONFIGURATION %s\n    %s MAPPING FOR %.*s%s%.*s", node->after->identity,
	               verb, STR_ARGS(token), dictionaries.len ? " WITH " : "", (int)dictionaries.len,
	               dictionaries.len ? dictionaries.text : "");
}

static void write_mappings(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	struct str rest = str_of(fact->before ? fact->before : "");
	struct str token;
	struct str dictionaries;

	while (mapping_next(&rest, &token, &dictionaries))
		if (!mapping_find(fact->after, token).text)
			write_mapping(plan, node, "DROP", token, (struct str){0});
	rest = str_of(fact->after ? fact->after : "");
	while (mapping_next(&rest, &token, &dictionaries)) {
		const struct str had = mapping_find(fact->before, token);

		if (!had.text || !str_equal(had, dictionaries))
			write_mapping(plan, node, had.text ? "ALTER" : "ADD", token, dictionaries);
	}
}

static void create_configuration(struct change_plan *plan, struct change_node *node)
{
	const struct fact_change mappings = {"mappings", NULL, node_attribute(node, "mappings")};

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %s)",
	               node->after->identity, node_attribute(node, "parser"));
	write_mappings(plan, node, &mappings);
}

static const struct fact_rule configuration_facts[] = {
    {.name = "mappings", .write = write_mappings},
    {.name = NULL},
};

const struct kind_rules text_search_parser_rules = {
    .create = create_of_functions, .drop = drop_simple, .facts = no_facts};
const struct kind_rules text_search_template_rules = {
    .create = create_of_functions, .drop = drop_simple, .facts = no_facts};
const struct kind_rules text_search_dictionary_rules = {
    .create = create_dictionary, .drop = drop_simple, .facts = dictionary_facts};
const struct kind_rules text_search_configuration_rules = {
    .create = create_configuration, .drop = drop_simple, .facts = configuration_facts};
