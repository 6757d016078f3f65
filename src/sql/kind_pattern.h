/*
 * kind_pattern.h - what a row of kind_rows.c is matched by
 *
 * A pattern, which begins with a capital, is matched from the first word on;
 * what follows it does not matter.
 *
 *	WORD|OTHER   one of these words; 'WORD' is the same as a literal
 *	?WORD        the word may be missing
 *	%            a name, with or without its schema
 *	# and '      a number; a literal
 *	. and ::     these
 *	(*)          anything in parentheses; ?(*) may be missing
 *	(option)     the same, but the option is among it
 *	(+option)    ... and switched on; (-option): switched off
 *	(=)          parentheses with none in them: names, and no call of a function
 *	(~)          parentheses with others in them
 *	...          anything up to where the rest fits
 *	$            the end
 *
 * What may be missing is taken where it is there: nothing is tried twice.
 */
#ifndef RUNG_SQL_KIND_PATTERN_H
#define RUNG_SQL_KIND_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "sql/lexer.h"

enum { TOKEN_LIST_MOST = 64 };

/* The first tokens of a statement, read once for all patterns; `lexer` is after the last of them. */
struct token_list {
	struct lexer lexer;
	struct token tokens[TOKEN_LIST_MOST];
	size_t count;
};

/* At a token; copying it is how a match is tried. */
struct cursor {
	struct token_list *list;
	size_t at; /* in the list, of the token after this one */
	struct token token;
	struct lexer lexer; /* where the list has ended */
};

/* Before the first token of the statement at which `lexer` is; `list` is where tokens are kept. */
struct cursor cursor_start(struct lexer lexer, struct token_list *list);

void cursor_advance(struct cursor *cursor);

/* The statement is over. */
bool cursor_at_end(const struct cursor *cursor);

/* --- patterns as they are matched ------------------------------------------ */

struct word_list {
	struct str *items;
	size_t count;
};

enum element_kind {
	ELEMENT_WORDS,
	ELEMENT_NAME,
	ELEMENT_NUMBER,
	ELEMENT_LITERAL,
	ELEMENT_END,
	ELEMENT_TEXT,
	ELEMENT_GROUP,
	ELEMENT_FLAT_GROUP,
	ELEMENT_NESTED_GROUP,
	ELEMENT_ANYTHING,
};

struct element {
	enum element_kind kind;
	bool may_miss;
	struct word_list words; /* of ELEMENT_WORDS */
	struct str text;        /* of ELEMENT_TEXT; of ELEMENT_GROUP what is between its parentheses */
};

/* The first element is words. */
struct pattern {
	struct element *elements;
	size_t count;
	uint32_t initials; /* of those words, as pattern_initial() has them */
	uint32_t seconds;  /* of the words that may come next; all bits where something else may */
};

/* A bit for each letter. */
static inline uint32_t pattern_initial(char letter)
{
	return (uint32_t)1 << (letter & 31);
}

/* What it takes apart looks into `text`. */
void pattern_read(const char *text, struct arena *arena, struct pattern *out);

/*
 * `first` and `second` stand on the first and second token of the statement, which is no match unless a bit
 * of `initials` is that of the first, and one of `seconds` that of the second.
 */
bool pattern_matches(const struct pattern *pattern, const struct cursor *first, const struct cursor *second);

#endif
