/*
 * str.h - text inside a larger text
 *
 * A pointer and a length looking into memory that somebody else keeps alive,
 * usually a loaded file. Not NUL-terminated; copied with str_copy() only into
 * a longer life. All comparisons are bytewise; "folded" ones ignore the case
 * of ASCII letters, as PostgreSQL does for keywords.
 */
#ifndef RUNG_BASE_STR_H
#define RUNG_BASE_STR_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"

struct str {
	const char *text;
	size_t len;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})

/* For printf: printf("%.*s", STR_ARGS(s)) */
#define STR_ARGS(s) (int)(s).len, (s).text

/* What every character of a file passes through is in here whole, so that it costs no call. */
static inline struct str str_of(const char *text)
{
	return (struct str){text, text ? strlen(text) : 0};
}

char *str_copy(struct arena *arena, struct str s);

static inline bool str_equal(struct str a, struct str b)
{
	assert(a.len == 0 || a.text);
	assert(b.len == 0 || b.text);
	return a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

static inline bool str_is(struct str s, const char *text)
{
	return str_equal(s, str_of(text));
}

/* Both ends clipped to the length of `s`. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	return (struct str){s.text ? s.text + from : NULL, to - from};
}

static inline bool str_starts(struct str s, const char *prefix)
{
	return str_equal(str_slice(s, 0, strlen(prefix)), str_of(prefix));
}

bool str_is_folded(struct str s, const char *text);
bool str_starts_folded(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);

/* One of `names` (NULL-terminated; NULL for none) to the letter; or of patterns, of which "NAME*" is all that
 * begin so. */
bool str_is_among(struct str s, const char *const *names);
bool str_matches_any(struct str s, const char *const *patterns);

struct str str_trim(struct str s);

/* Position of the first `c`, or s.len. */
size_t str_index(struct str s, char c);

/*
 * Cuts `*rest` at the next `separator` into `*part`; false when nothing is
 * left. "a,,b" yields "a", "", "b"; an empty text yields nothing.
 */
bool str_split_next(struct str *rest, char separator, struct str *part);

/* The same for lines; a CR before the LF belongs to the line end. */
bool str_line_next(struct str *rest, struct str *line);

/* `text` as a shell reads it as one word: in single quotes, or only where it needs them. */
char *shell_quote(struct arena *arena, const char *text);
const char *shell_word(struct arena *arena, const char *text);

/* ASCII only, independent of the locale. */
static inline bool char_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline bool char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline char char_fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Digits only, at most `max`; false otherwise, `*out` untouched. */
bool str_to_number(struct str s, unsigned long long max, unsigned long long *out);

/* Characters (code points) in valid UTF-8. */
size_t utf8_count(struct str s);

/* Byte offset of the first invalid sequence or NUL byte, or s.len when there is none. */
size_t utf8_check(struct str s);

/*
 * The entry of `names` (NULL-terminated) a person who typed `typed` most
 * likely meant (near it, or the only one that begins so), or NULL.
 */
const char *str_suggest(const char *typed, const char *const *names);

#endif
