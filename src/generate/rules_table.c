/*
 * A table is created with its columns and, where nothing stands in the way, their defaults, its keys and
 * checks; a foreign key is always a statement of its own, as two tables may refer to each other. A default or
 * a check that calls a function that takes the table's row type cannot be in it either (plan_reaches).
 *
 * Everything a table is can be changed in place but how it is partitioned, and the server of a foreign table:
 * for these it is dropped and created, which loses its rows.
 */
#include <stdlib.h>
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- CREATE TABLE ----------------------------------------------------------- */

static long position_of(const struct change_node *node)
{
	return strtol(node_attribute(node, "position"), NULL, 10);
}

static int compare_positions(const void *a, const void *b)
{
	const long left = position_of(*(struct change_node *const *)a);
	const long right = position_of(*(struct change_node *const *)b);

	return (left > right) - (left < right);
}

static struct change_node **columns_of(struct change_plan *plan, const struct change_node *table,
                                       size_t *count)
{
	struct change_node **columns = NULL;
	const struct object *at = NULL;
	struct change_node *column;

	*count = 0;
	while ((column = plan_new_child_next(plan, table, OBJECT_COLUMN, &at)))
		*ARENA_PUSH(plan->arena, columns, *count) = column;
	if (*count)
		qsort(columns, *count, sizeof(*columns), compare_positions);
	return columns;
}

static void add_line(struct buffer *text, const char *line)
{
	buffer_printf(text, "%s\n    %s", text->len && text->arena ? "," : "", line);
}

/* Its type has all else. */
static void add_typed(struct change_plan *plan, struct buffer *text, struct change_node *column)
{
	const char *not_null = not_null_text(plan, column);

	if (*not_null)
		add_line(text, arena_printf(plan->arena, "%s%s", column->after->name, not_null));
}

static const char *lines_of(struct change_plan *plan, struct change_node *table)
{
	struct buffer text = {.arena = plan->arena};
	const struct object *at = NULL;
	struct change_node *constraint;
	size_t count;
	struct change_node **columns = columns_of(plan, table, &count);
	const bool is_apart = table_is_apart(plan, table);
	struct handed_down handing = {0};
	const struct object *handed_down;

	for (size_t i = 0; i < count; i++) {
		columns[i]->comes_with = table;
		if (node_attribute(table, "of_type"))
			add_typed(plan, &text, columns[i]);
		else if (is_apart || !node_attribute(columns[i], "inherited"))
			add_line(&text, column_text(plan, columns[i]));
	}
	while ((constraint = plan_new_child_next(plan, table, OBJECT_CONSTRAINT, &at))) {
		if (!constraint_folds(plan, constraint, table))
			continue;
		constraint->comes_with = table;
		add_line(&text, arena_printf(plan->arena, "CONSTRAINT %s %s", constraint->after->name,
		                             constraint->after->definition));
	}
	while (is_apart && (handed_down = handed_down_next(table->after, &handing)))
		if (strcmp(object_attribute(handed_down, "type"), "check") == 0)
			add_line(&text, arena_printf(plan->arena, "CONSTRAINT %s %s", handed_down->name,
			                             handed_down->definition));
	return buffer_cstr(&text);
}

static void add_storage(struct change_plan *plan, struct buffer *text, const struct change_node *node)
{
	const char *options = options_set(plan->arena, NULL, node_attribute(node, "options"), "");
	const char *toast = options_set(plan->arena, NULL, node_attribute(node, "toast_options"), "toast.");
	const char *method = node_attribute(node, "access_method");
	const char *tablespace = node_attribute(node, "tablespace");

	if (method)
		buffer_printf(text, "\nUSING %s", quote_name(plan->arena, method));
	if (options || toast)
		buffer_printf(text, "\nWITH (%s%s%s)", options ? options : "", options && toast ? ", " : "",
		              toast ? toast : "");
	if (tablespace && plan->options->parts & PART_TABLESPACE)
		buffer_printf(text, "\nTABLESPACE %s", quote_name(plan->arena, tablespace));
}

