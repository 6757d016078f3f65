#include "base/program_name.h"

#include <string.h>

#include "base/buffer.h"
#include "base/str.h"

static const char own_name[] = "rung";
static char name[64] = "rung";

static bool is_name_char(char c)
{
	return char_is_digit(c) || (char_fold(c) >= 'a' && char_fold(c) <= 'z') || c == '-' || c == '_';
}

void program_name_set(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	const char *last = slash ? slash + 1 : path;
	size_t len = 0;

	while (last && is_name_char(last[len]))
		len++;
	/* A dash alone in front is how a login shell is called. */
	if (len == 0 || len >= sizeof(name) || last[0] == '-' || last[len] != '\0')
		return;
	memcpy(name, last, len + 1);
}

const char *program_name(void)
{
	return name;
}

/* Whether our name ends at `end` and is not part of a file's name or a directive. */
static bool ends_word(const char *end)
{
	return !is_name_char(end[0]) && end[0] != ':' && end[0] != '/' &&
	       !(end[0] == '.' && is_name_char(end[1]));
}

static bool starts_word(const char *text, const char *at)
{
	return at == text || (!is_name_char(at[-1]) && !strchr("./:$", at[-1]));
}

static bool is_quoted_command(const char *text, const char *at)
{
	const char after = at[strlen(own_name)];

	return at > text && at[-1] == '"' && (after == '"' || after == ' ');
}

static const char *replace(struct arena *arena, const char *text, bool only_quoted)
{
	struct buffer out = {.arena = arena};
	const size_t len = strlen(own_name);
	const char *from = text;

	if (strcmp(name, own_name) == 0)
		return text;
	for (const char *at = strstr(text, own_name); at; at = strstr(at + 1, own_name)) {
		if (!starts_word(text, at) || !ends_word(at + len) || (only_quoted && !is_quoted_command(text, at)))
			continue;
		buffer_add(&out, (struct str){from, (size_t)(at - from)});
		buffer_text(&out, name);
		from = at + len;
	}
	buffer_text(&out, from);
	return buffer_cstr(&out);
}

const char *program_name_in_text(struct arena *arena, const char *text)
{
	return replace(arena, text, false);
}

const char *program_name_in_commands(struct arena *arena, const char *text)
{
	return replace(arena, text, true);
}
