/*
 * Without a grammar: the first words say which object a statement is about
 * ("ALTER TABLE IF EXISTS ONLY name", "CREATE INDEX ... ON name"), and a table
 * that is read is after FROM, JOIN and the like. A column that happens to
 * be called like the table (schema_version is a favourite) is neither.
 */
#include "command/import/import_other_history.h"

#include <string.h>

#include "base/buffer.h"
#include "sql/lexer.h"

/* Statements that are about one table, and the word its name is after; NULL: the first ones. */
static const struct form {
	const char *first;
	const char *second; /* NULL: any */
	const char *behind;
} forms[] = {
    {"create", "table", NULL},  {"create", "unlogged", NULL}, {"create", "index", "on"},
    {"create", "unique", "on"}, {"create", "trigger", "on"},  {"create", "policy", "on"},
    {"create", "rule", "to"},   {"alter", "table", NULL},     {"drop", "table", NULL},
    {"insert", NULL, NULL},     {"update", NULL, NULL},       {"delete", NULL, NULL},
    {"truncate", NULL, NULL},   {"copy", NULL, NULL},         {"lock", NULL, NULL},
    {"comment", NULL, "on"},    {"grant", NULL, "on"},        {"revoke", NULL, "on"},
};

/* What may be between those words and the name. */
static const char *const fillers[] = {"table", "unlogged", "if",   "not",    "exists",
                                      "only",  "into",     "from", "column", NULL};

/* A table that a statement needs is after one of these. */
static const char *const needing[] = {"from", "join", "into", "update", "table", "references", "only", NULL};

struct words {
	const struct token *tokens; /* the significant ones; TOKEN_END after the last */
	size_t count;
};

/* --- tokens ------------------------------------------------------------------ */

static struct words words_of(struct str text, struct arena *arena)
{
	struct lexer lexer = {.text = text};
	struct token *tokens = NULL;
	size_t count = 0;

	do
		*ARENA_PUSH(arena, tokens, count) = lexer_next_significant(&lexer);
	while (tokens[count - 1].kind != TOKEN_END);
	return (struct words){tokens, count - 1};
}

/* NULL: any word. */
static bool is_word(const struct token *token, const char *word)
{
	return !word || (token->kind == TOKEN_WORD && str_is_folded(token->text, word));
}

static bool is_one_of(const struct token *token, const char *const *words)
{
	for (; *words; words++)
		if (is_word(token, *words))
			return true;
	return false;
}

static bool is_mark(const struct token *token, const char *mark)
{
	return token->kind == TOKEN_PUNCTUATION && str_is(token->text, mark);
}

static bool is_called(const struct token *token, const char *name)
{
	if (token->kind == TOKEN_NAME)
		return str_is(str_slice(token->text, 1, token->text.len - 1), name);
	return token->kind == TOKEN_WORD && str_is_folded(token->text, name);
}

/* --- the table --------------------------------------------------------------- */

/* "name" is that of the schema public, however it is written; "schema.name" must be written so elsewhere. */
static bool is_table(const struct words *words, size_t i, const char *table)
{
	const char *dot = strchr(table, '.');
	const char *name = dot ? dot + 1 : table;
	char schema[64] = "public";

	if (dot)
		snprintf(schema, sizeof(schema), "%.*s", (int)(dot - table), table);
	if (i + 2 < words->count && is_mark(&words->tokens[i + 1], ".") && is_called(&words->tokens[i + 2], name))
		return is_called(&words->tokens[i], schema);
	return i < words->count && is_called(&words->tokens[i], name) && strcmp(schema, "public") == 0;
}

static bool is_theirs(const struct import *import, const struct words *words, size_t i)
{
	if (import->books)
		return is_table(words, i, import->books);
	for (size_t j = 0; j < 3 && import->tool->tables[j]; j++)
		if (is_table(words, i, import->tool->tables[j]))
			return true;
	return false;
}

const char *import_other_history_name(const struct import *import)
{
	return import->books ? import->books : import->tool->tables[0];
}

/* --- what a statement does to it ----------------------------------------------- */

static const struct form *form_of(const struct words *words)
{
	for (size_t i = 0; words->count > 1 && i < sizeof(forms) / sizeof(*forms); i++)
		if (is_word(&words->tokens[0], forms[i].first) && is_word(&words->tokens[1], forms[i].second))
			return &forms[i];
	return NULL;
}

