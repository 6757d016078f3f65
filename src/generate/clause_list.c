/*
 * CREATE AGGREGATE, OPERATOR, TYPE and others take a list of "WORD = value", which differs between kinds in
 * words only. So each kind has a table of them, and one function writes the list.
 */
#include <string.h>

#include "generate/change_plan_internal.h"
#include "pg/query.h"

const char *signature_name(struct arena *arena, const char *signature)
{
	bool is_quoted = false;
	size_t len = 0;

	for (; signature[len] && (is_quoted || signature[len] != '('); len++)
		is_quoted ^= signature[len] == '"';
	return arena_strndup(arena, signature, len);
}

static const char *choice_of(const struct word_choice *choices, const char *value)
{
	for (; choices && choices->value; choices++)
		if (strcmp(choices->value, value) == 0)
			return choices->word;
	return value;
}

const char *clause_value(struct arena *arena, const struct clause *clause, const char *value)
{
	switch (clause->form) {
	case CLAUSE_LITERAL:
		return quote_literal(arena, value);
	case CLAUSE_OPERATOR:
		return arena_printf(arena, "OPERATOR(%s)", signature_name(arena, value));
	case CLAUSE_TEXT:
	case CLAUSE_FLAG:
		break;
	}
	return choice_of(clause->choices, value);
}

const char *clause_list(struct change_plan *plan, const struct change_node *node,
                        const struct clause *clauses)
{
	struct buffer text = {.arena = plan->arena};

	for (; clauses->attribute; clauses++) {
		const char *value = object_attribute(node->after, clauses->attribute);

		if (!value)
			continue;
		buffer_printf(&text, "%s\n    %s", text.len ? "," : "", clauses->words);
		if (clauses->form != CLAUSE_FLAG)
			buffer_printf(&text, " = %s", clause_value(plan->arena, clauses, value));
	}
	return arena_printf(plan->arena, "(%s\n)", buffer_cstr(&text));
}
