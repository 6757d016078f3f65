/*
 * Writes the statements of each object by the rules of its kind. Nodes come in canonical order, a parent
 * before its children: so a table's statement has taken in what it can hold by the time that is asked for a
 * statement of its own.
 *
 * What no rules are known for is told as unmodelled: a script that leaves something out in silence would be
 * worse than none.
 */
#include "generate/change_plan_internal.h"

/* In the order of the rules. */
static void write_alterations(struct change_plan *plan, struct change_node *node)
{
	for (const struct fact_rule *rule = node->rules->facts; rule && rule->name && node->change; rule++) {
		const struct fact_change *fact = object_change_fact(node->change, rule->name);

		if (fact && rule->write)
			rule->write(plan, node, fact);
	}
	if (node->rules->alter)
		node->rules->alter(plan, node);
}

static void write_drop(struct change_plan *plan, struct change_node *node)
{
	if (node_goes(node) && !node->goes_with)
		node->rules->drop(plan, node);
}

static void write_node(struct change_plan *plan, struct change_node *node)
{
	if (!node->rules->create) {
		plan_unmodelled(plan, node, "its kind");
		return;
	}
	write_drop(plan, node);
	if (node_comes(node))
		node->rules->create(plan, node);
	else if (node->fate == FATE_ALTER)
		write_alterations(plan, node);
	if (node->after && node->fate != FATE_KEEP)
		write_remarks(plan, node);
}

void plan_write_statements(struct change_plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i].fate != FATE_KEEP)
			write_node(plan, &plan->nodes[i]);
}
