/*
 * What lies in no schema. The schema public is there in every new database; it is not created again, but
 * given what it has (owner, grants, comment) like any other.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static void create_schema(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_CREATE, "CREATE SCHEMA %s", node->after->name);
}

static void drop_schema(struct change_plan *plan, struct change_node *node)
{
	plan_add(plan, node, ROLE_DROP, "DROP SCHEMA %s", node->before->name)->stage = STAGE_LOSE;
}

static void create_extension(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_CREATE, "CREATE EXTENSION %s SCHEMA %s", node->after->name,
	               node_attribute(node, "installed_in"));
}

static void write_installed_in(struct change_plan *plan, struct change_node *node,
                               const struct fact_change *fact)
{
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER EXTENSION %s SET SCHEMA %s", node->after->name,
	               fact->after);
}

static const struct fact_rule extension_facts[] = {
    {.name = "installed_in", .write = write_installed_in},
    {.name = NULL},
};

const struct kind_rules schema_rules = {.create = create_schema, .drop = drop_schema, .facts = no_facts};
const struct kind_rules extension_rules = {
    .create = create_extension, .drop = drop_simple, .facts = extension_facts};
