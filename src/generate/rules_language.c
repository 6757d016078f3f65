/*
 * What lies in no schema and is made of functions: languages, access methods, event triggers. A language is
 * replaced in place, functions in it stay.
 *
 * An event trigger acts on the statements of a script, so that it goes before all others and comes after
 * them.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- languages --------------------------------------------------------------- */

static void write_language(struct change_plan *plan, struct change_node *node, enum statement_role role)
{
	static const char *const words[][2] = {
	    {"handler", "HANDLER"}, {"inline", "INLINE"}, {"validator", "VALIDATOR"}};
	struct buffer text = {.arena = plan->arena};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *function = node_attribute(node, words[i][0]);

		if (function)
			buffer_printf(&text, " %s %s", words[i][1], function);
	}
	(void)plan_add(plan, node, role, "CREATE %s%sLANGUAGE %s%s", role == ROLE_ALTER ? "OR REPLACE " : "",
	               node_attribute(node, "trusted") ? "TRUSTED " : "", node->after->name, buffer_cstr(&text));
}

static void create_language(struct change_plan *plan, struct change_node *node)
{
	write_language(plan, node, ROLE_CREATE);
}

static void replace_language(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	(void)fact;
	if (!node->is_rewritten)
		write_language(plan, node, ROLE_ALTER);
	node->is_rewritten = true;
}

static const struct fact_rule language_facts[] = {
    {.name = "trusted", .write = replace_language},
    {.name = "handler", .write = replace_language},
    {.name = "inline", .write = replace_language},
    {.name = "validator", .write = replace_language},
    {.name = NULL},
};

/* --- access methods ------------------------------------------------------------ */

static void create_access_method(struct change_plan *plan, struct change_node *node)
{
	const bool is_table = strcmp(node_attribute(node, "type"), "table") == 0;

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE ACCESS METHOD %s TYPE %s HANDLER %s", node->after->name,
	               is_table ? "TABLE" : "INDEX", node_attribute(node, "handler"));
}

/* --- event triggers ------------------------------------------------------------ */

enum { OUTERMOST = OBJECT_KIND_COUNT };

static void act_last(struct plan_statement *statement)
{
	statement->stage = STAGE_END;
	statement->rank = OUTERMOST;
}

static void switch_event_trigger(struct change_plan *plan, struct change_node *node, const char *enabled)
{
	static const struct word_choice choices[] = {
	    {"disabled", "DISABLE"}, {"replica", "ENABLE REPLICA"}, {"always", "ENABLE ALWAYS"}, {.value = NULL}};
	const struct clause clause = {"enabled", "", CLAUSE_TEXT, choices};
	struct plan_statement *statement =
	    plan_add(plan, node, ROLE_ALTER, "ALTER EVENT TRIGGER %s %s", node->after->name,
	             enabled ? clause_value(plan->arena, &clause, enabled) : "ENABLE");

	act_last(statement);
	if (enabled && !node_comes(node) && strcmp(enabled, "disabled") == 0)
		statement->stage = STAGE_DROP;
}

static void write_enabled(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	switch_event_trigger(plan, node, fact->after);
}

static void create_event_trigger(struct change_plan *plan, struct change_node *node)
{
	const char *tags = node_attribute(node, "tags");
	const char *enabled = node_attribute(node, "enabled");

	act_last(plan_add(plan, node, ROLE_CREATE,
	                  "CREATE EVENT TRIGGER %s ON %s%s%s%s\n    EXECUTE FUNCTION %s()", node->after->name,
	                  node_attribute(node, "event"), tags ? "\n    WHEN TAG IN (" : "", tags ? tags : "",
	                  tags ? ")" : "", node_attribute(node, "function")));
	if (enabled)
		switch_event_trigger(plan, node, enabled);
}

static void drop_event_trigger(struct change_plan *plan, struct change_node *node)
{
	plan_add(plan, node, ROLE_DROP, "DROP EVENT TRIGGER %s", node->before->name)->rank = OUTERMOST;
}

static const struct fact_rule event_trigger_facts[] = {
    {.name = "enabled", .write = write_enabled},
    {.name = NULL},
};

const struct kind_rules language_rules = {
    .create = create_language, .drop = drop_simple, .facts = language_facts};
const struct kind_rules access_method_rules = {
    .create = create_access_method, .drop = drop_simple, .facts = no_facts};
const struct kind_rules event_trigger_rules = {
    .create = create_event_trigger, .drop = drop_event_trigger, .facts = event_trigger_facts};