/* Where the name of the table it is about begins. */
static size_t find_object(const struct words *words, const struct form *form)
{
	size_t i = 1;

	while (form->behind && i < words->count && !is_word(&words->tokens[i], form->behind))
		i++;
	i += form->behind != NULL;
	while (i < words->count && is_one_of(&words->tokens[i], fillers))
		i++;
	return i;
}

static bool lists_more(const struct words *words, size_t i)
{
	const bool is_qualified = i + 1 < words->count && is_mark(&words->tokens[i + 1], ".");
	const size_t next = i + (is_qualified ? 3 : 1);

	return next < words->count && is_mark(&words->tokens[next], ",");
}

static bool is_about_it(const struct import *import, const struct words *words)
{
	const struct form *form = form_of(words);
	const size_t object = form ? find_object(words, form) : 0;

	return form && is_theirs(import, words, object) && !lists_more(words, object);
}

static bool needs_it(const struct import *import, const struct words *words, struct arena *arena);

/* The body of a DO is run at once. */
static bool body_needs_it(const struct import *import, const struct token *token, struct arena *arena)
{
	const struct str body = token->text;
	const size_t tag = body.len ? str_index(str_slice(body, 1, body.len), body.text[0]) + 2 : 0;

	if (token->kind != TOKEN_STRING || body.text[0] != '$' || body.len < 2 * tag)
		return false;
	const struct words inside = words_of(str_slice(body, tag, body.len - tag), arena);
	return needs_it(import, &inside, arena);
}

static bool needs_it(const struct import *import, const struct words *words, struct arena *arena)
{
	const bool is_do = words->count && is_word(&words->tokens[0], "do");

	for (size_t i = 1; i < words->count; i++) {
		if (is_one_of(&words->tokens[i - 1], needing) && is_theirs(import, words, i))
			return true;
		if (is_do && body_needs_it(import, &words->tokens[i], arena))
			return true;
	}
	return false;
}

bool import_keeps_books(const struct import *import, const struct statement *statement)
{
	scoped_arena struct arena scratch = {0};
	const struct words words = words_of(statement->text, &scratch);

	return is_about_it(import, &words);
}

/* --- commenting out ------------------------------------------------------------ */

/* After its semicolon. */
static size_t end_of(const struct statement *statement, struct str text)
{
	size_t end = statement->offset + statement->text.len;

	while (end < text.len && char_is_space(text.text[end]))
		end++;
	return end < text.len && text.text[end] == ';' ? end + 1 : statement->offset + statement->text.len;
}

static bool begins_line(struct str text, size_t at)
{
	while (at > 0 && text.text[at - 1] != '\n' && char_is_space(text.text[at - 1]))
		at--;
	return at == 0 || text.text[at - 1] == '\n';
}

static void add_comment(struct buffer *out, struct str text, size_t from, size_t to)
{
	if (!begins_line(text, from))
		buffer_char(out, '\n');
	buffer_text(out, "--| ");
	for (size_t i = from; i < to; i++) {
		buffer_char(out, text.text[i]);
		if (text.text[i] == '\n')
			buffer_text(out, "--| ");
	}
	if (to < text.len && text.text[to] != '\n' && text.text[to] != '\r')
		buffer_char(out, '\n');
}

/*
 * Whether all of it is about the table and can be taken out of the text; a problem when only the first holds.
 */
static bool judge(struct import *import, const char *path, const struct statement *statement)
{
	scoped_arena struct arena scratch = {0};
	const struct words words = words_of(statement->text, &scratch);
	const bool is_simple = statement->input == INPUT_NONE && statement->piece_count == 0;
	const bool is_about = is_about_it(import, &words);

	if (is_about && is_simple)
		return true;
	if (is_about || needs_it(import, &words, &scratch))
		import_problem(import, path, statement->line,
		               "needs \"%s\", where %s keeps its history, a table that rung does not create: remove "
		               "that from the file",
		               import_other_history_name(import), import->tool->title);
	return false;
}

struct str import_without_books(struct import *import, const char *path, const struct script *script,
                                struct str text, size_t *count)
{
	struct buffer out = {.arena = import->arena};
	size_t from = 0;

	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];

		if (statement->echo || !judge(import, path, statement))
			continue;
		buffer_add(&out, str_slice(text, from, statement->offset));
		from = end_of(statement, text);
		add_comment(&out, text, statement->offset, from);
		++*count;
	}
	buffer_add(&out, str_slice(text, from, text.len));
	return *count ? buffer_str(&out) : text;
}
