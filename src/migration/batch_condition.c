/*
 * The statement's tokens are looked at, not its grammar: a bound has its comparison as its neighbour, in one
 * of four ways ("id > :lo", ":lo < id", "id <= :hi", ":hi >= id"), whatever parentheses, other bounds of a
 * row, casts or OPERATOR(schema.>) stand between. What is written otherwise is refused, though it may be
 * right: a batch that leaves rows out says that it is done. Several columns may also be compared one by one,
 * with OR and equality; that is not followed.
 */
#include "migration/batch_condition.h"

#include <string.h>

#include "sql/lexer.h"

struct tokens {
	struct arena arena;
	struct token *items;
	size_t count;
};

static void read_tokens(const struct statement *statement, struct tokens *tokens)
{
	struct lexer lexer = statement_lexer(statement);

	for (struct token token = lexer_next_significant(&lexer); token.kind != TOKEN_END;
	     token = lexer_next_significant(&lexer))
		*ARENA_PUSH(&tokens->arena, tokens->items, tokens->count) = token;
}

/* Behind either end there is a token that is nothing. */
static struct token at(const struct tokens *tokens, size_t i)
{
	return i < tokens->count ? tokens->items[i] : (struct token){.kind = TOKEN_END};
}

static bool is_any(struct token token, const char *const *words)
{
	for (; *words; words++)
		if (str_is_folded(token.text, *words))
			return true;
	return false;
}

static bool is_bound(struct token token, bool *is_low)
{
	const struct str name = str_slice(token.text, 1, token.text.len);

	*is_low = str_is(name, "lo") || str_starts(name, "lo_");
	return token.kind == TOKEN_VARIABLE && (*is_low || str_is(name, "hi") || str_starts(name, "hi_"));
}

/* --- the comparison of a bound ----------------------------------------- */

/* Whether the token can stand between a bound and its comparison. */
static bool is_between(struct token token)
{
	static const char *const words[] = {"(", ")", ",", "row", "cast", NULL};
	bool is_low;

	return is_any(token, words) || is_bound(token, &is_low);
}

/* "> " or "operator(pg_catalog.>)" that ends at `i`; empty where none does. `i` is SIZE_MAX before the first.
 */
static struct str comparison_before(const struct tokens *tokens, size_t i)
{
	if (at(tokens, i).kind == TOKEN_OPERATOR)
		return at(tokens, i).text;
	if (str_is(at(tokens, i).text, ")") && at(tokens, i - 1).kind == TOKEN_OPERATOR)
		return at(tokens, i - 1).text;
	return (struct str){0};
}

static struct str comparison_on_the_left(const struct tokens *tokens, size_t bound)
{
	size_t i = bound - 1;

	while (is_between(at(tokens, i)) && !comparison_before(tokens, i).len)
		i--;
	return comparison_before(tokens, i);
}

/* The type of a cast, behind "::" or AS: names, dots, numbers in parentheses. */
static size_t skip_type(const struct tokens *tokens, size_t i)
{
	static const char *const words[] = {"with", "without", "time", "zone", ".", "(", ",", NULL};

	for (i++; at(tokens, i).kind == TOKEN_NUMBER || is_any(at(tokens, i), words) ||
	          ((at(tokens, i).kind == TOKEN_WORD || at(tokens, i).kind == TOKEN_NAME) &&
	           !str_is_folded(at(tokens, i).text, "operator"));
	     i++)
		;
	return i;
}

static struct str comparison_on_the_right(const struct tokens *tokens, size_t bound)
{
	size_t i = bound + 1;

	for (;;) {
		if (is_between(at(tokens, i)))
			i++;
		else if (str_is(at(tokens, i).text, "::") || str_is_folded(at(tokens, i).text, "as"))
			i = skip_type(tokens, i);
		else
			break;
	}
	while (at(tokens, i).kind == TOKEN_WORD && str_is_folded(at(tokens, i).text, "operator"))
		while (i < tokens->count && at(tokens, i).kind != TOKEN_OPERATOR)
			i++;
	return at(tokens, i).kind == TOKEN_OPERATOR ? at(tokens, i).text : (struct str){0};
}

static bool is_compared(const struct tokens *tokens, size_t bound, bool is_low)
{
	const struct str left = comparison_on_the_left(tokens, bound);

	if (left.len)
		return str_is(left, is_low ? ">" : "<=");
	return str_is(comparison_on_the_right(tokens, bound), is_low ? "<" : ">=");
}

/* --- OR beside a bound --------------------------------------------------- */

