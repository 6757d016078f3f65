/*
 * The journal asks the catalog whether an interrupted CREATE INDEX CONCURRENTLY or REINDEX took effect, and
 * for that needs a name. libpg_query would give it, but it knows one version's grammar and may not be
 * installed, and nothing that decides what runs depends on it (docs/decisions/0007). So the words up to the
 * name are read with the lexer.
 *
 * Where the server chooses the name, its rule is followed as far as the text allows (ChooseIndexName:
 * table, columns, "idx"). With an expression, INCLUDE, or more than 63 bytes it does something that depends
 * on more than the text, and `chosen` is NULL: anyone who asks must then not guess which index it is.
 */
#include "sql/index_clause.h"

#include "base/buffer.h"
#include "sql/lexer.h"

/* NAMEDATALEN - 1 of a server that nobody has built otherwise. */
enum { LONGEST_NAME = 63 };

static struct token next(struct lexer *lexer)
{
	return lexer_next_significant(lexer);
}

static bool is_word(struct token token, const char *word)
{
	return token.kind == TOKEN_WORD && str_is_folded(token.text, word);
}

static bool is_mark(struct token token, const char *mark)
{
	return token.kind == TOKEN_PUNCTUATION && str_is(token.text, mark);
}

static bool is_name(struct token token)
{
	return token.kind == TOKEN_WORD || token.kind == TOKEN_NAME;
}

/* An identifier as the catalog has it. */
static char *identifier(struct arena *arena, struct token token)
{
	struct buffer name = {.arena = arena};

	if (token.kind != TOKEN_NAME) {
		for (size_t i = 0; i < token.text.len; i++)
			buffer_char(&name, char_fold(token.text.text[i]));
		return buffer_cstr(&name);
	}
	for (size_t i = 1; i + 1 < token.text.len; i++) {
		buffer_char(&name, token.text.text[i]);
		i += token.text.text[i] == '"';
	}
	return buffer_cstr(&name);
}

/* A name with its schema. `token` begins it, and is what follows it afterwards. */
struct written_name {
	const char *text; /* as written */
	const char *last; /* its last part, as the catalog has it */
};

static struct written_name written_name(struct arena *arena, struct lexer *lexer, struct token *token)
{
	struct buffer text = {.arena = arena};
	struct written_name name = {.last = ""};

	for (bool wants_name = true;; wants_name = !wants_name, *token = next(lexer)) {
		if (wants_name ? !is_name(*token) : !is_mark(*token, "."))
			break;
		buffer_add(&text, token->text);
		if (wants_name)
			name.last = identifier(arena, *token);
	}
	name.text = buffer_cstr(&text);
	return name;
}

/*
 * One column of the list, up to "," or ")"; false when it is an expression, whose name only the server knows.
 */
static bool add_column(struct buffer *chosen, struct lexer *lexer, struct token *token)
{
	if (!is_name(*token))
		return false;
	buffer_printf(chosen, "_%s", identifier(chosen->arena, *token));
	for (*token = next(lexer); !is_mark(*token, ",") && !is_mark(*token, ")"); *token = next(lexer))
		if (token->kind == TOKEN_END || is_mark(*token, "("))
			return false;
	return true;
}

/* "table_column_column_idx", as the server does; `token` follows the table's name. */
static const char *chosen_name(struct arena *arena, struct lexer *lexer, struct token token,
                               const char *table)
{
	struct buffer chosen = {.arena = arena};

	buffer_text(&chosen, table);
	while (token.kind != TOKEN_END && !is_mark(token, "("))
		token = next(lexer);
	do {
		token = next(lexer);
		if (!add_column(&chosen, lexer, &token))
			return NULL;
	} while (!is_mark(token, ")"));
	buffer_text(&chosen, "_idx");
	return is_word(next(lexer), "include") || chosen.len > LONGEST_NAME ? NULL : buffer_cstr(&chosen);
}

struct index_clause index_clause_read(struct str text, struct arena *arena)
{
	struct lexer lexer = {.text = text};
	struct index_clause clause = {0};
	struct token token = next(&lexer);

	for (; token.kind != TOKEN_END && !is_word(token, "concurrently"); token = next(&lexer))
		clause.is_unique |= is_word(token, "unique");
	token = next(&lexer);
	while (is_word(token, "if") || is_word(token, "not") || is_word(token, "exists"))
		token = next(&lexer);
	if (!is_word(token, "on")) {
		clause.index = identifier(arena, token);
		next(&lexer); /* ON */
	}
	token = next(&lexer);
	if (is_word(token, "only"))
		token = next(&lexer);
	const struct written_name table = written_name(arena, &lexer, &token);
	clause.table = table.text;
	if (!clause.index)
		clause.chosen = chosen_name(arena, &lexer, token, table.last);
	return clause;
}

struct reindex_clause reindex_clause_read(struct str text, struct arena *arena)
{
	struct lexer lexer = {.text = text};
	struct reindex_clause clause;
	size_t depth = 0;
	struct token token = next(&lexer); /* REINDEX */

	do {
		depth += is_mark(token, "(");
		depth -= depth > 0 && is_mark(token, ")");
		token = next(&lexer);
	} while (token.kind != TOKEN_END && (depth > 0 || token.kind != TOKEN_WORD));
	clause.what = identifier(arena, token);
	token = next(&lexer);
	if (is_word(token, "concurrently"))
		token = next(&lexer);
	clause.name = written_name(arena, &lexer, &token).text;
	return clause;
}
