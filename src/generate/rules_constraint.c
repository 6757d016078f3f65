/*
 * A constraint's definition is the server's own text, and nearly all of it can only be changed by dropping
 * and adding it again. What is only to be checked is validated, and what is only deferred otherwise is
 * altered where the server can (foreign keys).
 *
 * The index of a key goes and comes with its constraint. One that a partition has of its parent comes with
 * the parent's.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static const char not_valid[] = " NOT VALID";

static bool is_type(const struct change_node *node, const char *type)
{
	return strcmp(node_attribute(node, "type"), type) == 0;
}

static bool is_of_domain(const struct object *constraint)
{
	return constraint->parent->kind == &object_kinds[OBJECT_DOMAIN];
}

static struct str key_columns(const struct object *constraint)
{
	const char *open = strchr(constraint->definition, '(');

	return str_of(open ? open : "");
}

static bool has_type(const struct object *object, const char *type)
{
	return object->kind == &object_kinds[OBJECT_CONSTRAINT] &&
	       strcmp(object_attribute(object, "type"), type) == 0;
}

/* Of two keys of the same columns CREATE TABLE makes one: then a unique one is added later. */
static bool repeats_key(const struct object *constraint)
{
	bool is_behind = false;

	for (const struct object *other = constraint->parent->first_child; other; other = other->next_sibling) {
		is_behind |= other == constraint;
		if ((has_type(other, "primary key") || (!is_behind && has_type(other, "unique"))) &&
		    str_equal(key_columns(other), key_columns(constraint)))
			return has_type(constraint, "unique");
	}
	return false;
}

bool constraint_folds(struct change_plan *plan, const struct change_node *node,
                      const struct change_node *table)
{
	const bool is_own = !node_attribute(node, "inherited") && !node_attribute(table, "partition_bound");

	return !is_type(node, "foreign key") && !repeats_key(node->after) &&
	       (is_own || (table_is_apart(plan, table) && !constraint_giver(plan, node))) &&
	       !str_ends(str_of(node->after->definition), not_valid) && !plan_reaches(plan, node, table);
}

static const char *alter_parent_only(const struct change_plan *plan, const struct object *constraint)
{
	return alter_relation(plan, constraint->parent, true);
}

static const char *alter_parent(const struct change_plan *plan, const struct object *constraint)
{
	return is_of_domain(constraint)
	           ? arena_printf(plan->arena, "ALTER DOMAIN %s", constraint->parent->identity)
	           : alter_relation(plan, constraint->parent, false);
}

static int hazards_of(const struct change_node *node)
{
	return str_ends(str_of(node->after->definition), not_valid) ? 0 : HAZARD_SCAN | HAZARD_MAY_FAIL;
}

/* The text behind the columns: whether it is deferred, which an index does not say. */
static const char *key_deferral(const char *definition)
{
	const char *found = strstr(definition, " DEFERRABLE");

	return found ? found : "";
}

/* An index that is there and stays becomes the key's. */
static bool adopts_index(struct change_plan *plan, struct change_node *node)
{
	const struct change_node *index =
	    is_of_domain(node->after) ? NULL : plan_node(plan, index_of_constraint(plan, node->after));

	if (!index || index->fate != FATE_ALTER || !node_changes(index, "constraint"))
		return false;
	plan_add(plan, node, ROLE_CREATE, "%s ADD CONSTRAINT %s %s USING INDEX %s%s",
	         alter_parent(plan, node->after), node->after->name,
	         is_type(node, "unique") ? "UNIQUE" : "PRIMARY KEY", node->after->name,
	         key_deferral(node->after->definition))
	    ->stage = STAGE_EVALUATE;
	return true;
}

