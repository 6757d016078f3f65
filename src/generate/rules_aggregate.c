/*
 * Aggregates. There is CREATE OR REPLACE for them since 12, but it takes nothing that changes what they
 * return or are called with; they hold no data, so that they are dropped and created.
 */
#include <string.h>

#include "generate/change_plan_internal.h"

static const struct word_choice modifies[] = {
    {"r", "READ_ONLY"}, {"s", "SHAREABLE"}, {"w", "READ_WRITE"}, {.value = NULL}};
static const struct word_choice parallel_words[] = {
    {"safe", "SAFE"}, {"restricted", "RESTRICTED"}, {.value = NULL}};

static const struct clause clauses[] = {
    {"transition_function", "SFUNC", CLAUSE_TEXT, NULL},
    {"transition_type", "STYPE", CLAUSE_TEXT, NULL},
    {"transition_space", "SSPACE", CLAUSE_TEXT, NULL},
    {"final_function", "FINALFUNC", CLAUSE_TEXT, NULL},
    {"final_extra", "FINALFUNC_EXTRA", CLAUSE_FLAG, NULL},
    {"final_modify", "FINALFUNC_MODIFY", CLAUSE_TEXT, modifies},
    {"combine_function", "COMBINEFUNC", CLAUSE_TEXT, NULL},
    {"serial_function", "SERIALFUNC", CLAUSE_TEXT, NULL},
    {"deserial_function", "DESERIALFUNC", CLAUSE_TEXT, NULL},
    {"initial_value", "INITCOND", CLAUSE_TEXT, NULL},
    {"moving_function", "MSFUNC", CLAUSE_TEXT, NULL},
    {"moving_inverse", "MINVFUNC", CLAUSE_TEXT, NULL},
    {"moving_type", "MSTYPE", CLAUSE_TEXT, NULL},
    {"moving_space", "MSSPACE", CLAUSE_TEXT, NULL},
    {"moving_final", "MFINALFUNC", CLAUSE_TEXT, NULL},
    {"moving_final_extra", "MFINALFUNC_EXTRA", CLAUSE_FLAG, NULL},
    {"moving_final_modify", "MFINALFUNC_MODIFY", CLAUSE_TEXT, modifies},
    {"moving_initial_value", "MINITCOND", CLAUSE_TEXT, NULL},
    {"sort_operator", "SORTOP", CLAUSE_OPERATOR, NULL},
    {"parallel", "PARALLEL", CLAUSE_TEXT, parallel_words},
    {.attribute = NULL},
};

static const struct clause hypothetical_clause[] = {{"type", "HYPOTHETICAL", CLAUSE_FLAG, NULL},
                                                    {.attribute = NULL}};

static const char *aggregate_clauses(struct change_plan *plan, const struct change_node *node)
{
	const char *type = node_attribute(node, "type");
	const char *list = clause_list(plan, node, clauses);

	if (!type || strcmp(type, "hypothetical-set") != 0)
		return list;
	return arena_printf(plan->arena, "%.*s,%s", (int)strlen(list) - 2, list,
	                    clause_list(plan, node, hypothetical_clause) + 1);
}

static void create_aggregate(struct change_plan *plan, struct change_node *node)
{
	const char *arguments = node_attribute(node, "arguments");

	(void)plan_add(plan, node, ROLE_CREATE, "CREATE AGGREGATE %s.%s(%s) %s", node->after->schema,
	               node->after->name, arguments ? arguments : "*", aggregate_clauses(plan, node));
}

const struct kind_rules aggregate_rules = {
    .create = create_aggregate, .drop = drop_simple, .facts = no_facts};