static void add_shape(struct change_plan *plan, struct buffer *text, struct change_node *node)
{
	const char *inherits = node_attribute(node, "inherits");
	const char *bound = table_is_apart(plan, node) ? NULL : node_attribute(node, "partition_bound");
	const char *lines = lines_of(plan, node);

	if (bound)
		buffer_printf(text, " PARTITION OF %s", inherits);
	else if (node_attribute(node, "of_type"))
		buffer_printf(text, " OF %s", node_attribute(node, "of_type"));
	if (*lines || (!bound && !node_attribute(node, "of_type")))
		buffer_printf(text, " (%s%s)", lines, *lines ? "\n" : "");
	if (bound)
		buffer_printf(text, " %s", bound);
	else if (inherits && !table_is_apart(plan, node))
		buffer_printf(text, "\nINHERITS (%s)", inherits);
	if (node_attribute(node, "partition_key"))
		buffer_printf(text, "\nPARTITION BY %s", node_attribute(node, "partition_key"));
}

static void add_server(struct change_plan *plan, struct buffer *text, const struct change_node *node)
{
	const char *options = node_attribute(node, "foreign_options");

	if (!node_is(node, OBJECT_FOREIGN_TABLE))
		return;
	buffer_printf(text, "\nSERVER %s", node_attribute(node, "server"));
	if (options)
		buffer_printf(text, " OPTIONS (%s)", options);
	(void)plan;
}

/* Facts that CREATE TABLE cannot say, as if they had been changed. */
static void write_later_facts(struct change_plan *plan, struct change_node *node)
{
	static const char *const names[] = {"row_security", "force_row_security", "replica_identity"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct fact_change fact = {names[i], NULL, node_attribute(node, names[i])};

		if (fact.after)
			rule_of(node, names[i])->write(plan, node, &fact);
	}
}

static void attach(struct change_plan *plan, struct change_node *node, enum statement_role role)
{
	struct plan_statement *statement = plan_add(
	    plan, node, role, "ALTER TABLE %s ATTACH PARTITION %s %s", object_attribute(node->after, "inherits"),
	    node->after->identity, object_attribute(node->after, "partition_bound"));

	statement->joins = true;
	statement->stage = STAGE_EVALUATE;
	statement->public.hazards |= role == ROLE_ALTER ? HAZARD_SCAN | HAZARD_MAY_FAIL : 0;
}

static void create_table(struct change_plan *plan, struct change_node *node)
{
	struct buffer text = {.arena = plan->arena};

	buffer_printf(&text, "CREATE %s%s %s", node_attribute(node, "unlogged") ? "UNLOGGED " : "",
	              object_words(node_object(node)), node->after->identity);
	add_shape(plan, &text, node);
	add_server(plan, &text, node);
	add_storage(plan, &text, node);
	(void)plan_add(plan, node, ROLE_CREATE, "%s", buffer_cstr(&text));
	if (table_is_apart(plan, node))
		attach(plan, node, ROLE_REMARK);
	write_later_facts(plan, node);
}

/* Foreign keys refer to the whole of its parent, and so to it. */
static bool is_referred_to(const struct object *table)
{
	for (const struct object *child = table->first_child; child; child = child->next_sibling)
		for (uint32_t i = 0; child->kind == &object_kinds[OBJECT_INDEX] && i < child->needed_by_count; i++)
			if (child->needed_by[i].object->kind == &object_kinds[OBJECT_CONSTRAINT])
				return true;
	for (uint32_t i = 0; object_attribute(table, "partition_bound") && i < table->need_count; i++)
		if (table->needs[i].object->kind == &object_kinds[OBJECT_TABLE] &&
		    is_referred_to(table->needs[i].object))
			return true;
	return false;
}

static void detach(struct change_plan *plan, struct change_node *node)
{
	(void)plan_add(plan, node, ROLE_RELEASE, "ALTER TABLE %s DETACH PARTITION %s",
	               object_attribute(node->before, "inherits"), node->before->identity);
}

static void drop_table(struct change_plan *plan, struct change_node *node)
{
	if (object_attribute(node->before, "partition_bound") && is_referred_to(node->before))
		detach(plan, node);
	struct plan_statement *statement = plan_add(plan, node, ROLE_DROP, "DROP %s %s",
	                                            object_words(node_object(node)), node->before->identity);

	if (node_is(node, OBJECT_FOREIGN_TABLE))
		return;
	statement->stage = STAGE_LOSE;
	statement->public.hazards |= HAZARD_DATA_LOSS | HAZARD_IRREVERSIBLE;
}

