/*
 * Statements that make something begin alike: CREATE, some words that say how, what it is, a name. A table of
 * the words for what it is is all that is known of them; words that say how are passed over, as new ones come
 * with every version. What lies on a table (a policy, a trigger, a rule) names it behind ON; ALTER TABLE ...
 * ADD CONSTRAINT names it first.
 */
#include "generate/rename_place.h"

#include <string.h>

#include "base/buffer.h"
#include "pg/query.h"

enum { MOST_PARTS = 3 };

static const struct {
	const char *word;
	const char *kind;
	const char *before_table; /* the word that the table it lies on comes behind; NULL for none */
} made[] = {
    {"TABLE", "table", NULL},       {"VIEW", "view", NULL},          {"INDEX", "index", NULL},
    {"FUNCTION", "function", NULL}, {"PROCEDURE", "function", NULL}, {"TYPE", "type", NULL},
    {"DOMAIN", "type", NULL},       {"SEQUENCE", "sequence", NULL},  {"SCHEMA", "schema", NULL},
    {"POLICY", "policy", "ON"},     {"TRIGGER", "trigger", "ON"},    {"RULE", "rule", "TO"},
};

/* Words between CREATE and what it is, and between that and the name. */
static const char *const passed[] = {
    "OR",       "REPLACE", "TEMP",       "TEMPORARY",    "GLOBAL",       "LOCAL",
    "UNLOGGED", "FOREIGN", "UNIQUE",     "RECURSIVE",    "MATERIALIZED", "IF",
    "NOT",      "EXISTS",  "CONSTRAINT", "CONCURRENTLY", "ONLY",
};

static bool is_passed(struct str word)
{
	for (size_t i = 0; i < sizeof(passed) / sizeof(*passed); i++)
		if (str_is_folded(word, passed[i]))
			return true;
	return false;
}

/* --- names --------------------------------------------------------------------- */

static const char *kept_name(struct token token, struct arena *arena)
{
	char *name = str_copy(arena, token.text);

	if (token.kind == TOKEN_NAME)
		return unquote_name(arena, name);
	for (size_t i = 0; name[i]; i++)
		name[i] = char_fold(name[i]);
	return name;
}

const char *rename_literal_parse(struct str text, struct arena *arena)
{
	struct buffer out = {.arena = arena};
	const bool is_quoted = text.len > 1 && str_starts(text, "'") && str_ends(text, "'");
	const struct str inner = is_quoted ? str_slice(text, 1, text.len - 1) : text;

	for (size_t i = 0; i < inner.len; i++) {
		buffer_char(&out, inner.text[i]);
		i += is_quoted && inner.text[i] == '\'';
	}
	return out.len ? buffer_cstr(&out) : "";
}

static bool is_name(struct token token)
{
	return token.kind == TOKEN_WORD || token.kind == TOKEN_NAME;
}

/* Its first token has been read; the one behind it is read as well. */
static size_t read_name(struct lexer *lexer, struct token *token, struct arena *arena, const char **parts,
                        size_t max)
{
	size_t count = 0;

	while (is_name(*token) && count < max) {
		parts[count++] = kept_name(*token, arena);
		*token = lexer_next_significant(lexer);
		if (!str_is(token->text, "."))
			break;
		*token = lexer_next_significant(lexer);
	}
	return count;
}

size_t rename_name_parse(struct str text, struct arena *arena, const char **parts, size_t max)
{
	struct lexer lexer = {.text = text};
	struct token token = lexer_next_significant(&lexer);
	const size_t count = read_name(&lexer, &token, arena, parts, max);

	return token.kind == TOKEN_END ? count : 0;
}

/* --- the statement itself -------------------------------------------------------- */

static bool read_kind(struct lexer *lexer, const char **before_table, struct rename_hint *out)
{
	struct token token;

	while ((token = lexer_next_significant(lexer)).kind == TOKEN_WORD)
		for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
			if (str_is_folded(token.text, made[i].word)) {
				out->kind = made[i].kind;
				*before_table = made[i].before_table;
				return true;
			}
	return false;
}

