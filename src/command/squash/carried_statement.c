#include "command/squash/carried_statement.h"

#include <string.h>

#include "sql/lexer.h"

enum { MOST_WORDS = 2 };

/* By the first words. GRANT and REVOKE of a role have no ON. */
static const struct {
	const char *words[MOST_WORDS];
	enum carrying carrying;
	const char *unless; /* some word that follows */
} rules[] = {
    {{"create", "role"}, CARRY, NULL},
    {{"alter", "role"}, CARRY, NULL},
    {{"drop", "role"}, CARRY, NULL},
    {{"create", "user"}, CARRY, "mapping"},
    {{"alter", "user"}, CARRY, "mapping"},
    {{"drop", "user"}, CARRY, "mapping"},
    {{"create", "group"}, CARRY, NULL},
    {{"alter", "group"}, CARRY, NULL},
    {{"drop", "group"}, CARRY, NULL},
    {{"alter", "database"}, CARRY, NULL},
    {{"grant", NULL}, CARRY, "on"},
    {{"revoke", NULL}, CARRY, "on"},
    {{"alter", "system"}, CARRY_NEVER, NULL},
    {{"create", "database"}, CARRY_NEVER, NULL},
    {{"drop", "database"}, CARRY_NEVER, NULL},
    {{"create", "tablespace"}, CARRY_NEVER, NULL},
    {{"drop", "tablespace"}, CARRY_NEVER, NULL},
};

static struct token next_of(struct lexer *lexer)
{
	return lexer_next_significant(lexer);
}

static bool has_word(struct lexer lexer, const char *word)
{
	for (struct token token = next_of(&lexer); token.kind != TOKEN_END; token = next_of(&lexer))
		if (token.kind == TOKEN_WORD && str_is_folded(token.text, word))
			return true;
	return false;
}

static bool begins_with(struct lexer *lexer, const char *const *words)
{
	for (size_t i = 0; i < MOST_WORDS && words[i]; i++) {
		const struct token token = next_of(lexer);

		if (token.kind != TOKEN_WORD || !str_is_folded(token.text, words[i]))
			return false;
	}
	return true;
}

static bool contains_folded(struct str text, const char *part)
{
	const size_t len = strlen(part);

	for (size_t i = 0; i + len <= text.len; i++)
		if (str_is_folded(str_slice(text, i, i + len), part))
			return true;
	return false;
}

/* A block is often there to make a role unless there is one. */
static bool is_block_about_roles(const struct statement *statement)
{
	static const char *const parts[] = {"create role", "create user",    "alter role",
	                                    "alter user ", "alter database", "drop role"};
	struct lexer lexer = statement_lexer(statement);

	if (!str_is_folded(next_of(&lexer).text, "do"))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (contains_folded(statement->text, parts[i]))
			return true;
	return false;
}

enum carrying carried_statement(const struct statement *statement)
{
	if (statement->echo)
		return CARRY_NOT;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct lexer lexer = statement_lexer(statement);

		if (begins_with(&lexer, rules[i].words) && (!rules[i].unless || !has_word(lexer, rules[i].unless)))
			return rules[i].carrying;
	}
	return is_block_about_roles(statement) ? CARRY : CARRY_NOT;
}
