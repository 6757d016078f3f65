/*
 * A pattern is matched against tokens, not characters: comments, line ends and what is in quotes cannot
 * be mistaken for keywords, which a regular expression on the text could not promise. It is matched from
 * the start and without going back: what may be missing is taken or not, once. Only "..." is tried at each
 * word.
 *
 * Each statement meets about a hundred patterns, at reading and again when it runs. Three things keep that
 * cheap: a bit for the letters of its first and second word, the second compared before a cursor is copied,
 * and the first tokens of a statement lexed once for all patterns (token_list). A cursor is a value and
 * holds the token, so trying is copying it; it continues with a lexer of its own where the list ends.
 *
 * A pattern has to begin with words: pattern_read() takes their initials, and pattern_matches() looks at
 * nothing else first.
 */
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

/* Of two words that differ nearly all do in their length or in their first letter. */
static bool at_word(const struct cursor *cursor, struct str word)
{
	const struct str text = cursor->token.text;

	if (text.len != word.len)
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (char_fold(text.text[i]) != char_fold(word.text[i]))
			return false;
	return cursor->token.kind == (str_starts(word, "'") ? TOKEN_STRING : TOKEN_WORD);
}

static bool at_any_word(const struct cursor *cursor, const struct word_list *words)
{
	for (size_t i = 0; i < words->count; i++)
		if (at_word(cursor, words->items[i]))
			return true;
	return false;
}

static bool match_words(struct cursor *cursor, const struct word_list *words)
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

/* At an option's name; a value may follow, with or without "=". */
static bool option_fits(const struct cursor *cursor, char wanted)
{
	struct cursor value = *cursor;

	cursor_advance(&value);
	if (at_text(&value, "="))
		cursor_advance(&value);
	return wanted == GROUP_PRESENT || is_off(value.token.text) == (wanted == GROUP_OFF);
}

/* `option` is what is between the parentheses of the pattern. */
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

/*
 * To the first parenthesis inside the outer ones, a flat group fits or not; what does not is nested, or has
 * no end.
 */
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

static bool match_element(struct cursor *cursor, const struct element *element)
{
	switch (element->kind) {
	case ELEMENT_WORDS:
		return match_words(cursor, &element->words);
	case ELEMENT_NAME:
		return match_name(cursor);
	case ELEMENT_NUMBER:
		return match_token(cursor, TOKEN_NUMBER);
	case ELEMENT_LITERAL:
		return match_token(cursor, TOKEN_STRING);
	case ELEMENT_END:
		return cursor_at_end(cursor);
	case ELEMENT_TEXT:
		return match_text(cursor, element->text);
	case ELEMENT_FLAT_GROUP:
		return match_flat_group(cursor);
	case ELEMENT_NESTED_GROUP:
		return match_nested_group(cursor);
	case ELEMENT_GROUP:
		return match_group(cursor, element->text);
	case ELEMENT_ANYTHING:
		break;
	}
	return false;
}

/* Nothing moves on where a single word does not fit; a name or a group may end in the middle. */
static void match_or_miss(struct cursor *cursor, const struct element *element)
{
	struct cursor attempt;

	if (element->kind == ELEMENT_WORDS) {
		(void)!match_words(cursor, &element->words);
		return;
	}
	attempt = *cursor;
	if (match_element(&attempt, element))
		*cursor = attempt;
}

static bool match_rest(struct cursor *cursor, const struct pattern *pattern, size_t from);

static bool may_begin(const struct cursor *cursor, const struct element *element)
{
	return element->kind != ELEMENT_WORDS || element->may_miss || at_any_word(cursor, &element->words);
}

/* There is something after "...". */
static bool match_anywhere(struct cursor *cursor, const struct pattern *pattern, size_t from)
{
	for (; !cursor_at_end(cursor); cursor_advance(cursor)) {
		struct cursor attempt;

		if (!may_begin(cursor, &pattern->elements[from]))
			continue;
		attempt = *cursor;
		if (match_rest(&attempt, pattern, from))
			return true;
	}
	return false;
}

