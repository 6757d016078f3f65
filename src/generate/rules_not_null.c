/*
 * What keeps NULL out of a column. That it does is the column's fact, "not_null"; since 18 (17 for domains)
 * there is a constraint behind it, an object of its own, which only has to be told of where it has a name
 * that somebody chose, or does not reach children, or has not been held against the rows.
 *
 * A key and an identity say it too, and then CREATE TABLE does not repeat it.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static struct change_node *constraint_of_column(const struct change_plan *plan, const struct object *column)
{
	for (const struct object *child = column ? column->first_child : NULL; child; child = child->next_sibling)
		if (child->kind == &object_kinds[OBJECT_NOT_NULL])
			return plan_node(plan, child);
	return NULL;
}

static bool is_of_domain(const struct change_node *node)
{
	return node_object(node)->parent->kind == &object_kinds[OBJECT_DOMAIN];
}

/* "ALTER TABLE app.t", "ALTER DOMAIN app.d". */
static const char *alter_owner(const struct change_plan *plan, const struct change_node *node)
{
	const struct object *parent = node_object(node)->parent;

	return is_of_domain(node) ? arena_printf(plan->arena, "ALTER DOMAIN %s", parent->identity)
	                          : alter_relation(plan, parent->parent, false);
}

/* One that somebody chose, or that is needed to say something of it. */
static const char *chosen_name(const struct change_node *node)
{
	const char *name = node && node->after ? object_attribute(node->after, "constraint_name") : NULL;

	return !name && node && node->after && node->after->comment ? object_attribute(node->after, "real_name")
	                                                            : name;
}

static const char *naming(const struct change_plan *plan, const struct change_node *node)
{
	const char *name = chosen_name(node);

	return name ? arena_printf(plan->arena, "CONSTRAINT %s ", name) : "";
}

/* --- with the column ----------------------------------------------------------- */

static bool is_in_key(struct change_plan *plan, const struct change_node *column)
{
	const struct object *at = NULL;
	const struct change_node *table = plan_parent(plan, column);
	struct change_node *constraint;

	while (column->comes_with == table &&
	       (constraint = plan_new_child_next(plan, table, OBJECT_CONSTRAINT, &at))) {
		const char *open = strchr(constraint->after->definition, '(');
		struct str keys = open ? str_slice(str_of(open), 1, strcspn(open, ")")) : STR("");
		struct str key;

		if (strcmp(node_attribute(constraint, "type"), "primary key") != 0 ||
		    !constraint_folds(plan, constraint, table))
			continue;
		while (item_list_next(&keys, &key))
			if (str_is(key, column->after->name))
				return true;
	}
	return false;
}

/* A name that the server would not give to a new one says nothing, and a dump shows it. */
static const char *new_name(const struct change_plan *plan, const struct change_node *node)
{
	const char *name = chosen_name(node);

	return !name && node && node->after && !not_null_is_usual(plan, node->after)
	           ? object_attribute(node->after, "real_name")
	           : name;
}

const char *not_null_text(struct change_plan *plan, struct change_node *column)
{
	struct change_node *constraint = constraint_of_column(plan, column->after);
	const char *name = new_name(plan, constraint);
	const bool is_partial = constraint && node_attribute(constraint, "no_inherit");

	if (!node_attribute(column, "not_null") || (constraint && node_attribute(constraint, "not_valid")))
		return "";
	if (constraint && node_comes(constraint))
		constraint->comes_with = column;
	if (!name && !is_partial && (node_attribute(column, "identity") || is_in_key(plan, column)))
		return "";
	return arena_printf(plan->arena, " %s%s%sNOT NULL%s", name ? "CONSTRAINT " : "", name ? name : "",
	                    name ? " " : "", is_partial ? " NO INHERIT" : "");
}

/* --- of a column that is there ---------------------------------------------------- */

/* The parent's statement changes it for its children. */
static bool follows_origin(const struct change_plan *plan, const struct change_node *column,
                           const struct fact_change *fact)
{
	const struct change_node *giver = column_giver(plan, column);
	const struct fact_change *change =
	    giver && giver->change && giver->before ? object_change_fact(giver->change, fact->name) : NULL;

	return change && !change->after == !fact->after;
}