/*
 * From `i` on in one direction, as long as the condition continues that the bound is part of: what is in
 * parentheses or between CASE and END counts as one.
 */
static bool meets_or(const struct tokens *tokens, size_t i, int direction)
{
	static const char *const ends[] = {"where",     "on",     "having", "when",   "then",  "set",
	                                   "returning", "group",  "order",  "limit",  "union", "except",
	                                   "intersect", "window", "fetch",  "offset", "for",   NULL};
	const char *const in[] = {direction > 0 ? "(" : ")", direction > 0 ? "case" : "end", NULL};
	const char *const out[] = {direction > 0 ? ")" : "(", direction > 0 ? "end" : "case", NULL};
	size_t depth = 0;

	for (; i < tokens->count; i += (size_t)direction) {
		const struct token token = at(tokens, i);

		if (is_any(token, out) && depth-- == 0)
			return false;
		depth += is_any(token, in);
		if (depth == 0 && token.kind == TOKEN_WORD && is_any(token, ends))
			return false;
		if (depth == 0 && token.kind == TOKEN_WORD && str_is_folded(token.text, "or"))
			return true;
	}
	return false;
}

static bool is_beside_or(const struct tokens *tokens, size_t bound)
{
	return meets_or(tokens, bound - 1, -1) || meets_or(tokens, bound + 1, 1);
}

/* --- SET of the key ------------------------------------------------------ */

static bool is_column(struct token token, const char *column)
{
	if (token.kind == TOKEN_NAME)
		return token.text.len == strlen(column) + 2 &&
		       str_is(str_slice(token.text, 1, token.text.len - 1), column);
	return token.kind == TOKEN_WORD && str_is_folded(token.text, column);
}

/* What `i` names, "a = ..." or "(a, b) = ...", is set; `i` is behind SET or a comma. */
static const char *column_set(const struct tokens *tokens, size_t i, const struct batch *batch)
{
	const bool is_list = str_is(at(tokens, i).text, "(");

	for (i += is_list; i < tokens->count; i += 2) {
		for (size_t column = 0; column < batch->column_count; column++)
			if (is_column(at(tokens, i), batch->columns[column]))
				return batch->columns[column];
		if (!is_list || !str_is(at(tokens, i + 1).text, ","))
			return NULL;
	}
	return NULL;
}

/* The column of its key that an UPDATE sets, or NULL. What others set is not the batch's table. */
static const char *key_set(const struct tokens *tokens, const struct batch *batch)
{
	static const char *const ends[] = {"from", "where", "returning", NULL};
	bool is_behind_set = false;
	size_t depth = 0;

	for (size_t i = 0; str_is_folded(at(tokens, 0).text, "update") && i < tokens->count; i++) {
		const struct token token = at(tokens, i);

		depth += str_is(token.text, "(");
		depth -= str_is(token.text, ")") && depth > 0;
		if (depth > 0)
			continue;
		if (is_behind_set && token.kind == TOKEN_WORD && is_any(token, ends))
			return NULL;
		const bool begins_one =
		    (is_behind_set && str_is(token.text, ",")) || str_is_folded(token.text, "set");
		is_behind_set |= begins_one;
		const char *column = begins_one ? column_set(tokens, i + 1, batch) : NULL;
		if (column)
			return column;
	}
	return NULL;
}

/* --- its table ------------------------------------------------------------ */

/* A name's last part, unquoted, and folded where it was not quoted. */
static const char *plain_name(struct token token, struct arena *arena)
{
	char *name = str_copy(arena, token.text);

	if (token.kind == TOKEN_NAME)
		return str_copy(arena, str_slice(token.text, 1, token.text.len - 1));
	for (char *c = name; *c; c++)
		*c = char_fold(*c);
	return name;
}

static struct token last_token(const char *name)
{
	struct lexer lexer = {.text = str_of(name)};
	struct token last = {0};

	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		last = token;
	return last;
}

/* A directive copied from above another statement has bounds that are not this one's. */
static bool check_table(struct tokens *tokens, const struct batch *batch, struct error *err)
{
	const char *table = plain_name(last_token(batch->table), &tokens->arena);

	for (size_t i = 0; i < tokens->count; i++) {
		const struct token token = tokens->items[i];

		if ((token.kind == TOKEN_WORD || token.kind == TOKEN_NAME) &&
		    strcmp(plain_name(token, &tokens->arena), table) == 0)
			return true;
	}
	error_set(err, ERROR_FILES, "the statement of a batch does not name its table, %s", batch->table);
	return error_hint(err, "table= names the table or view whose rows the statement takes.");
}

