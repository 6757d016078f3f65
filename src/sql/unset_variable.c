/*
 * Whether ":name" was meant for psql or for the server cannot be known without a grammar, and a complaint
 * about SQL that is right would be worse than none. So it goes by what is before the colon. After a
 * value it divides a slice, a[1:n], or the pair of json_object(); inside brackets or such a call it may;
 * elsewhere no SQL has a colon by itself.
 *
 * Only text of the file is looked at, not that of another variable's value.
 */
#include "sql/unset_variable.h"

#include <string.h>
#include <strings.h>

/* Farther back nobody looks for the bracket that a colon is in. */
enum { FARTHEST = 400 };

static bool is_word_char(char c)
{
	return (char_fold(c) >= 'a' && char_fold(c) <= 'z') || char_is_digit(c) || c == '_' || (c & 0x80);
}

static size_t without_space(const char *text, size_t at)
{
	while (at > 0 && char_is_space(text[at - 1]))
		at--;
	return at;
}

/* After a value of its own it divides a slice or a pair; a name with a space after it is a keyword. */
static bool follows_value(const char *text, size_t from)
{
	const size_t at = without_space(text, from);
	const char before = at ? text[at - 1] : ';';

	if (strchr("'\"$)]", before) || char_is_digit(before))
		return true;
	return at == from && is_word_char(before);
}

static bool opens_json(const char *text, size_t paren)
{
	const size_t end = without_space(text, paren);
	size_t at = end;

	while (at > 0 && is_word_char(text[at - 1]))
		at--;
	return end - at >= 4 && strncasecmp(text + at, "json", 4) == 0;
}

/* In a[...] or json_object(...). */
static bool is_inside(const char *text, size_t from)
{
	const size_t until = from > FARTHEST ? from - FARTHEST : 0;
	int parens = 0;
	int brackets = 0;

	for (size_t at = from; at-- > until && text[at] != ';';) {
		parens += text[at] == ')' ? 1 : text[at] == '(' ? -1 : 0;
		brackets += text[at] == ']' ? 1 : text[at] == '[' ? -1 : 0;
		if (brackets < 0 || (parens < 0 && opens_json(text, at)))
			return true;
		if (parens < 0)
			parens = 0;
	}
	return false;
}

/* ":lo" and ":hi", and what else a batch gives its statement. */
static bool is_of_batch(const struct reader *reader)
{
	for (size_t i = 0; i < reader->directive_count; i++)
		if (str_starts(reader->directives[i].text, "batch"))
			return true;
	return false;
}

static bool is_noted(const struct unset_variables *unset, struct str name)
{
	for (size_t i = 0; i < unset->count; i++)
		if (str_is(name, unset->names[i]))
			return true;
	return false;
}

void unset_variable_note(const struct reader *reader, struct str reference, size_t from)
{
	struct unset_variables *unset = reader->reading->options->unset;
	const struct str name = variable_reference_name(reference);
	const char *text = reader->lexer.text.text;

	if (!unset || reader->lexer.is_derived || variable_find_unknown(&reader->reading->variables, reference) ||
	    is_of_batch(reader) || follows_value(text, from) || is_inside(text, from) || is_noted(unset, name))
		return;
	if (unset->count == 0) {
		error_set(&unset->first, ERROR_FILES, "the variable \"%.*s\" is not set (--set %.*s=VALUE)",
		          STR_ARGS(name), STR_ARGS(name));
		(void)!reader_fail(reader, from, &unset->first);
	}
	*ARENA_PUSH(unset->arena, unset->names, unset->count) = str_copy(unset->arena, name);
}