/* --- what changes in place --------------------------------------------------- */

static struct plan_statement *alter(struct change_plan *plan, struct change_node *node, const char *what)
{
	return plan_add(plan, node, ROLE_ALTER, "%s %s", alter_relation(plan, node->after, false), what);
}

static void write_unlogged(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	alter(plan, node, fact->after ? "SET UNLOGGED" : "SET LOGGED")->public.hazards |= HAZARD_REWRITE;
}

static void write_option_list(struct change_plan *plan, struct change_node *node,
                              const struct fact_change *fact, const char *prefix)
{
	const char *set = options_set(plan->arena, fact->before, fact->after, prefix);
	const char *reset = options_reset(plan->arena, fact->before, fact->after, prefix);

	if (set)
		(void)alter(plan, node, arena_printf(plan->arena, "SET (%s)", set));
	if (reset)
		(void)alter(plan, node, arena_printf(plan->arena, "RESET (%s)", reset));
}

static void write_options(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	write_option_list(plan, node, fact, "");
}

static void write_toast_options(struct change_plan *plan, struct change_node *node,
                                const struct fact_change *fact)
{
	write_option_list(plan, node, fact, "toast.");
}

static void write_access_method(struct change_plan *plan, struct change_node *node,
                                const struct fact_change *fact)
{
	const char *method = fact->after ? quote_name(plan->arena, fact->after) : "heap";

	alter(plan, node, arena_printf(plan->arena, "SET ACCESS METHOD %s", method))->public.hazards |=
	    HAZARD_REWRITE;
}

static void write_tablespace(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	const char *name = fact->after ? quote_name(plan->arena, fact->after) : "pg_default";

	alter(plan, node, arena_printf(plan->arena, "SET TABLESPACE %s", name))->public.hazards |= HAZARD_REWRITE;
}

static void write_row_security(struct change_plan *plan, struct change_node *node,
                               const struct fact_change *fact)
{
	alter(plan, node, fact->after ? "ENABLE ROW LEVEL SECURITY" : "DISABLE ROW LEVEL SECURITY")
	    ->public.hazards |= HAZARD_SECURITY;
}

static void write_force_row_security(struct change_plan *plan, struct change_node *node,
                                     const struct fact_change *fact)
{
	alter(plan, node, fact->after ? "FORCE ROW LEVEL SECURITY" : "NO FORCE ROW LEVEL SECURITY")
	    ->public.hazards |= HAZARD_SECURITY;
}

/* One by index is the index's statement. */
static void write_replica_identity(struct change_plan *plan, struct change_node *node,
                                   const struct fact_change *fact)
{
	if (!fact->after || strcmp(fact->after, "index") != 0)
		(void)alter(plan, node,
		            arena_printf(plan->arena, "REPLICA IDENTITY %s",
		                         !fact->after                       ? "DEFAULT"
		                         : strcmp(fact->after, "full") == 0 ? "FULL"
		                                                            : "NOTHING"));
}

static void write_of_type(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	if (fact->before)
		(void)plan_add(plan, node, ROLE_RELEASE, "%s NOT OF", alter_relation(plan, node->after, false));
	if (fact->after)
		(void)alter(plan, node, arena_printf(plan->arena, "OF %s", fact->after));
}

static void write_foreign_options(struct change_plan *plan, struct change_node *node,
                                  const struct fact_change *fact)
{
	(void)alter(plan, node,
	            arena_printf(plan->arena, "OPTIONS (%s)",
	                         foreign_options_change(plan->arena, fact->before, fact->after)));
}

/* --- inheritance ------------------------------------------------------------- */

static bool is_listed(const char *list, struct str name)
{
	struct str rest = str_of(list ? list : "");
	struct str item;
	struct str none;

	while (option_list_next(&rest, &item, &none))
		if (str_equal(item, name))
			return true;
	return false;
}

static void write_parents(struct change_plan *plan, struct change_node *node, enum statement_role role,
                          const char *words, const char *parents, const char *others)
{
	struct str rest = str_of(parents ? parents : "");
	struct str name;
	struct str none;

	while (option_list_next(&rest, &name, &none))
		if (!is_listed(others, name))
			plan_add(plan, node, role, "%s %s %.*s", alter_relation(plan, node->after, false), words,
			         STR_ARGS(name))
			    ->joins = role == ROLE_ALTER;
}

