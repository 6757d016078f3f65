/*
 * Types in C, and how a type and the functions it is made with come to be though each needs the other: the
 * type is named first, without anything else (a shell), the functions are created with it, and then it is
 * made. A range with a canonical function is made in the same way.
 *
 * In a rollback neither can be dropped before the other; only DROP ... CASCADE takes both, and here alone
 * it is written: all else that depends on the type has been dropped by a statement of its own.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

/* --- base types -------------------------------------------------------------- */

static const struct word_choice lengths[] = {{"-1", "VARIABLE"}, {.value = NULL}};
static const struct word_choice alignments[] = {
    {"c", "char"}, {"s", "int2"}, {"i", "int4"}, {"d", "double"}, {.value = NULL}};
static const struct word_choice storages[] = {
    {"p", "plain"}, {"e", "external"}, {"x", "extended"}, {"m", "main"}, {.value = NULL}};

static const struct clause clauses[] = {
    {"input", "INPUT", CLAUSE_TEXT, NULL},
    {"output", "OUTPUT", CLAUSE_TEXT, NULL},
    {"receive", "RECEIVE", CLAUSE_TEXT, NULL},
    {"send", "SEND", CLAUSE_TEXT, NULL},
    {"typmod_in", "TYPMOD_IN", CLAUSE_TEXT, NULL},
    {"typmod_out", "TYPMOD_OUT", CLAUSE_TEXT, NULL},
    {"analyze", "ANALYZE", CLAUSE_TEXT, NULL},
    {"subscript", "SUBSCRIPT", CLAUSE_TEXT, NULL},
    {"length", "INTERNALLENGTH", CLAUSE_TEXT, lengths},
    {"by_value", "PASSEDBYVALUE", CLAUSE_FLAG, NULL},
    {"alignment", "ALIGNMENT", CLAUSE_TEXT, alignments},
    {"storage", "STORAGE", CLAUSE_TEXT, storages},
    {"category", "CATEGORY", CLAUSE_LITERAL, NULL},
    {"preferred", "PREFERRED", CLAUSE_FLAG, NULL},
    {"default", "DEFAULT", CLAUSE_TEXT, NULL},
    {"element", "ELEMENT", CLAUSE_TEXT, NULL},
    {"delimiter", "DELIMITER", CLAUSE_LITERAL, NULL},
    {"collatable", "COLLATABLE", CLAUSE_FLAG, NULL},
    {.attribute = NULL},
};

static bool is_shell(const struct object *type)
{
	return object_attribute(type, "shell");
}

static void make_type(struct change_plan *plan, struct change_node *node, enum statement_role role)
{
	(void)plan_add(plan, node, role, "CREATE TYPE %s %s", node->after->identity,
	               clause_list(plan, node, clauses));
}

static void create_base_type(struct change_plan *plan, struct change_node *node)
{
	if (is_shell(node->after)) {
		(void)plan_add(plan, node, ROLE_CREATE, "CREATE TYPE %s", node->after->identity);
		return;
	}
	name_type_first(plan, node);
	make_type(plan, node, ROLE_CREATE);
}

static void alter_base_type(struct change_plan *plan, struct change_node *node)
{
	if (is_shell(node->before) && !is_shell(node->after))
		make_type(plan, node, ROLE_ALTER);
}

static void write_property(struct change_plan *plan, struct change_node *node, const struct fact_change *fact)
{
	const struct clause *clause = clauses;

	if (is_shell(node->before))
		return;
	while (strcmp(clause->attribute, fact->name) != 0)
		clause++;
	(void)plan_add(plan, node, ROLE_ALTER, "ALTER TYPE %s SET (%s = %s)", node->after->identity,
	               clause->words, fact->after ? clause_value(plan->arena, clause, fact->after) : "NONE");
}

static bool was_made(const struct change_plan *plan, const struct change_node *node,
                     const struct fact_change *fact)
{
	(void)plan;
	(void)fact;
	return !is_shell(node->before);
}

/* ALTER TYPE ... SET is there since 13; values that may be stored elsewhere cannot be kept from it again. */
static bool is_fixed(const struct change_plan *plan, const struct change_node *node,
                     const struct fact_change *fact)
{
	const bool is_plain = strcmp(fact->name, "storage") == 0 && fact->after && strcmp(fact->after, "p") == 0;

	return !is_shell(node->before) && (plan_major(plan) < 13 || is_plain);
}

static const struct fact_rule base_type_facts[] = {
    {.name = "shell", .must_replace = was_made},
    {.name = "input", .must_replace = was_made},
    {.name = "output", .must_replace = was_made},
    {.name = "receive", .write = write_property, .must_replace = is_fixed},
    {.name = "send", .write = write_property, .must_replace = is_fixed},
    {.name = "typmod_in", .write = write_property, .must_replace = is_fixed},
    {.name = "typmod_out", .write = write_property, .must_replace = is_fixed},
    {.name = "analyze", .write = write_property, .must_replace = is_fixed},
    {.name = "subscript", .write = write_property, .must_replace = is_fixed},
    {.name = "length", .must_replace = was_made},
    {.name = "by_value", .must_replace = was_made},
    {.name = "alignment", .must_replace = was_made},
    {.name = "storage", .write = write_property, .must_replace = is_fixed},
    {.name = "category", .must_replace = was_made},
    {.name = "preferred", .must_replace = was_made},
    {.name = "default", .must_replace = was_made},
    {.name = "element", .must_replace = was_made},
    {.name = "delimiter", .must_replace = was_made},
    {.name = "collatable", .must_replace = was_made},
    {.name = NULL},
};

const struct kind_rules base_type_rules = {
    .create = create_base_type, .drop = drop_type, .alter = alter_base_type, .facts = base_type_facts};
