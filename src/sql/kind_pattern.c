#include "sql/kind_pattern.h"

#include <string.h>

struct cursor cursor_start(struct lexer lexer, struct token_list *list)
{
	list->lexer = lexer;
	list->count = 0;
	return (struct cursor){.list = list};
}

/* Nearly every pattern fails at one of the first words; few statements are longer than the list before that.
 */
void cursor_advance(struct cursor *cursor)
{
	struct token_list *list = cursor->list;

	if (cursor->at == TOKEN_LIST_MOST) {
		cursor->token = lexer_next_significant(&cursor->lexer);
		return;
	}
	if (cursor->at == list->count)
		list->tokens[list->count++] = lexer_next_significant(&list->lexer);
	cursor->token = list->tokens[cursor->at++];
	if (cursor->at == TOKEN_LIST_MOST)
		cursor->lexer = list->lexer;
}

bool cursor_at_end(const struct cursor *cursor)
{
	return cursor->token.kind == TOKEN_END || cursor->token.kind == TOKEN_SEMICOLON;
}

static bool at_text(const struct cursor *cursor, const char *text)
{
	return str_is(cursor->token.text, text);
}

static bool at_word(const struct cursor *cursor, struct str word)
{
	const struct str text = cursor->token.text;
	const enum token_kind kind = str_starts(word, "'") ? TOKEN_STRING : TOKEN_WORD;

	if (cursor->token.kind != kind || text.len != word.len)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (char_fold(text.text[i]) != char_fold(word.text[i]))
			return false;
	return true;
}

static bool at_any_word(const struct cursor *cursor, struct str words)
{
	struct str word;

	if (cursor->token.kind != TOKEN_WORD && cursor->token.kind != TOKEN_STRING)
		return false;
	while (str_split_next(&words, '|', &word))
		if (at_word(cursor, word))
			return true;
	return false;
}

static bool match_words(struct cursor *cursor, struct str words)
{
	const bool fits = at_any_word(cursor, words);

	if (fits)
		cursor_advance(cursor);
	return fits;
}

static bool match_name(struct cursor *cursor)
{
	for (;;) {
		if (cursor->token.kind != TOKEN_WORD && cursor->token.kind != TOKEN_NAME)
			return false;
		cursor_advance(cursor);
		if (!at_text(cursor, "."))
			return true;
		cursor_advance(cursor);
	}
}

static bool is_off(struct str value)
{
	static const char *const offs[] = {"off",     "false", "0",       "'off'",
	                                   "'false'", "'0'",   "\"off\"", "\"false\""};

	for (size_t i = 0; i < sizeof(offs) / sizeof(*offs); i++)
		if (str_is_folded(value, offs[i]))
			return true;
	return false;
}

enum { GROUP_ANY = '*', GROUP_ON = '+', GROUP_OFF = '-', GROUP_PRESENT = '?' };

/* Stands on an option's name; a value may follow, with or without "=". */
static bool option_fits(const struct cursor *cursor, char wanted)
{
	struct cursor value = *cursor;

	cursor_advance(&value);
	if (at_text(&value, "="))
		cursor_advance(&value);
	return wanted == GROUP_PRESENT || is_off(value.token.text) == (wanted == GROUP_OFF);
}

/* `option` is what stands between the parentheses of the pattern. */
static bool match_group(struct cursor *cursor, struct str option)
{
	const bool has_sign = option.len > 0 && strchr("*+-", option.text[0]);
	const char wanted = has_sign ? option.text[0] : GROUP_PRESENT;
	bool fits = wanted == GROUP_ANY;
	size_t depth = 0;

	option = str_slice(option, has_sign, option.len);
	if (!at_text(cursor, "("))
		return false;
	for (; !cursor_at_end(cursor); cursor_advance(cursor)) {
		if (at_text(cursor, "(")) {
			depth++;
		} else if (at_text(cursor, ")")) {
			if (--depth == 0) {
				cursor_advance(cursor);
				return fits;
			}
		} else if (depth == 1 && at_word(cursor, option)) {
			fits = option_fits(cursor, wanted);
		}
	}
	return false;
}

