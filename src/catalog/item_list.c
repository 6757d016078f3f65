#include "catalog/item_list.h"

static int depth_by(char c)
{
	return (c == '(' || c == '[') - (c == ')' || c == ']');
}

/* Where the item ends: at the first ", " that is in no quotes or parentheses. */
static size_t item_length(struct str text)
{
	char quote = '\0';
	int depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.text[i];

		if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '\'' || c == '"')
			quote = c;
		else if (depth_by(c))
			depth += depth_by(c);
		else if (!depth && c == ',' && i + 1 < text.len && text.text[i + 1] == ' ')
			return i;
	}
	return text.len;
}

bool item_list_next(struct str *rest, struct str *item)
{
	const size_t end = item_length(*rest);

	if (rest->len == 0)
		return false;
	*item = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + 2 < rest->len ? end + 2 : rest->len, rest->len);
	return true;
}
