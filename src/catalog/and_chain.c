/*
 * Works on characters, outside of quotes: "((" opens a chain whose first member is in parentheses, and these
 * can go where the same word stands between the members of both. The server puts parentheses around every
 * condition that has an AND or OR in it, so that no other precedence is at work.
 */
#include "catalog/and_chain.h"

#include <string.h>

#include "base/buffer.h"
#include "catalog/printed_text.h"

/* "((A AND B) AND ...": where its pieces are. */
struct chain {
	const char *first; /* the inner parenthesis */
	const char *last;  /* and its end */
	const char *word;
	const char *between; /* of the members of the inner chain, the first word */
};

static const char *const words[] = {" AND ", " OR "};

static bool find_chain(const char *begin, const char *c, struct chain *out)
{
	if (strncmp(c, "((", 2) != 0)
		return false;
	out->first = c + 1;
	out->last = printed_find(begin, c + 2, ")");
	if (!*out->last)
		return false;
	for (size_t i = 0; i < 2; i++) {
		out->word = words[i];
		out->between = printed_find_word(begin, c + 2, out->last, words[i]);
		if (out->between && strncmp(out->last + 1, words[i], strlen(words[i])) == 0)
			return true;
	}
	return false;
}

static void remove_at(char *copy, const char *c)
{
	char *at = copy + (c - copy);

	memmove(at, at + 1, strlen(at));
}

/* Leaves out the parentheses of the first member, which may be such a chain itself. */
static const char *settle_all(struct arena *arena, const char *text, const char *c)
{
	char *copy = arena_strdup(arena, text);
	struct chain chain;

	c = copy + (c - text);
	while (*c) {
		const char *end = printed_skip_quoted(copy, c);

		if (end == c && find_chain(copy, c, &chain)) {
			remove_at(copy, chain.last);
			remove_at(copy, chain.first);
		} else {
			c = end > c ? end : c + 1;
		}
	}
	return copy;
}

const char *and_chain_settle(struct arena *arena, const char *text)
{
	struct chain chain;

	if (!strstr(text, "(("))
		return text;
	for (const char *c = text; *c;) {
		const char *end = printed_skip_quoted(text, c);

		if (end == c && find_chain(text, c, &chain))
			return settle_all(arena, text, c);
		c = end > c ? end : c + 1;
	}
	return text;
}

/* --- statements ------------------------------------------------------------- */

/* What BETWEEN is made of. */
static const struct {
	const char *word;
	const char *low;
	const char *high;
	const char *between;
} forms[] = {
    {" AND ", " >= ", " <= ", "BETWEEN"},
    {" OR ", " < ", " > ", "NOT BETWEEN"},
};

/* "(X >= L)" that ends before `end`: where the operator is, or NULL. */
static const char *comparison(const char *begin, const char *c, const char *end, const char *operator)
{
	return *c == '(' && printed_find(begin, c + 1, ")") + 1 == end
	           ? printed_find_word(begin, c + 1, end - 1, operator)
	           : NULL;
}

static bool add_between(struct buffer *out, const char *begin, const struct chain *chain)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		const char *first = chain->first + 1;
		const char *second = chain->between + strlen(chain->word);
		const char *low = comparison(begin, first, chain->between, forms[i].low);
		const char *high = comparison(begin, second, chain->last, forms[i].high);

		if (strcmp(forms[i].word, chain->word) != 0 || !low || !high || low - first != high - second ||
		    memcmp(first, second, (size_t)(low - first)) != 0)
			continue;
		low += strlen(forms[i].low);
		buffer_printf(out, "(%.*s %s %.*s", (int)(low - first - (long)strlen(forms[i].low)) - 1, first + 1,
		              forms[i].between, (int)(chain->between - 1 - low), low);
		high += strlen(forms[i].high);
		buffer_printf(out, " AND %.*s)", (int)(chain->last - 1 - high), high);
		return true;
	}
	return false;
}

const char *and_chain_leave(struct arena *arena, const char *sql)
{
	struct buffer out = {.arena = arena};
	struct chain chain;

	if (!strstr(sql, "((("))
		return sql;
	for (const char *c = sql; *c;) {
		const char *quoted = printed_skip_quoted(sql, c);
		const char *end = quoted > c ? quoted : c + 1;

		buffer_add(&out, (struct str){c, (size_t)(end - c)});
		if (quoted == c && find_chain(sql, c, &chain) && add_between(&out, sql, &chain))
			end = chain.last + 1;
		c = end;
	}
	return buffer_cstr(&out);
}
