#include "backup/summary/pattern.h"

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"

static void add(struct buffer *regex, bool is_escaped, char letter)
{
	const char text[] = {'\\', letter};

	buffer_add(regex, is_escaped ? (struct str){text, 2} : (struct str){text + 1, 1});
}

static char fold(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static void add_quoted(struct buffer *regex, char letter)
{
	add(regex, strchr("|*+?()[]{}.^$\\", letter), letter);
}

/* "[]" is the type of an array there, and not an empty choice. */
static void add_unquoted(struct buffer *regex, const char *at)
{
	if (*at == '*')
		buffer_text(regex, ".*");
	else if (*at == '?')
		buffer_text(regex, ".");
	else
		add(regex, *at == '$' || (*at == '[' && at[1] == ']'), fold(*at));
}

/* Up to a dot outside quotes, or the end. */
static const char *take_name(const char *at, struct buffer *regex)
{
	for (bool is_quoted = false; *at && (is_quoted || *at != '.'); at++) {
		if (*at == '"' && is_quoted && at[1] == '"')
			add_quoted(regex, *at++);
		else if (*at == '"')
			is_quoted = !is_quoted;
		else if (is_quoted)
			add_quoted(regex, *at);
		else
			add_unquoted(regex, at);
	}
	return at;
}

static const char *whole(struct buffer *regex)
{
	return arena_printf(regex->arena, "^(%s)$", buffer_cstr(regex));
}

struct pattern pattern_parse(const char *text, struct arena *arena)
{
	struct pattern out = {"", ""};

	for (bool is_last = false; !is_last; text++) {
		struct buffer regex = {.arena = arena};

		text = take_name(text, &regex);
		is_last = !*text;
		out = (struct pattern){out.table, whole(&regex)};
	}
	return out;
}
