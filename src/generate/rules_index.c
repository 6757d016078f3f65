/*
 * An index is what its definition says, and is built anew when that changes. The one of a key comes with the
 * key's constraint, one of a partition that belongs to its parent's with that; what can be said of any index
 * (the order of the table by it, its use for replication) is said afterwards.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static void write_later_facts(struct change_plan *plan, struct change_node *node)
{
	static const char *const names[] = {"clustered", "replica_identity", "statistics"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct fact_change fact = {names[i], NULL, node_attribute(node, names[i])};

		if (fact.after)
			rule_of(node, names[i])->write(plan, node, &fact);
	}
}

static void build(struct change_plan *plan, struct change_node *node)
{
	struct plan_statement *statement = plan_add(plan, node, ROLE_CREATE, "CREATE %sINDEX %s ON %s%s %s",
	                                            node_attribute(node, "unique") ? "UNIQUE " : "",
	                                            node->after->name, index_is_only(node->after) ? "ONLY " : "",
	                                            node->after->parent->identity, node->after->definition);

	statement->stage = STAGE_EVALUATE;
	if (!node_comes(plan_parent(plan, node)))
		statement->public.hazards |= HAZARD_SCAN | (node_attribute(node, "unique") ? HAZARD_MAY_FAIL : 0);
}

static void attach(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_REMARK, "ALTER INDEX %s ATTACH PARTITION %s",
	               node_attribute(node, "attached_to"), node->after->identity);
}

static void create_index(struct change_plan *plan, struct change_node *node)
{
	const bool is_part = node_attribute(node, "attached_to");

	if (object_attribute(node->after, "constraint"))
		node->comes_with = constraint_of(plan, node->after);
	else
		node->comes_with = index_giver(plan, node);
	node->is_early =
	    is_part && index_is_attached(plan, node) && (!node->comes_with || node->comes_with->is_early);
	if (!node->comes_with && (is_part || !online_create_index(plan, node)))
		build(plan, node);
	if (is_part && !index_is_attached(plan, node))
		attach(plan, node);
	write_later_facts(plan, node);
}

static void drop_index(struct change_plan *plan, struct change_node *node)
{
	if (object_attribute(node->before, "constraint"))
		node->goes_with = constraint_of(plan, node->before);
	else if ((!object_attribute(node->before, "attached_to") || leaves_original(plan, node)) &&
	         !online_drop_index(plan, node))
		(void)plan_add(plan, node, ROLE_DROP, "DROP INDEX %s", node->before->identity);
}

static void write_attached_to(struct change_plan *plan, struct change_node *node,
                              const struct fact_change *fact)
{
	node->is_early = fact->after;
	if (fact->after && !index_is_attached(plan, node))
		attach(plan, node);
}

/* Only with its table. */
static bool cannot_leave(const struct change_plan *plan, const struct change_node *node,
                         const struct fact_change *fact)
{
	return fact->before && !leaves_original(plan, node);
}

static void write_clustered(struct change_plan *plan, struct change_node *node,
                            const struct fact_change *fact)
{
	const char *alter = alter_relation(plan, node->after->parent, false);

	if (fact->after)
		(void)plan_add(plan, node, ROLE_ALTER, "%s CLUSTER ON %s", alter, node->after->name);
	else
		(void)plan_add(plan, node, ROLE_ALTER, "%s SET WITHOUT CLUSTER", alter);
}

/* Where it is no longer this one the table says which it is. */
static void write_replica_identity(struct change_plan *plan, struct change_node *node,
                                   const struct fact_change *fact)
{
	if (fact->after)
		(void)plan_add(plan, node, ROLE_ALTER, "%s REPLICA IDENTITY USING INDEX %s",
		               alter_relation(plan, node->after->parent, false), node->after->name);
}

static void write_tablespace(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	const char *name = fact->after ? quote_name(plan->arena, fact->after) : "pg_default";

	plan_add(plan, node, ROLE_ALTER, "ALTER INDEX %s SET TABLESPACE %s", node->after->identity, name)
	    ->public.hazards |= HAZARD_REWRITE;
}

/* "1 100, 3 50": of columns by their numbers. */
static void write_statistics(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	struct str rest = str_of(fact->after ? fact->after : "");
	struct str column;
	struct str target;

	while (option_list_next(&rest, &column, &target))
		(void)plan_add(plan, node, ROLE_ALTER, "ALTER INDEX %s ALTER COLUMN %.*s SET STATISTICS %.*s",
		               node->after->identity, STR_ARGS(column), STR_ARGS(target));
	rest = str_of(fact->before ? fact->before : "");
	while (option_list_next(&rest, &column, &target))
		if (!option_list_find(fact->after, column).text)
			(void)plan_add(plan, node, ROLE_ALTER, "ALTER INDEX %s ALTER COLUMN %.*s SET STATISTICS -1",
			               node->after->identity, STR_ARGS(column));
}

/* ADD CONSTRAINT takes an index that is there already, if it is over columns in their usual order. */
static bool cannot_be_adopted(const struct change_plan *plan, const struct change_node *node,
                              const struct fact_change *fact)
{
	const struct change_node *constraint = constraint_of(plan, node->after);

	return !fact->after || !constraint || strcmp(node_attribute(constraint, "type"), "exclude") == 0 ||
	       node_attribute(plan_parent(plan, node), "partition_key") ||
	       object_attribute(node->after, "attached_to") || object_attribute(node->before, "attached_to") ||
	       strstr(node->after->definition, " WHERE ");
}

static const struct fact_rule index_facts[] = {
    {.name = "constraint", .write = leave_alone, .must_replace = cannot_be_adopted},
    {.name = "attached_to", .write = write_attached_to, .must_replace = cannot_leave},
    {.name = "clustered", .write = write_clustered},
    {.name = "replica_identity", .write = write_replica_identity},
    {.name = "tablespace", .write = write_tablespace},
    {.name = "statistics", .write = write_statistics},
    {.name = NULL},
};

const struct kind_rules index_rules = {.create = create_index, .drop = drop_index, .facts = index_facts};
