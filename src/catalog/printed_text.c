/*
 * A body between dollars is skipped as a whole: it is the text of somebody else, in any language.
 */
#include "catalog/printed_text.h"

#include <stdbool.h>
#include <string.h>

static const char *skip_body(const char *c)
{
	const size_t tag = 1 + strcspn(c + 1, "$ \n'\"();,:=");
	char delimiter[64];

	if (c[tag] != '$' || tag + 2 > sizeof(delimiter))
		return c;
	memcpy(delimiter, c, tag + 1);
	delimiter[tag + 1] = '\0';
	const char *end = strstr(c + tag + 1, delimiter);

	return end ? end + tag + 1 : c;
}

const char *printed_skip_quoted(const char *begin, const char *c)
{
	const char quote = *c;
	const bool is_escaped = quote == '\'' && c > begin && c[-1] == 'E';

	if (quote == '$')
		return skip_body(c);
	if (quote != '\'' && quote != '"')
		return c;
	for (c++; *c; c++) {
		if (is_escaped && *c == '\\' && c[1])
			c++;
		else if (*c == quote && c[1] != quote)
			return c + 1;
		else if (*c == quote)
			c++;
	}
	return c;
}

const char *printed_copy(struct buffer *out, const char *begin, const char *c)
{
	const char *end = printed_skip_quoted(begin, c);

	end += end == c;
	buffer_add(out, (struct str){c, (size_t)(end - c)});
	return end;
}

const char *printed_find(const char *begin, const char *c, const char *wanted)
{
	int depth = 0;

	while (*c) {
		if (depth == 0 && strchr(wanted, *c))
			return c;
		if (*c == '\'' || *c == '"') {
			c = printed_skip_quoted(begin, c);
			continue;
		}
		depth += *c == '(' || *c == '[';
		depth -= *c == ')' || *c == ']';
		c++;
	}
	return c;
}

const char *printed_find_word(const char *begin, const char *c, const char *end, const char *word)
{
	for (c = printed_find(begin, c, " "); c < end; c = printed_find(begin, c + 1, " "))
		if (strncmp(c, word, strlen(word)) == 0)
			return c;
	return NULL;
}