/* --- what the server counts -------------------------------------------------- */

static bool is_verb(struct token token)
{
	static const char *const verbs[] = {"insert", "update", "delete", "merge", NULL};

	return token.kind == TOKEN_WORD && is_any(token, verbs);
}

/* Whether the last part of WITH takes all that an INSERT ... SELECT is given; `i` is behind its INSERT. */
static bool inserts_everything(const struct tokens *tokens, size_t i)
{
	static const char *const words[] = {"where",  "join",  "conflict", "limit",     "distinct", "group",
	                                    "having", "fetch", "offset",   "intersect", "except",   NULL};
	size_t depth = 0;

	for (; i < tokens->count; i++) {
		depth += str_is(at(tokens, i).text, "(");
		depth -= str_is(at(tokens, i).text, ")") && depth > 0;
		if (depth == 0 && at(tokens, i).kind == TOKEN_WORD && is_any(at(tokens, i), words))
			return false;
	}
	return true;
}

/*
 * A statement that is repeated ends where the server counts no row, and of WITH it counts the last part
 * alone: that has to be what changes rows, or to take every one of those that the parts before it have
 * changed.
 */
static bool is_counted(const struct tokens *tokens)
{
	bool changes_inside = false;
	size_t depth = 0;

	if (!str_is_folded(at(tokens, 0).text, "with"))
		return true;
	for (size_t i = 1; i < tokens->count; i++) {
		const struct token token = at(tokens, i);
		const bool begins_part = str_is(at(tokens, i - 1).text, "(") || depth == 0;

		depth += str_is(token.text, "(");
		depth -= str_is(token.text, ")") && depth > 0;
		if (depth > 0)
			changes_inside |= begins_part && is_verb(token);
		else if (is_verb(token))
			return !changes_inside ||
			       (str_is_folded(token.text, "insert") && inserts_everything(tokens, i + 1));
	}
	return false;
}

static bool check_counted(const struct tokens *tokens, struct error *err)
{
	if (is_counted(tokens))
		return true;
	error_set(err, ERROR_FILES,
	          "a batch that repeats would not know when it is done: WITH hides what is changed");
	return error_hint(
	    err, "The server counts the rows of the last part. Let that be the UPDATE or DELETE, or an INSERT "
	         "... SELECT of all rows that the parts before it changed.");
}

/* --- together ------------------------------------------------------------ */

static bool check_bound(const struct tokens *tokens, size_t bound, bool is_low, const struct batch *batch,
                        const char *example, struct error *err)
{
	const struct str text = tokens->items[bound].text;

	if (batch->column_count > 1 && !str_is(at(tokens, bound - 1).text, ",") &&
	    !str_is(at(tokens, bound + 1).text, ","))
		return true;
	if (!is_compared(tokens, bound, is_low)) {
		error_set(err, ERROR_FILES, "a batch would leave rows out or take them twice as \"%.*s\" is compared",
		          STR_ARGS(text));
		return error_hint(err, "Its range is \"%s\", and neither BETWEEN nor another comparison.", example);
	}
	if (is_beside_or(tokens, bound)) {
		error_set(err, ERROR_FILES,
		          "each chunk of the batch would take rows of the others: OR is next to \"%.*s\"",
		          STR_ARGS(text));
		return error_hint(err, "Put the OR into parentheses: \"%s and (... or ...)\".", example);
	}
	return true;
}

static bool check(const struct tokens *tokens, const struct batch *batch, const char *example,
                  struct error *err)
{
	const char *column = key_set(tokens, batch);
	bool is_low;

	if (column) {
		error_set(err, ERROR_FILES, "a batch would meet the rows again whose key \"%s\" it has changed",
		          column);
		return error_hint(
		    err, "A key is changed by one statement without a batch, or by a batch with another key.");
	}
	for (size_t i = 0; i < tokens->count; i++)
		if (is_bound(tokens->items[i], &is_low) && !check_bound(tokens, i, is_low, batch, example, err))
			return false;
	return true;
}

bool batch_condition_check(const struct statement *statement, const struct batch *batch, const char *example,
                           struct error *err)
{
	struct tokens tokens = {0};

	read_tokens(statement, &tokens);
	const bool is_right = batch->way == BATCH_REPEAT
	                          ? check_counted(&tokens, err)
	                          : check_table(&tokens, batch, err) &&
	                                (batch->way != BATCH_BY_KEY || check(&tokens, batch, example, err));
	arena_clear(&tokens.arena);
	return is_right;
}
