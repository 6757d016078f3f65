#include "command/help/help_text.h"

bool help_item_next(struct str *rest, struct str *term, struct str *meaning)
{
	struct str line;

	if (!str_line_next(rest, &line))
		return false;
	const size_t tab = str_index(line, '\t');
	*term = str_slice(line, 0, tab);
	*meaning = str_slice(line, tab + 1, line.len);
	return true;
}
