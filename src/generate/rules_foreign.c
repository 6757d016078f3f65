/*
 * Foreign-data wrappers, servers, user mappings. Of a user mapping's secrets the catalog has hashes
 * (user_mapping.sql): that one differs is known, and not what it is. Such an option is never written; it is
 * named as unmodelled, and above the statement stands what has to be added to it by hand.
 */
#include <string.h>

#include "generate/change_plan_internal.h"
#include "pg/query.h"

static const char *options_clause(struct change_plan *plan, const char *options)
{
	return options && *options ? arena_printf(plan->arena, " OPTIONS (%s)", options) : "";
}

static void alter(struct change_plan *plan, struct change_node *node, const char *what)
{
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER %s %s", object_reference(node->after, plan->arena), what);
}

static void write_options(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	alter(plan, node,
	      arena_printf(plan->arena, "OPTIONS (%s)",
	                   foreign_options_change(plan->arena, fact->before, fact->after)));
}

/* --- foreign-data wrappers ------------------------------------------------------ */

static const char *function_clause(struct change_plan *plan, const char *words, const char *function)
{
	return function ? arena_printf(plan->arena, " %s %s", words, function) : "";
}

static void create_wrapper(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_CREATE, "CREATE FOREIGN DATA WRAPPER %s%s%s%s", node->after->name,
	               function_clause(plan, "HANDLER", node_attribute(node, "handler")),
	               function_clause(plan, "VALIDATOR", node_attribute(node, "validator")),
	               options_clause(plan, node_attribute(node, "options")));
}

static void write_function(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	const char *words = strcmp(fact->name, "handler") == 0 ? "HANDLER" : "VALIDATOR";

	alter(plan, node,
	      arena_printf(plan->arena, "%s%s%s", fact->after ? "" : "NO ", words,
	                   fact->after ? arena_printf(plan->arena, " %s", fact->after) : ""));
}

static const struct fact_rule wrapper_facts[] = {
    {.name = "handler", .write = write_function},
    {.name = "validator", .write = write_function},
    {.name = "options", .write = write_options},
    {.name = NULL},
};

/* --- servers ---------------------------------------------------------------------- */

static const char *text_clause(struct change_plan *plan, const char *words, const char *text)
{
	return text ? arena_printf(plan->arena, " %s %s", words, quote_literal(plan->arena, text)) : "";
}

static void create_server(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_CREATE, "CREATE SERVER %s%s%s FOREIGN DATA WRAPPER %s%s",
	               node->after->name, text_clause(plan, "TYPE", node_attribute(node, "type")),
	               text_clause(plan, "VERSION", node_attribute(node, "version")),
	               node_attribute(node, "wrapper"), options_clause(plan, node_attribute(node, "options")));
}

static void write_version(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	alter(plan, node, arena_printf(plan->arena, "VERSION %s", quote_literal(plan->arena, fact->after)));
}

static const struct fact_rule server_facts[] = {
    {.name = "version", .write = write_version},
    {.name = "options", .write = write_options},
    {.name = NULL},
};

/* --- user mappings ------------------------------------------------------------------ */

static bool is_secret(struct str value)
{
	return str_starts(value, "'sha256:") && value.len == strlen("'sha256:'") + 64;
}

/* Options as they were, each secret that has to be given left out. */
static const char *known_options(struct change_plan *plan, const char *options, const char *before,
                                 const char **missing)
{
	struct buffer text = {.arena = plan->arena};
	struct buffer names = {.arena = plan->arena};
	struct str rest = str_of(options ? options : "");
	struct str name;
	struct str value;

	while (option_list_next(&rest, &name, &value)) {
		if (is_secret(value) && !str_equal(option_list_find(before, name), value))
			buffer_printf(&names, "%s%.*s", names.len ? ", " : "", STR_ARGS(name));
		else
			buffer_printf(&text, "%s%.*s %.*s", text.len ? ", " : "", STR_ARGS(name), STR_ARGS(value));
	}
	*missing = names.len ? buffer_cstr(&names) : NULL;
	return buffer_cstr(&text);
}

/* What stands above the statement; and it is told. */
static const char *note_missing(struct change_plan *plan, const struct change_node *node, const char *names)
{
	if (!names)
		return "";
	plan_unmodelled(plan, node, arena_printf(plan->arena, "the secret value of %s", names));
	return arena_printf(plan->arena, "-- give %s by hand: the value is a secret and is not known here\n",
	                    names);
}

static void create_user_mapping(struct change_plan *plan, struct change_node *node)
{
	const char *missing;
	const char *options = known_options(plan, node_attribute(node, "options"), NULL, &missing);

	(void)plan_add(plan, node, ROLE_CREATE, "%sCREATE %s%s", note_missing(plan, node, missing),
	               object_reference(node->after, plan->arena), options_clause(plan, options));
}

/* A secret that is there stays as it is; what it was before is not known either. */
static void write_mapping_options(struct change_plan *plan, struct change_node *node,
                                  const struct fact_change *fact)
{
	const char *missing;
	const char *after = known_options(plan, fact->after, fact->before, &missing);
	const char *kept = missing ? missing : "";
	struct buffer before = {.arena = plan->arena};
	struct str rest = str_of(fact->before ? fact->before : "");
	struct str name;
	struct str value;

	while (option_list_next(&rest, &name, &value))
		if (!option_list_find(kept, name).text)
			buffer_printf(&before, "%s%.*s %.*s", before.len ? ", " : "", STR_ARGS(name), STR_ARGS(value));
	const char *change = foreign_options_change(plan->arena, buffer_cstr(&before), after);
	const char *note = note_missing(plan, node, missing);
	if (*change)
		(void)plan_add(plan, node, ROLE_ALTER, "%sALTER %s OPTIONS (%s)", note,
		               object_reference(node->after, plan->arena), change);
}

static const struct fact_rule user_mapping_facts[] = {
    {.name = "options", .write = write_mapping_options},
    {.name = NULL},
};

const struct kind_rules foreign_data_wrapper_rules = {
    .create = create_wrapper, .drop = drop_simple, .facts = wrapper_facts};
const struct kind_rules server_rules = {.create = create_server, .drop = drop_simple, .facts = server_facts};
const struct kind_rules user_mapping_rules = {
    .create = create_user_mapping, .drop = drop_simple, .facts = user_mapping_facts};