static void add_not_null(struct change_plan *plan, struct change_node *node, enum statement_role role,
                         const struct change_node *column, const struct change_node *constraint)
{
	const bool is_valid = !constraint || !node_attribute(constraint, "not_valid");
	struct plan_statement *statement = plan_add(
	    plan, node, role, "%s ADD %sNOT NULL %s%s%s", alter_relation(plan, column->after->parent, false),
	    naming(plan, constraint), column->after->name,
	    constraint && node_attribute(constraint, "no_inherit") ? " NO INHERIT" : "",
	    is_valid ? "" : " NOT VALID");

	statement->public.hazards |= is_valid ? HAZARD_SCAN | HAZARD_MAY_FAIL : 0;
}

static bool is_plain(const struct change_node *constraint)
{
	return !constraint || (!chosen_name(constraint) && !node_attribute(constraint, "no_inherit") &&
	                       !node_attribute(constraint, "not_valid"));
}

void write_not_null(struct change_plan *plan, struct change_node *column, const struct fact_change *fact)
{
	struct change_node *constraint = constraint_of_column(plan, column->after);
	const char *alter = alter_relation(plan, column->after->parent, false);

	if (node_object(column)->parent->kind == &object_kinds[OBJECT_VIEW] || follows_origin(plan, column, fact))
		return;
	if (constraint && fact->after && node_comes(constraint))
		constraint->comes_with = column;
	if (!fact->after)
		(void)plan_add(plan, column, ROLE_ALTER, "%s ALTER COLUMN %s DROP NOT NULL", alter,
		               column->after->name);
	else if (is_plain(constraint) && online_set_not_null(plan, column, NULL))
		return;
	else if (is_plain(constraint))
		plan_add(plan, column, ROLE_ALTER, "%s ALTER COLUMN %s SET NOT NULL", alter, column->after->name)
		    ->public.hazards |= HAZARD_SCAN | HAZARD_MAY_FAIL;
	else
		add_not_null(plan, column, ROLE_ALTER, column, constraint);
}

/* --- the constraint by itself ----------------------------------------------------- */

static void create_not_null(struct change_plan *plan, struct change_node *node)
{
	const struct change_node *column = plan_parent(plan, node);

	if (is_of_domain(node) || node->comes_with)
		return;
	if (is_plain(node) && node_object(column)->parent && leaves_original(plan, column))
		node->comes_with = plan_parent(plan, plan_parent(plan, node));
	else
		add_not_null(plan, node, ROLE_CREATE, column, node);
}

/* It goes with what the column says, and stays as the parent's where its table becomes a child. */
static void drop_not_null(struct change_plan *plan, struct change_node *node)
{
	struct change_node *column = plan_parent(plan, node);

	if (is_of_domain(node) || node_changes(column, "not_null") ||
	    table_joins(plan, plan_parent(plan, column)))
		node->goes_with = column;
	else
		(void)plan_add(plan, node, ROLE_DROP, "%s ALTER COLUMN %s DROP NOT NULL", alter_owner(plan, node),
		               column->before->name);
}

static bool is_forgotten(const struct change_plan *plan, const struct change_node *node,
                         const struct fact_change *fact)
{
	(void)plan;
	(void)node;
	return fact->after;
}

static void validate(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	struct plan_statement *statement =
	    plan_add(plan, node, ROLE_ALTER, "%s VALIDATE CONSTRAINT %s", alter_owner(plan, node),
	             object_attribute(node->before, "real_name"));

	(void)fact;
	statement->stage = STAGE_EVALUATE;
	statement->public.hazards |= HAZARD_SCAN | HAZARD_MAY_FAIL;
}

static void write_no_inherit(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	(void)plan_add(plan, node, ROLE_ALTER, "%s ALTER CONSTRAINT %s %s", alter_owner(plan, node),
	               object_attribute(node->before, "real_name"), fact->after ? "NO INHERIT" : "INHERIT");
}

/* Behind all others, as they name it as it was. */
static void rename_not_null(struct change_plan *plan, struct change_node *node)
{
	const char *before = object_attribute(node->before, "real_name");
	const char *after = object_attribute(node->after, "real_name");

	if ((node_changes(node, "constraint_name") || node_changes(node, "comment")) &&
	    strcmp(before, after) != 0)
		(void)plan_add(plan, node, ROLE_ALTER, "%s RENAME CONSTRAINT %s TO %s", alter_owner(plan, node),
		               before, after);
}

static const struct fact_rule not_null_facts[] = {
    {.name = "constraint_name"},
    {.name = "not_valid", .write = validate, .must_replace = is_forgotten},
    {.name = "no_inherit", .write = write_no_inherit},
    {.name = NULL},
};

const struct kind_rules not_null_rules = {
    .create = create_not_null,
    .drop = drop_not_null,
    .alter = rename_not_null,
    .facts = not_null_facts,
};