static struct token skip_passed(struct lexer *lexer)
{
	struct token token = lexer_next_significant(lexer);

	while (token.kind == TOKEN_WORD && is_passed(token.text))
		token = lexer_next_significant(lexer);
	return token;
}

static void read_table_behind(const char *word, struct lexer *lexer, struct token token, struct arena *arena,
                              struct rename_hint *out)
{
	const char *parts[MOST_PARTS];

	while (token.kind != TOKEN_END && !str_is_folded(token.text, word))
		token = lexer_next_significant(lexer);
	token = skip_passed(lexer);
	const size_t count = read_name(lexer, &token, arena, parts, MOST_PARTS);
	out->parent = count ? parts[count - 1] : NULL;
	out->schema = count > 1 ? parts[count - 2] : NULL;
}

static bool read_head(struct lexer *lexer, struct arena *arena, struct rename_hint *out)
{
	const char *parts[MOST_PARTS];
	const char *before_table = NULL;

	if (!read_kind(lexer, &before_table, out))
		return false;
	struct token token = skip_passed(lexer);
	const size_t count = read_name(lexer, &token, arena, parts, MOST_PARTS);
	if (!count)
		return false;
	out->name = parts[count - 1];
	out->schema = count > 1 ? parts[count - 2] : NULL;
	if (before_table)
		read_table_behind(before_table, lexer, token, arena, out);
	return true;
}

/* --- an item in its parentheses, or behind ADD -------------------------------------- */

/* Behind this one an item begins: in the outermost parentheses, or of ALTER TABLE. */
static bool starts_item(const struct lexer *lexer, struct token token)
{
	return lexer->nesting.paren_depth == 1
	           ? str_is(token.text, "(") || str_is(token.text, ",")
	           : lexer->nesting.paren_depth == 0 && str_is_folded(token.text, "ADD");
}

/* The first token of the item that `at` is in; its kind is TOKEN_END where that is none. */
static struct token first_of_item(struct str statement, size_t at, struct lexer *behind)
{
	struct lexer lexer = {.text = statement};
	struct token item = {.kind = TOKEN_END};
	bool is_start = false;
	bool is_in_parens = false;
	bool is_added = false; /* of ALTER TABLE ... ADD: that alone */

	for (struct token token; (token = lexer_next_significant(&lexer)).kind != TOKEN_END;) {
		if ((size_t)(token.text.text - statement.text) > at || is_added)
			break;
		if (is_start) {
			item = token;
			*behind = lexer;
			is_added = !is_in_parens;
		} else if (is_in_parens && lexer.nesting.paren_depth == 0) {
			item.kind = TOKEN_END;
		}
		is_in_parens = lexer.nesting.paren_depth > 0;
		is_start = is_in_parens ? starts_item(&lexer, token) : str_is_folded(token.text, "ADD");
	}
	return item;
}

static bool read_item(struct token token, struct lexer *lexer, struct arena *arena, struct rename_hint *out)
{
	const bool is_type = strcmp(out->kind, "type") == 0;

	if (token.kind == TOKEN_STRING && is_type) {
		out->kind = "value";
		out->parent = out->name;
		out->name = rename_literal_parse(token.text, arena);
		return true;
	}
	out->parent = out->name;
	out->kind = is_type ? "attribute" : "column";
	if (str_is_folded(token.text, "CONSTRAINT")) {
		out->kind = "constraint";
		token = lexer_next_significant(lexer);
	} else if (str_is_folded(token.text, "COLUMN")) {
		token = skip_passed(lexer);
	}
	if (!is_name(token))
		return false;
	out->name = kept_name(token, arena);
	return true;
}

bool rename_place_find(struct str statement, size_t at, struct arena *arena, struct rename_hint *out)
{
	struct lexer lexer = {.text = statement};
	struct lexer behind;

	if (!read_head(&lexer, arena, out))
		return false;
	if (strcmp(out->kind, "table") != 0 && strcmp(out->kind, "type") != 0)
		return true;
	const struct token item = first_of_item(statement, at, &behind);
	return item.kind == TOKEN_END || read_item(item, &behind, arena, out);
}
