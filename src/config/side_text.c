#include "config/side_text.h"

#include <string.h>

#include "base/str.h"
#include "config/settings.h"

static const char *const words[] = {"live", "schema", "empty"};
static const char *const beginnings[] = {"schema@", "git:", "command:"};

bool side_text_is_path(const char *text)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(text, words[i]) == 0)
			return false;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (str_starts(str_of(text), beginnings[i]))
			return false;
	return !settings_looks_like_url(text) && !strchr(text, '=');
}
