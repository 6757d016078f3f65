/*
 * What lies on a table and acts on its rows: triggers, policies, rules. Each is its definition; whether it is
 * switched on is told apart, as it is switched by other means and often by hand.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static const char *switched(const char *enabled)
{
	return !enabled                           ? "ENABLE"
	       : strcmp(enabled, "disabled") == 0 ? "DISABLE"
	       : strcmp(enabled, "replica") == 0  ? "ENABLE REPLICA"
	                                          : "ENABLE ALWAYS";
}

static void write_switch(struct change_plan *plan, struct change_node *node, const struct object *trigger)
{
	(void)plan_add(plan, node, ROLE_ALTER, "%s %s %s %s", alter_relation(plan, trigger->parent, false),
	               switched(object_attribute(trigger, "enabled")), object_words(trigger), trigger->name);
}

/* With those of partitions, of which some may be to stay as they were. */
static void switch_it(struct change_plan *plan, struct change_node *node)
{
	write_switch(plan, node, node->after);
	for (uint32_t i = 0; i < node->after->needed_by_count; i++) {
		const struct change_node *other = plan_node(plan, node->after->needed_by[i].object);

		if (other && other->fate == FATE_KEEP && node_is(other, OBJECT_TRIGGER))
			write_switch(plan, node, other->after);
	}
}

static void write_enabled(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	(void)fact;
	switch_it(plan, node);
}

/* --- triggers ------------------------------------------------------------------ */

static void create_trigger(struct change_plan *plan, struct change_node *node)
{
	if (!node_attribute(node, "inherited"))
		(void)plan_add(plan, node, ROLE_CREATE, "CREATE %sTRIGGER %s %s",
		               node_attribute(node, "constraint") ? "CONSTRAINT " : "", node->after->name,
		               node->after->definition);
	if (node_attribute(node, "enabled") || node_attribute(node, "inherited"))
		switch_it(plan, node);
}

static struct change_node *original_of(const struct change_plan *plan, const struct object *trigger)
{
	for (uint32_t i = 0; i < trigger->need_count; i++)
		if (trigger->needs[i].object->kind == &object_kinds[OBJECT_TRIGGER])
			return plan_node(plan, trigger->needs[i].object);
	return NULL;
}

/* A partition's is only told of while it is switched otherwise than its parent's, and goes with that. */
static void drop_trigger(struct change_plan *plan, struct change_node *node)
{
	const struct change_node *original = original_of(plan, node->before);
	const struct change_node *table = plan_parent(plan, node);

	if (!object_attribute(node->before, "inherited"))
		drop_simple(plan, node);
	else if (original && !node_goes(original) && table->after && !leaves_original(plan, node))
		(void)plan_add(plan, node, ROLE_DROP, "%s %s TRIGGER %s",
		               alter_relation(plan, node->before->parent, true),
		               switched(object_attribute(original->after, "enabled")), node->before->name);
}

static const struct fact_rule trigger_facts[] = {
    {.name = "enabled", .write = write_enabled},
    {.name = NULL},
};

/* --- rules --------------------------------------------------------------------- */

static void write_rule(struct change_plan *plan, struct change_node *node, enum statement_role role)
{
	struct str text = str_of(node->after->definition);

	if (str_ends(text, ";"))
		text = str_slice(text, 0, text.len - 1);
	(void)plan_add(plan, node, role, "CREATE %sRULE %s AS%.*s", role == ROLE_ALTER ? "OR REPLACE " : "",
	               node->after->name, STR_ARGS(text));
}

static void create_rule(struct change_plan *plan, struct change_node *node)
{
	write_rule(plan, node, ROLE_CREATE);
	if (node_attribute(node, "enabled"))
		switch_it(plan, node);
}

static void write_rule_definition(struct change_plan *plan, struct change_node *node,
                                  const struct fact_change *fact)
{
	(void)fact;
	write_rule(plan, node, ROLE_ALTER);
}

static const struct fact_rule rule_facts[] = {
    {.name = "definition", .write = write_rule_definition},
    {.name = "enabled", .write = write_enabled},
    {.name = NULL},
};

/* --- policies ------------------------------------------------------------------ */

static void add_clauses(struct buffer *text, const struct change_node *node, bool only_changed)
{
	const char *roles = node_attribute(node, "roles");
	const char *using = node_attribute(node, "using");
	const char *check = node_attribute(node, "with_check");

	if (only_changed ? node_changes(node, "roles") : roles != NULL)
		buffer_printf(text, "\n TO %s", roles ? roles : "PUBLIC");
	if (using && (!only_changed || node_changes(node, "using")))
		buffer_printf(text, "\n USING (%s)", using);
	if (check && (!only_changed || node_changes(node, "with_check")))
		buffer_printf(text, "\n WITH CHECK (%s)", check);
}

static void create_policy(struct change_plan *plan, struct change_node *node)
{
	const char *command = node_attribute(node, "command");
	struct buffer text = {.arena = plan->arena};

	buffer_printf(&text, "CREATE %s", object_reference(node->after, plan->arena));
	if (node_attribute(node, "restrictive"))
		buffer_text(&text, " AS RESTRICTIVE");
	if (command)
		buffer_printf(&text, " FOR %s",
		              strcmp(command, "select") == 0   ? "SELECT"
		              : strcmp(command, "insert") == 0 ? "INSERT"
		              : strcmp(command, "update") == 0 ? "UPDATE"
		                                               : "DELETE");
	add_clauses(&text, node, false);
	plan_add(plan, node, ROLE_CREATE, "%s", buffer_cstr(&text))->public.hazards |= HAZARD_SECURITY;
}

static void alter_policy(struct change_plan *plan, struct change_node *node)
{
	struct buffer text = {.arena = plan->arena};

	if (!node_changes(node, "roles") && !node_changes(node, "using") && !node_changes(node, "with_check"))
		return;
	buffer_printf(&text, "ALTER %s", object_reference(node->after, plan->arena));
	add_clauses(&text, node, true);
	plan_add(plan, node, ROLE_ALTER, "%s", buffer_cstr(&text))->public.hazards |= HAZARD_SECURITY;
}

/* ALTER POLICY can change a condition and cannot take it away. */
static bool is_taken_away(const struct change_plan *plan, const struct change_node *node,
                          const struct fact_change *fact)
{
	(void)plan;
	(void)node;
	return !fact->after;
}

static const struct fact_rule policy_facts[] = {
    {.name = "roles"},
    {.name = "using", .write = NULL, .must_replace = is_taken_away},
    {.name = "with_check", .write = NULL, .must_replace = is_taken_away},
    {.name = NULL},
};

const struct kind_rules trigger_rules = {
    .create = create_trigger, .drop = drop_trigger, .facts = trigger_facts};
const struct kind_rules rule_rules = {.create = create_rule, .drop = drop_simple, .facts = rule_facts};
const struct kind_rules policy_rules = {
    .create = create_policy, .drop = drop_simple, .alter = alter_policy, .facts = policy_facts};