static bool match_flat_group(struct cursor *cursor)
{
	if (!at_text(cursor, "("))
		return false;
	for (cursor_advance(cursor); !cursor_at_end(cursor) && !at_text(cursor, "("); cursor_advance(cursor)) {
		if (at_text(cursor, ")")) {
			cursor_advance(cursor);
			return true;
		}
	}
	return false;
}

static bool match_nested_group(struct cursor *cursor)
{
	struct cursor flat = *cursor;

	return !match_flat_group(&flat) && match_group(cursor, STR("*"));
}

static bool match_text(struct cursor *cursor, struct str text)
{
	const bool fits = str_equal(cursor->token.text, text);

	if (fits)
		cursor_advance(cursor);
	return fits;
}

static bool match_token(struct cursor *cursor, enum token_kind kind)
{
	const bool fits = cursor->token.kind == kind;

	if (fits)
		cursor_advance(cursor);
	return fits;
}

static bool is_word(struct str element)
{
	const char initial = char_fold(element.text[0]);

	return initial >= 'a' && initial <= 'z';
}

static bool match_element(struct cursor *cursor, struct str element)
{
	if (is_word(element))
		return match_words(cursor, element);
	if (str_is(element, "%"))
		return match_name(cursor);
	if (str_is(element, "#"))
		return match_token(cursor, TOKEN_NUMBER);
	if (str_is(element, "'"))
		return match_token(cursor, TOKEN_STRING);
	if (str_is(element, "$"))
		return cursor_at_end(cursor);
	if (str_is(element, ".") || str_is(element, "::"))
		return match_text(cursor, element);
	if (str_is(element, "(=)"))
		return match_flat_group(cursor);
	if (str_is(element, "(~)"))
		return match_nested_group(cursor);
	if (str_starts(element, "("))
		return match_group(cursor, str_slice(element, 1, element.len - 1));
	return match_words(cursor, element);
}

/* Nothing moves on where a single word does not fit; a name or a group may end in the middle. */
static void match_or_miss(struct cursor *cursor, struct str element)
{
	struct cursor attempt;

	if (is_word(element)) {
		(void)!match_words(cursor, element);
		return;
	}
	attempt = *cursor;
	if (match_element(&attempt, element))
		*cursor = attempt;
}

static bool match_pattern(struct cursor *cursor, struct str pattern);

static bool match_anywhere(struct cursor *cursor, struct str pattern)
{
	for (; !cursor_at_end(cursor); cursor_advance(cursor)) {
		struct cursor attempt = *cursor;

		if (match_pattern(&attempt, pattern))
			return true;
	}
	return false;
}

static bool match_pattern(struct cursor *cursor, struct str pattern)
{
	struct str element;

	while (str_split_next(&pattern, ' ', &element)) {
		const bool may_miss = str_starts(element, "?");

		if (str_is(element, "..."))
			return match_anywhere(cursor, pattern);
		if (!may_miss && !match_element(cursor, element))
			return false;
		if (may_miss)
			match_or_miss(cursor, str_slice(element, 1, element.len));
	}
	return true;
}

/* One letter tells most statements from most rows; millions of INSERTs pass here. */
bool pattern_may_match(const char *pattern, char initial)
{
	char before = '|';

	for (; *pattern && *pattern != ' '; before = *pattern++)
		if (before == '|' && *pattern == initial)
			return true;
	return false;
}

bool pattern_matches(const char *pattern, const struct cursor *first, const struct cursor *second)
{
	struct str rest = str_of(pattern);
	struct cursor cursor = *second;
	struct str words = {0};

	str_split_next(&rest, ' ', &words);
	return at_any_word(first, words) && match_pattern(&cursor, rest);
}
