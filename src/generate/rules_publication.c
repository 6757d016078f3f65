/*
 * Publications, what is in them, and subscriptions.
 *
 * A publication's tables are objects of their own: each is added and dropped by a statement, ONLY it, as its
 * children are objects too. What of a table is published is changed by dropping and adding it.
 *
 * How a subscription connects is no part of a schema and nowhere in the catalog that is compared; so that a
 * statement to create one cannot be written. It is named as unmodelled, and one that would have to be dropped
 * and created is left as it is. In place its publications change without their tables being copied: that
 * needs a connection, and no transaction.
 */
#include <string.h>

#include "generate/change_plan_internal.h"
#include "pg/query.h"

/* --- publications --------------------------------------------------------------- */

static const char *publication_option(struct change_plan *plan, const char *fact, const char *value)
{
	if (strcmp(fact, "publishes") == 0)
		return arena_printf(plan->arena, "publish = %s", quote_literal(plan->arena, value ? value : ""));
	if (strcmp(fact, "via_root") == 0)
		return arena_printf(plan->arena, "publish_via_partition_root = %s", value ? "true" : "false");
	return arena_printf(plan->arena, "publish_generated_columns = %s", value ? value : "none");
}

static void write_publication_option(struct change_plan *plan, struct change_node *node,
                                     const struct fact_change *fact)
{
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER PUBLICATION %s SET (%s)", node->after->name,
	               publication_option(plan, fact->name, fact->after));
}

static const struct fact_rule publication_facts[] = {
    {.name = "publishes", .write = write_publication_option},
    {.name = "via_root", .write = write_publication_option},
    {.name = "generated_columns", .write = write_publication_option},
    {.name = NULL},
};

/* Options that are not as they are by default. */
static const char *publication_options(struct change_plan *plan, const struct change_node *node)
{
	struct buffer text = {.arena = plan->arena};

	for (const struct fact_rule *rule = publication_facts; rule->name; rule++) {
		const char *value = node_attribute(node, rule->name);
		const bool is_publish = strcmp(rule->name, "publishes") == 0;

		if (is_publish ? value && strcmp(value, "insert, update, delete, truncate") == 0 : !value)
			continue;
		buffer_printf(&text, "%s%s", text.len ? ", " : " WITH (",
		              publication_option(plan, rule->name, value));
	}
	return text.len ? arena_printf(plan->arena, "%s)", buffer_cstr(&text)) : "";
}

static void create_publication(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_CREATE, "CREATE PUBLICATION %s%s%s", node->after->name,
	               node_attribute(node, "all_tables") ? " FOR ALL TABLES" : "",
	               publication_options(plan, node));
}

/* --- what is in them -------------------------------------------------------------- */

static void create_publication_table(struct change_plan *plan, struct change_node *node)
{
	const char *columns = node_attribute(node, "columns");
	const char *where = node_attribute(node, "where");

	(void)plan_add(plan, node, ROLE_CREATE, "ALTER PUBLICATION %s ADD TABLE ONLY %s%s%s%s%s%s%s",
	               node->after->parent->name, node->after->name, columns ? " (" : "", columns ? columns : "",
	               columns ? ")" : "", where ? " WHERE (" : "", where ? where : "", where ? ")" : "");
}

static void drop_publication_table(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_DROP, "ALTER PUBLICATION %s DROP TABLE ONLY %s",
	               node->before->parent->name, node->before->name);
}

static void create_publication_schema(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_CREATE, "ALTER PUBLICATION %s ADD TABLES IN SCHEMA %s",
	               node->after->parent->name, node->after->name);
}

static void drop_publication_schema(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_DROP, "ALTER PUBLICATION %s DROP TABLES IN SCHEMA %s",
	               node->before->parent->name, node->before->name);
}

/* --- subscriptions ------------------------------------------------------------------ */

static void create_subscription(struct change_plan *plan, struct change_node *node)
{
	plan_unmodelled(plan, node, "how it connects, to create it");
	node->fate = FATE_KEEP;
}

/* One with a slot drops that over there, for which there must be no transaction. */
static void drop_subscription(struct change_plan *plan, struct change_node *node)
{
	if (node->after)
		return;
	struct plan_statement *statement =
	    plan_add(plan, node, ROLE_DROP, "DROP SUBSCRIPTION %s", node->before->name);
	statement->is_alone = object_attribute(node->before, "slot");
	statement->public.hazards |= statement->is_alone ? HAZARD_NO_TRANSACTION | HAZARD_IRREVERSIBLE : 0;
}

static const struct {
	const char *fact;
	const char *option;
	const char *otherwise; /* where the catalog says nothing */
	bool is_flag;          /* set, or not */
	bool is_negated;
} subscription_options[] = {
    {"slot", "slot_name", "NONE", false, false},
    {"binary", "binary", "false", true, false},
    {"streaming", "streaming", "off", false, false},
    {"synchronous_commit", "synchronous_commit", "off", false, false},
    {"disable_on_error", "disable_on_error", "false", true, false},
    {"password_not_required", "password_required", "true", true, true},
    {"run_as_owner", "run_as_owner", "false", true, false},
    {"origin", "origin", "any", false, false},
};

static const char *subscription_value(struct change_plan *plan, size_t row, const char *value)
{
	if (!value)
		return subscription_options[row].otherwise;
	if (subscription_options[row].is_flag)
		return subscription_options[row].is_negated ? "false" : "true";
	return quote_literal(plan->arena, value);
}

static void write_subscription_option(struct change_plan *plan, struct change_node *node,
                                      const struct fact_change *fact)
{
	size_t row = 0;

	while (strcmp(subscription_options[row].fact, fact->name) != 0)
		row++;
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER SUBSCRIPTION %s SET (%s = %s)", node->after->name,
	               subscription_options[row].option, subscription_value(plan, row, fact->after));
}

static void write_publications(struct change_plan *plan, struct change_node *node,
                               const struct fact_change *fact)
{
	(void)plan_add(
	    plan, node, ROLE_ALTER,
	    "-- ALTER SUBSCRIPTION %s REFRESH PUBLICATION, outside of a transaction, copies new tables\n"
	    "ALTER SUBSCRIPTION %s SET PUBLICATION %s WITH (refresh = false)",
	    node->after->name, node->after->name, fact->after);
}

/* "two_phase" and "failover" are not there: they change over there too. */
static const struct fact_rule subscription_facts[] = {
    {.name = "publications", .write = write_publications},
    {.name = "slot", .write = write_subscription_option},
    {.name = "binary", .write = write_subscription_option},
    {.name = "streaming", .write = write_subscription_option},
    {.name = "synchronous_commit", .write = write_subscription_option},
    {.name = "disable_on_error", .write = write_subscription_option},
    {.name = "password_not_required", .write = write_subscription_option},
    {.name = "run_as_owner", .write = write_subscription_option},
    {.name = "origin", .write = write_subscription_option},
    {.name = NULL},
};

const struct kind_rules publication_rules = {
    .create = create_publication, .drop = drop_simple, .facts = publication_facts};
const struct kind_rules publication_table_rules = {
    .create = create_publication_table, .drop = drop_publication_table, .facts = no_facts};
const struct kind_rules publication_schema_rules = {
    .create = create_publication_schema, .drop = drop_publication_schema, .facts = no_facts};
const struct kind_rules subscription_rules = {
    .create = create_subscription, .drop = drop_subscription, .facts = subscription_facts};