static void create_constraint(struct change_plan *plan, struct change_node *node)
{
	const struct change_node *parent = plan_parent(plan, node);

	if (!node->comes_with)
		node->comes_with = constraint_giver(plan, node);
	if (!node->comes_with && has_from_parent(plan, node))
		node->comes_with = plan_parent(plan, node);
	if (node->comes_with || adopts_index(plan, node) ||
	    (!node_attribute(node, "inherited") && online_add_constraint(plan, node)))
		return;
	node->is_early = node_attribute(node, "inherited") && constraint_is_early(plan, node);
	struct plan_statement *statement =
	    plan_add(plan, node, ROLE_CREATE, "%s ADD CONSTRAINT %s %s",
	             constraint_is_only(plan, node->after) ? alter_parent_only(plan, node->after)
	                                                   : alter_parent(plan, node->after),
	             node->after->name, node->after->definition);

	statement->stage = STAGE_EVALUATE;
	statement->public.hazards |= node_comes(parent) ? 0 : hazards_of(node);
}

static void drop_constraint(struct change_plan *plan, struct change_node *node)
{
	if (gives_to_parent(plan, node)) {
		node->goes_with = plan_parent(plan, node);
		return;
	}
	if (object_attribute(node->before, "inherited") && !leaves_original(plan, node))
		return;
	(void)plan_add(plan, node, ROLE_DROP, "%s DROP CONSTRAINT %s", alter_parent(plan, node->before),
	               node->before->name);
}

/* --- what changes in place ----------------------------------------------------- */

/* Without what ALTER CONSTRAINT can change, and whether it is validated. */
static struct str core_of(const char *definition)
{
	static const char *const tails[] = {" NOT VALID", " INITIALLY DEFERRED", " DEFERRABLE"};
	struct str text = str_of(definition);

	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++)
		if (str_ends(text, tails[i]))
			text = str_slice(text, 0, text.len - strlen(tails[i]));
	return text;
}

static bool is_validated(const struct fact_change *fact)
{
	const struct str before = str_of(fact->before);
	const struct str after = str_of(fact->after);

	return str_ends(before, not_valid) &&
	       str_equal(str_slice(before, 0, before.len - strlen(not_valid)), after);
}

static bool is_deferred_otherwise(const struct change_node *node, const struct fact_change *fact)
{
	return is_type(node, "foreign key") && str_equal(core_of(fact->before), core_of(fact->after)) &&
	       str_ends(str_of(fact->before), not_valid) == str_ends(str_of(fact->after), not_valid);
}

static bool must_replace(const struct change_plan *plan, const struct change_node *node,
                         const struct fact_change *fact)
{
	(void)plan;
	return !is_validated(fact) && !is_deferred_otherwise(node, fact);
}

static const char *deferral(const char *definition)
{
	return strstr(definition, " INITIALLY DEFERRED") ? "DEFERRABLE INITIALLY DEFERRED"
	       : strstr(definition, " DEFERRABLE")       ? "DEFERRABLE INITIALLY IMMEDIATE"
	                                                 : "NOT DEFERRABLE";
}

static void write_definition(struct change_plan *plan, struct change_node *node,
                             const struct fact_change *fact)
{
	if (!is_validated(fact)) {
		(void)plan_add(plan, node, ROLE_ALTER, "%s ALTER CONSTRAINT %s %s", alter_parent(plan, node->after),
		               node->after->name, deferral(fact->after));
		return;
	}
	struct plan_statement *statement = plan_add(plan, node, ROLE_ALTER, "%s VALIDATE CONSTRAINT %s",
	                                            alter_parent(plan, node->after), node->after->name);

	statement->stage = STAGE_EVALUATE;
	statement->public.hazards |= HAZARD_SCAN | HAZARD_MAY_FAIL;
}

/* Only with its table. */
static bool cannot_leave(const struct change_plan *plan, const struct change_node *node,
                         const struct fact_change *fact)
{
	return fact->before && !leaves_original(plan, node);
}

static const struct fact_rule constraint_facts[] = {
    {.name = "definition", .write = write_definition, .must_replace = must_replace},
    {.name = "inherited", .write = leave_alone, .must_replace = cannot_leave},
    {.name = NULL},
};

const struct kind_rules constraint_rules = {
    .create = create_constraint, .drop = drop_constraint, .facts = constraint_facts};
