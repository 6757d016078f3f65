/*
 * Statements of a file that means a schema are run in any order and more than once, each by itself. So what
 * only makes sense in its place is told apart: settings hold for what follows and are repeated, transactions
 * would tear what has to be tried alone, and rows are not compared, so that they would only be in the way (of
 * a NOT NULL, of a trigger whose function does not exist yet).
 */
#include "command/generate/desired_statement.h"

#include <string.h>

static struct token next_of(struct lexer *lexer)
{
	return lexer_next_significant(lexer);
}

static bool is_word(struct token token, const char *word)
{
	return token.kind == TOKEN_WORD && str_is_folded(token.text, word);
}

static bool is_any(struct token token, const char *const *list)
{
	for (; *list; list++)
		if (is_word(token, *list))
			return true;
	return false;
}

static size_t offset_of(const struct statement *statement, struct token token)
{
	return (size_t)(token.text.text - statement->text.text);
}

/* --- extensions --------------------------------------------------------- */

static const char *name_of(struct token token, struct arena *arena)
{
	if (token.kind == TOKEN_NAME) {
		struct str inside = str_slice(token.text, 1, token.text.len - 1);
		return str_copy(arena, inside);
	}
	char *name = str_copy(arena, token.text);
	for (char *c = name; *c; c++)
		*c = char_fold(*c);
	return name;
}

/* CREATE EXTENSION has been read: [IF NOT EXISTS] name [WITH] [SCHEMA s] [VERSION v] [CASCADE] */
static void read_extension(struct desired_statement *out, struct lexer *lexer, struct arena *arena)
{
	struct token token = next_of(lexer);

	if (is_word(token, "if")) {
		(void)next_of(lexer);
		(void)next_of(lexer);
		token = next_of(lexer);
	}
	out->kind = DESIRED_EXTENSION;
	out->extension = name_of(token, arena);
	while (token.kind != TOKEN_END && token.kind != TOKEN_SEMICOLON) {
		token = next_of(lexer);
		out->says_schema |= is_word(token, "schema");
		out->says_version |= is_word(token, "version");
	}
}

/* --- CREATE ------------------------------------------------------------- */

static void read_create(struct desired_statement *out, const struct statement *statement, struct token create,
                        struct lexer *lexer, struct arena *arena)
{
	static const char *const routines[] = {"function", "procedure", NULL};
	struct token token = next_of(lexer);
	const bool replaces = is_word(token, "or");

	if (replaces) {
		(void)next_of(lexer);
		token = next_of(lexer);
	}
	if (is_word(token, "extension"))
		read_extension(out, lexer, arena);
	if (!is_any(token, routines))
		return;
	out->kind = DESIRED_ROUTINE;
	out->create_len = replaces ? 0 : offset_of(statement, create) + create.text.len;
}

/* --- settings ----------------------------------------------------------- */

static bool is_body_check(struct token token)
{
	return str_is_folded(token.text, "check_function_bodies") ||
	       str_is_folded(token.text, "'check_function_bodies'");
}

static void read_setting(struct desired_statement *out, const struct statement *statement, struct token first,
                         struct lexer *lexer)
{
	struct token token = next_of(lexer);

	out->kind = DESIRED_SETTING;
	if (is_word(first, "set") && is_word(token, "local"))
		out->local_at = offset_of(statement, token);
	for (; token.kind != TOKEN_END; token = next_of(lexer))
		out->sets_body_check |= is_body_check(token);
}

/* --- rows --------------------------------------------------------------- */

static const char *const row_words[] = {"insert", "update", "delete", "merge", "truncate", "copy", NULL};

/* WITH a AS (...) INSERT: the first word of the query itself, outside parentheses. */
static bool writes_rows(struct lexer lexer)
{
	static const char *const reads[] = {"select", "table", "values", NULL};

	for (struct token token = next_of(&lexer); token.kind != TOKEN_END; token = next_of(&lexer)) {
		if (lexer.nesting.paren_depth)
			continue;
		if (is_any(token, row_words))
			return true;
		if (is_any(token, reads))
			return false;
	}
	return false;
}

/* --- all ---------------------------------------------------------------- */

static bool is_skipped(const struct statement *statement)
{
	switch (statement->kind.class) {
	case STATEMENT_BEGIN:
	case STATEMENT_COMMIT:
	case STATEMENT_ROLLBACK:
	case STATEMENT_SAVEPOINT:
		return true;
	case STATEMENT_OTHER:
	case STATEMENT_COPY_IN:
	case STATEMENT_COPY_OUT:
	case STATEMENT_NONTRANSACTIONAL:
		break;
	}
	return statement->echo != NULL || statement->kind.sets_transaction;
}

struct desired_statement desired_statement_read(const struct statement *statement, struct arena *arena)
{
	struct desired_statement out = {0};
	struct lexer lexer = statement_lexer(statement);

	if (is_skipped(statement))
		return (struct desired_statement){.kind = DESIRED_SKIPPED};
	const struct token first = next_of(&lexer);
	if (is_any(first, row_words) || (is_word(first, "with") && writes_rows(lexer)))
		return (struct desired_statement){.kind = DESIRED_ROWS};
	if (statement->kind.changes_session || is_word(first, "set"))
		read_setting(&out, statement, first, &lexer);
	else if (is_word(first, "create"))
		read_create(&out, statement, first, &lexer, arena);
	return out;
}

char *desired_setting_sql(const struct desired_statement *facts, const char *sql, struct arena *arena)
{
	if (!facts->local_at)
		return arena_strdup(arena, sql);
	return arena_printf(arena, "%.*s%s", (int)facts->local_at, sql, sql + facts->local_at + strlen("local"));
}

char *desired_routine_sql(const struct desired_statement *facts, const char *sql, struct arena *arena)
{
	if (!facts->create_len)
		return arena_strdup(arena, sql);
	return arena_printf(arena, "%.*s OR REPLACE%s", (int)facts->create_len, sql, sql + facts->create_len);
}
