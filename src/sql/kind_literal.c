/*
 * The answer may be wrong in one direction only. A literal that is taken for live costs a few statements
 * before COMMIT; one that is not taken for live and is leaves code of the database to run where nobody
 * expects it. So a variable, an escape (U&, a backslash) and a string that continues after its quote all
 * count as live, as their first character is not the value's.
 */
#include "sql/kind_literal.h"

#include <string.h>

/* What is between the quotes or the dollars. */
static struct str content_of(struct str literal)
{
	const size_t prefix = literal.text[0] != '\'' && literal.text[0] != '$';
	const struct str quoted = str_slice(literal, prefix, literal.len);
	size_t border = 1;

	if (str_starts(quoted, "$"))
		while (border < quoted.len && quoted.text[border++] != '$')
			;
	return quoted.len < 2 * border ? (struct str){0} : str_slice(quoted, border, quoted.len - border);
}

/* Other encodings than ours, and other servers, have other spaces too. */
static struct str without_spaces_ahead(struct str text)
{
	size_t from = 0;

	while (from < text.len &&
	       ((unsigned char)text.text[from] <= ' ' || (unsigned char)text.text[from] >= 0x7F))
		from++;
	return str_slice(text, from, text.len);
}

/* A backslash may stand for a bracket, and after a quote another part may follow on the next line. */
static bool is_live(struct str literal)
{
	if (str_starts(literal, "U&") || str_starts(literal, "u&"))
		return true;
	const struct str value = without_spaces_ahead(content_of(literal));

	return value.len > 0 && strchr("{[(\\'", value.text[0]) && !str_is(value, "{}");
}

bool statement_has_live_literal(struct lexer lexer)
{
	struct token token = lexer_next_significant(&lexer);

	for (; token.kind != TOKEN_END && token.kind != TOKEN_SEMICOLON; token = lexer_next_significant(&lexer))
		if (token.kind == TOKEN_VARIABLE || (token.kind == TOKEN_STRING && is_live(token.text)))
			return true;
	return false;
}
