/*
 * Extended statistics. What they are of is their definition; how much of it is kept is set apart from it.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static void write_target(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER STATISTICS %s SET STATISTICS %s", node->after->identity,
	               fact->after ? fact->after : "-1");
}

static void create_statistics(struct change_plan *plan, struct change_node *node)
{
	const struct fact_change target = {"target", NULL, node_attribute(node, "target")};

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE STATISTICS %s %s", node->after->identity,
	               node->after->definition);
	if (target.after)
		write_target(plan, node, &target);
}

static const struct fact_rule statistics_facts[] = {
    {.name = "target", .write = write_target},
    {.name = NULL},
};

const struct kind_rules statistics_rules = {
    .create = create_statistics, .drop = drop_simple, .facts = statistics_facts};
