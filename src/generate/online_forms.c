/*
 * The same changes to tables that are in use, with weaker locks and shorter ones, at the price of more
 * statements and more transactions. Indexes are built CONCURRENTLY, which no transaction may hold; keys are
 * such an index that is then made a constraint; checks and foreign keys are added NOT VALID, which reads no
 * row, and validated in the next transaction, under a lock that lets others write. NOT NULL looks for a check
 * that proves it (since 12), and is a constraint that can be validated itself (since 18).
 *
 * A new table is in nobody's use, and a partitioned one takes neither form: these are changed in the plain
 * way. So is an index whose columns change in the same script, as it could not be built before they do.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static bool is_in_use(const struct change_plan *plan, const struct object *table)
{
	const struct change_node *node = plan_node(plan, table);

	return plan->options->is_online && node->fate != FATE_CREATE && node->fate != FATE_REPLACE &&
	       table->kind == &object_kinds[OBJECT_TABLE];
}

static bool is_divided(const struct object *table)
{
	return object_attribute(table, "partition_key") || object_attribute(table, "partition_bound");
}

static struct plan_statement *alone(struct plan_statement *statement)
{
	statement->is_alone = true;
	statement->stage = STAGE_ALONE;
	statement->public.hazards |= HAZARD_NO_TRANSACTION;
	return statement;
}

static struct plan_statement *later(struct plan_statement *statement)
{
	statement->needs_next_part = true;
	statement->stage = STAGE_VALIDATE;
	return statement;
}

/* --- indexes ------------------------------------------------------------------ */

static bool is_settled(const struct change_plan *plan, const struct change_node *index)
{
	for (uint32_t i = 0; i < index->after->need_count; i++) {
		const struct change_node *needed = plan_node(plan, index->after->needs[i].object);

		if (needed && needed->fate != FATE_KEEP)
			return false;
	}
	return true;
}

static void build(struct change_plan *plan, struct change_node *index, enum statement_role role,
                  const char *name)
{
	(void)alone(plan_add(plan, index, role, "CREATE %sINDEX CONCURRENTLY %s ON %s %s",
	                     object_attribute(index->after, "unique") ? "UNIQUE " : "", name,
	                     index->after->parent->identity, index->after->definition));
}

bool online_create_index(struct change_plan *plan, struct change_node *index)
{
	if (!is_in_use(plan, index->after->parent) || is_divided(index->after->parent))
		return false;
	if (index->fate != FATE_REPLACE || index->goes_with || !is_settled(plan, index)) {
		build(plan, index, ROLE_CREATE, index->after->name);
		return true;
	}
	const char *name = names_join(plan->arena, "rung_new", index->after->name);
	build(plan, index, ROLE_RELEASE, name);
	(void)later(plan_add(plan, index, ROLE_CREATE, "ALTER INDEX %s.%s RENAME TO %s", index->after->schema,
	                     name, index->after->name));
	return true;
}

bool online_drop_index(struct change_plan *plan, struct change_node *index)
{
	if (!is_in_use(plan, index->before->parent) || is_divided(index->before->parent))
		return false;
	(void)alone(plan_add(plan, index, ROLE_DROP, "DROP INDEX CONCURRENTLY %s", index->before->identity));
	return true;
}

/* --- constraints ---------------------------------------------------------------- */

static const struct object *index_of(const struct object *constraint)
{
	for (uint32_t i = 0; i < constraint->needed_by_count; i++)
		if (constraint->needed_by[i].type == 'i' &&
		    constraint->needed_by[i].object->kind == &object_kinds[OBJECT_INDEX])
			return constraint->needed_by[i].object;
	return NULL;
}

/* What a definition says behind its columns that is about the constraint and not the index. */
static const char *deferral_of(const char *definition)
{
	const char *found = strstr(definition, " DEFERRABLE");

	return found ? found : "";
}

static bool add_key(struct change_plan *plan, struct change_node *constraint, const char *words)
{
	const struct object *index = index_of(constraint->after);
	const char *name = constraint->after->name;

	if (!index || is_divided(constraint->after->parent) ||
	    strstr(constraint->after->definition, " WITHOUT OVERLAPS"))
		return false;
	(void)alone(plan_add(plan, constraint, ROLE_CREATE, "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s %s", name,
	                     constraint->after->parent->identity, index->definition));
	(void)later(plan_add(plan, constraint, ROLE_ALTER, "%s ADD CONSTRAINT %s %s USING INDEX %s%s",
	                     alter_relation(plan, constraint->after->parent, false), name, words, name,
	                     deferral_of(constraint->after->definition)));
	return true;
}

static bool add_checked(struct change_plan *plan, struct change_node *constraint)
{
	const struct object *table = constraint->after->parent;
	const char *alter = alter_relation(plan, table, false);
	const char *definition = constraint->after->definition;

	if (str_ends(str_of(definition), " NOT VALID") || strstr(definition, " NOT ENFORCED") ||
	    is_divided(table))
		return false;
	(void)plan_add(plan, constraint, ROLE_CREATE, "%s ADD CONSTRAINT %s %s NOT VALID", alter,
	               constraint->after->name, definition);
	later(plan_add(plan, constraint, ROLE_ALTER, "%s VALIDATE CONSTRAINT %s", alter, constraint->after->name))
	    ->public.hazards |= HAZARD_MAY_FAIL;
	return true;
}

bool online_add_constraint(struct change_plan *plan, struct change_node *constraint)
{
	const char *type = node_attribute(constraint, "type");

	if (!is_in_use(plan, constraint->after->parent))
		return false;
	if (strcmp(type, "primary key") == 0)
		return add_key(plan, constraint, "PRIMARY KEY");
	if (strcmp(type, "unique") == 0)
		return add_key(plan, constraint, "UNIQUE");
	return strcmp(type, "exclude") != 0 && add_checked(plan, constraint);
}

/* --- NOT NULL --------------------------------------------------------------------- */

static void by_check(struct change_plan *plan, struct change_node *column, const char *alter)
{
	const char *column_name = column->after->name;
	const char *name = names_join(plan->arena, column->after->parent->name,
	                              names_join(plan->arena, column_name, "rung_not_null"));

	(void)plan_add(plan, column, ROLE_ALTER, "%s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID", alter,
	               name, column_name);
	later(plan_add(plan, column, ROLE_ALTER, "%s VALIDATE CONSTRAINT %s", alter, name))->public.hazards |=
	    HAZARD_MAY_FAIL;
	(void)later(plan_add(plan, column, ROLE_ALTER, "%s ALTER COLUMN %s SET NOT NULL", alter, column_name));
	plan_add(plan, column, ROLE_ALTER, "%s DROP CONSTRAINT %s", alter, name)->stage = STAGE_VALIDATE;
}

bool online_set_not_null(struct change_plan *plan, struct change_node *column, const char *constraint)
{
	const char *alter = alter_relation(plan, column->after->parent, false);

	if (!is_in_use(plan, column->after->parent) || is_divided(column->after->parent))
		return false;
	if (plan_major(plan) < 18) {
		by_check(plan, column, alter);
		return true;
	}
	const char *name = constraint ? constraint
	                              : names_join(plan->arena, column->after->parent->name,
	                                           names_join(plan->arena, column->after->name, "not_null"));
	(void)plan_add(plan, column, ROLE_ALTER, "%s ADD CONSTRAINT %s NOT NULL %s NOT VALID", alter, name,
	               column->after->name);
	later(plan_add(plan, column, ROLE_ALTER, "%s VALIDATE CONSTRAINT %s", alter, name))->public.hazards |=
	    HAZARD_MAY_FAIL;
	return true;
}