static bool match_rest(struct cursor *cursor, const struct pattern *pattern, size_t from)
{
	for (size_t i = from; i < pattern->count; i++) {
		const struct element *element = &pattern->elements[i];

		if (element->kind == ELEMENT_ANYTHING)
			return match_anywhere(cursor, pattern, i + 1);
		if (element->may_miss)
			match_or_miss(cursor, element);
		else if (!match_element(cursor, element))
			return false;
	}
	return true;
}

/* Nearly every pattern has another word in the second place, which is known before a cursor is copied. */
static bool begins_otherwise(const struct pattern *pattern, const struct cursor *second)
{
	for (size_t i = 1; i < pattern->count && pattern->elements[i].kind == ELEMENT_WORDS; i++)
		if (at_any_word(second, &pattern->elements[i].words))
			return false;
		else if (!pattern->elements[i].may_miss)
			return true;
	return false;
}

bool pattern_matches(const struct pattern *pattern, const struct cursor *first, const struct cursor *second)
{
	struct cursor cursor;

	if (!at_any_word(first, &pattern->elements[0].words) || begins_otherwise(pattern, second))
		return false;
	cursor = *second;
	return match_rest(&cursor, pattern, 1);
}

/* --- reading patterns ------------------------------------------------------ */

static const struct {
	const char *text;
	enum element_kind kind;
} fixed_elements[] = {
    {"%", ELEMENT_NAME},         {"#", ELEMENT_NUMBER},         {"'", ELEMENT_LITERAL},
    {"$", ELEMENT_END},          {".", ELEMENT_TEXT},           {"::", ELEMENT_TEXT},
    {"(=)", ELEMENT_FLAT_GROUP}, {"(~)", ELEMENT_NESTED_GROUP}, {"...", ELEMENT_ANYTHING},
};

static size_t count_parts(struct str text, char separator)
{
	size_t count = 1;

	for (size_t i = 0; i < text.len; i++)
		count += text.text[i] == separator;
	return count;
}

static struct word_list read_words(struct str text, struct arena *arena)
{
	struct word_list words = {.items = arena_array(arena, struct str, count_parts(text, '|'))};

	while (str_split_next(&text, '|', &words.items[words.count]))
		words.count++;
	return words;
}

static struct element read_element(struct str text, struct arena *arena)
{
	const bool may_miss = str_starts(text, "?");

	text = str_slice(text, may_miss, text.len);
	for (size_t i = 0; i < sizeof(fixed_elements) / sizeof(*fixed_elements); i++)
		if (str_is(text, fixed_elements[i].text))
			return (struct element){.kind = fixed_elements[i].kind, .may_miss = may_miss, .text = text};
	if (str_starts(text, "("))
		return (struct element){
		    .kind = ELEMENT_GROUP, .may_miss = may_miss, .text = str_slice(text, 1, text.len - 1)};
	return (struct element){.kind = ELEMENT_WORDS, .may_miss = may_miss, .words = read_words(text, arena)};
}

static uint32_t initials_of(const struct word_list *words)
{
	uint32_t initials = 0;

	for (size_t i = 0; i < words->count; i++)
		initials |= pattern_initial(words->items[i].text[0]);
	return initials;
}

/* What may be missing lets in what comes after it. */
static uint32_t seconds_of(const struct pattern *pattern)
{
	uint32_t seconds = 0;

	for (size_t i = 1; i < pattern->count && pattern->elements[i].kind == ELEMENT_WORDS; i++) {
		seconds |= initials_of(&pattern->elements[i].words);
		if (!pattern->elements[i].may_miss)
			return seconds;
	}
	return UINT32_MAX;
}

void pattern_read(const char *text, struct arena *arena, struct pattern *out)
{
	struct str rest = str_of(text), element;
	struct pattern pattern = {.elements = arena_array(arena, struct element, count_parts(rest, ' '))};

	while (str_split_next(&rest, ' ', &element))
		pattern.elements[pattern.count++] = read_element(element, arena);
	pattern.initials = initials_of(&pattern.elements[0].words);
	pattern.seconds = seconds_of(&pattern);
	*out = pattern;
}
