/*
 * Nothing here asks the locale: PostgreSQL folds ASCII alone in its keywords, and tolower() would make
 * another letter of "I" in a Turkish one. Files are UTF-8 (RFC 3629), so code points above U+10FFFF,
 * surrogates and forms longer than needed are invalid, as the server would say later of the same bytes; a
 * zero byte, which no text of the server can hold, is too.
 *
 * Every byte of every file passes utf8_check(). SQL is nearly all ASCII, and that part is passed eight
 * bytes at a time; the byte loop is for the rest and decides alone, so a word that only looks suspicious
 * costs time and no error.
 *
 * str_split_next() yields nothing after a separator at the end, as a text file has no line after its last
 * line end: "a," is one part, "a,,b" three.
 */
#include "base/str.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"

char *str_copy(struct arena *arena, struct str s)
{
	return arena_strndup(arena, s.text, s.len);
}

static bool equal_folded(const char *a, const char *b, size_t len)
{
	assert(len == 0 || (a && b));
	for (size_t i = 0; i < len; i++)
		if (char_fold(a[i]) != char_fold(b[i]))
			return false;
	return true;
}

bool str_is_folded(struct str s, const char *text)
{
	return s.len == strlen(text) && equal_folded(s.text, text, s.len);
}

bool str_starts_folded(struct str s, const char *prefix)
{
	return str_is_folded(str_slice(s, 0, strlen(prefix)), prefix);
}

bool str_ends(struct str s, const char *suffix)
{
	const size_t len = strlen(suffix);

	return s.len >= len && str_equal(str_slice(s, s.len - len, s.len), str_of(suffix));
}

bool str_is_among(struct str s, const char *const *names)
{
	for (; names && *names; names++)
		if (str_is(s, *names))
			return true;
	return false;
}

static bool matches(struct str s, struct str pattern)
{
	const bool is_beginning = str_ends(pattern, "*");
	const struct str beginning = str_slice(pattern, 0, pattern.len - is_beginning);

	return str_equal(is_beginning ? str_slice(s, 0, beginning.len) : s, beginning);
}

bool str_matches_any(struct str s, const char *const *patterns)
{
	for (; patterns && *patterns; patterns++)
		if (matches(s, str_of(*patterns)))
			return true;
	return false;
}

struct str str_trim(struct str s)
{
	size_t from = 0;
	size_t to = s.len;

	while (from < to && char_is_space(s.text[from]))
		from++;
	while (to > from && char_is_space(s.text[to - 1]))
		to--;
	return str_slice(s, from, to);
}

size_t str_index(struct str s, char c)
{
	const char *found = s.len ? memchr(s.text, c, s.len) : NULL;

	return found ? (size_t)(found - s.text) : s.len;
}

bool str_split_next(struct str *rest, char separator, struct str *part)
{
	if (!rest->text || rest->len == 0)
		return false;

	const size_t at = str_index(*rest, separator);
	*part = str_slice(*rest, 0, at);
	if (at == rest->len)
		*rest = (struct str){0};
	else
		*rest = str_slice(*rest, at + 1, rest->len);
	return true;
}

bool str_line_next(struct str *rest, struct str *line)
{
	if (!str_split_next(rest, '\n', line))
		return false;
	if (str_ends(*line, "\r"))
		line->len--;
	return true;
}