static bool has_constraint(const struct object *table, const char *name)
{
	for (const struct object *child = table->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_CONSTRAINT] && strcmp(child->name, name) == 0)
			return true;
	return false;
}

/* Of a parent that it leaves it keeps what was handed down. */
static void drop_handed_down(struct change_plan *plan, struct change_node *node)
{
	struct handed_down at = {0};
	const struct object *constraint;

	while ((constraint = handed_down_next(node->before, &at))) {
		const struct change_node *kept = plan_node(plan, constraint);

		if (!has_constraint(node->before, constraint->name) &&
		    !has_constraint(node->after, constraint->name) &&
		    !handed_down_find(node->after, constraint->name) && !(node_goes(kept) && !kept->goes_with))
			(void)alter(plan, node, arena_printf(plan->arena, "DROP CONSTRAINT %s", constraint->name));
	}
}

/* A child has to have its parent's checks before it can be one. */
static void add_handed_down(struct change_plan *plan, struct change_node *node)
{
	struct handed_down at = {0};
	const struct object *constraint;

	while ((constraint = handed_down_next(node->after, &at)))
		if (strcmp(object_attribute(constraint, "type"), "check") == 0 &&
		    !has_constraint(node->before, constraint->name) &&
		    !has_constraint(node->after, constraint->name) &&
		    !handed_down_find(node->before, constraint->name))
			alter(plan, node,
			      arena_printf(plan->arena, "ADD CONSTRAINT %s %s", constraint->name, constraint->definition))
			    ->public.hazards |= HAZARD_SCAN | HAZARD_MAY_FAIL;
}

/* Parents that stay are before those that come. */
static bool keeps_order(const struct change_node *node)
{
	const char *before = object_attribute(node->before, "inherits");
	struct str rest = str_of(before ? before : "");
	struct str after = str_of(node_attribute(node, "inherits") ? node_attribute(node, "inherits") : "");
	struct str parent;
	struct str next;

	while (item_list_next(&rest, &parent))
		if (is_listed(node_attribute(node, "inherits"), parent) &&
		    (!item_list_next(&after, &next) || !str_equal(parent, next)))
			return false;
	return true;
}

/* A partition has one parent, and where that or its bound changes it is taken out and put in. */
static void write_inheritance(struct change_plan *plan, struct change_node *node,
                              const struct fact_change *fact)
{
	const bool was_partition = object_attribute(node->before, "partition_bound");
	const bool is_partition = object_attribute(node->after, "partition_bound");
	const bool keeps = !was_partition && !is_partition && keeps_order(node);

	if (node->is_rewritten)
		return;
	node->is_rewritten = true;
	(void)fact;
	if (was_partition)
		detach(plan, node);
	else
		write_parents(plan, node, ROLE_RELEASE, "NO INHERIT", object_attribute(node->before, "inherits"),
		              keeps ? object_attribute(node->after, "inherits") : NULL);
	drop_handed_down(plan, node);
	add_handed_down(plan, node);
	if (is_partition)
		attach(plan, node, ROLE_ALTER);
	else
		write_parents(plan, node, ROLE_ALTER, "INHERIT", object_attribute(node->after, "inherits"),
		              keeps ? object_attribute(node->before, "inherits") : NULL);
}

static const struct fact_rule table_facts[] = {
    {.name = "unlogged", .write = write_unlogged},
    {.name = "options", .write = write_options},
    {.name = "toast_options", .write = write_toast_options},
    {.name = "access_method", .write = write_access_method, .since = 15},
    {.name = "tablespace", .write = write_tablespace},
    {.name = "row_security", .write = write_row_security},
    {.name = "force_row_security", .write = write_force_row_security},
    {.name = "replica_identity", .write = write_replica_identity},
    {.name = "inherits", .write = write_inheritance},
    {.name = "partition_bound", .write = write_inheritance},
    {.name = "of_type", .write = write_of_type},
    {.name = "foreign_options", .write = write_foreign_options},
    {.name = NULL},
};

const struct kind_rules table_rules = {.create = create_table, .drop = drop_table, .facts = table_facts};