bool str_to_number(struct str s, unsigned long long max, unsigned long long *out)
{
	unsigned long long number = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!char_is_digit(s.text[i]))
			return false;
		const unsigned digit = (unsigned)(s.text[i] - '0');
		if (number > (max - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*out = number;
	return true;
}

size_t utf8_count(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += ((unsigned char)s.text[i] & 0xC0) != 0x80;
	return count;
}

/*
 * Length of the sequence a lead byte opens and the smallest code point that
 * may use it (RFC 3629 forbids longer forms than needed).
 */
static size_t sequence_len(unsigned char lead, unsigned *min)
{
	if (lead >= 0xF0 && lead <= 0xF4) {
		*min = 0x10000;
		return 4;
	}
	if (lead >= 0xE0 && lead < 0xF0) {
		*min = 0x800;
		return 3;
	}
	*min = 0x80;
	return lead >= 0xC2 && lead < 0xE0 ? 2 : 0;
}

static bool sequence_is_valid(const unsigned char *bytes, size_t len, unsigned min)
{
	unsigned point = bytes[0] & (0x7FU >> len);

	for (size_t i = 1; i < len; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return false;
		point = point << 6 | (bytes[i] & 0x3F);
	}
	return point >= min && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

/* How many bytes at the start are ASCII and not NUL, counted eight at a time. */
static size_t plain_len(struct str text)
{
	const uint64_t ones = 0x0101010101010101U;
	size_t len = 0;

	for (; len + sizeof(uint64_t) <= text.len; len += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, text.text + len, sizeof(word));
		if ((word | (word - ones)) & (ones << 7))
			break;
	}
	return len;
}

size_t utf8_check(struct str s)
{
	const unsigned char *bytes = (const unsigned char *)s.text;
	size_t i = 0;

	while ((i += plain_len(str_slice(s, i, s.len))) < s.len) {
		if (bytes[i] < 0x80) {
			if (bytes[i] == 0)
				return i;
			i++;
			continue;
		}
		unsigned min;
		const size_t len = sequence_len(bytes[i], &min);
		if (len == 0 || len > s.len - i || !sequence_is_valid(bytes + i, len, min))
			return i;
		i += len;
	}
	return s.len;
}

/* Levenshtein distance; names are short, longer ones are simply far away. */
static size_t edit_distance(const char *a, const char *b)
{
	enum { LONGEST = 63 };
	const size_t a_len = strlen(a);
	const size_t b_len = strlen(b);
	size_t row[LONGEST + 1];

	if (a_len > LONGEST || b_len > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			const size_t replace = diagonal + (char_fold(a[i - 1]) != char_fold(b[j - 1]));
			diagonal = row[j];
			const size_t shorter = row[j] < row[j - 1] ? row[j] : row[j - 1];
			row[j] = replace < shorter + 1 ? replace : shorter + 1;
		}
	}
	return row[b_len];
}

/* "--dry" is the beginning of "--dry-run" and of nothing else. */
static const char *only_completion(const char *typed, const char *const *names)
{
	enum { LEAST = 3 };
	const size_t len = strlen(typed);
	const char *found = NULL;

	for (; len >= LEAST && *names; names++) {
		if (strncmp(*names, typed, len) != 0)
			continue;
		if (found)
			return NULL;
		found = *names;
	}
	return found;
}

static bool is_plain_in_shell(char c)
{
	return char_is_digit(c) || (char_fold(c) >= 'a' && char_fold(c) <= 'z') || (c && strchr("_-./:=@%+,", c));
}

char *shell_quote(struct arena *arena, const char *text)
{
	struct buffer word = {.arena = arena};

	buffer_char(&word, '\'');
	for (; *text; text++)
		buffer_text(&word, *text == '\'' ? "'\\''" : (char[]){*text, '\0'});
	buffer_char(&word, '\'');
	return buffer_cstr(&word);
}

/* Quoted when in doubt; "~" is, since a shell replaces it at the beginning of a word. */
const char *shell_word(struct arena *arena, const char *text)
{
	size_t plain = 0;

	while (is_plain_in_shell(text[plain]))
		plain++;
	return plain > 0 && !text[plain] ? text : shell_quote(arena, text);
}

const char *str_suggest(const char *typed, const char *const *names)
{
	const char *best = NULL;
	size_t nearest = strlen(typed) / 3 + 1; /* a third of it mistyped, at most */

	for (const char *const *name = names; *name; name++) {
		const size_t distance = edit_distance(typed, *name);

		if (distance <= nearest && (!best || distance < nearest)) {
			best = *name;
			nearest = distance;
		}
	}
	return best ? best : only_completion(typed, names);
}
