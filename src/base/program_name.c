/*
 * Every text of ours says "rung", in help, errors and advice alike; what the caller typed is put in its place
 * at the very end, where text leaves the program. So no message has to be written with a name in it, and a
 * message of the server's that holds the word is not changed: there only a quoted command counts.
 *
 * Advice is found in the same way, by what is before it (a quote, a colon, "&&", "$("). The options that
 * it has to repeat are spliced in after the name, where a person would type them; those whose values may be
 * secret are only named, after the command, once a text. A verb that takes none of them is left as it is,
 * or the advice would be refused as typed. tests/cases/advice.bats runs what is printed.
 */
#include "base/program_name.h"

#include <string.h>

#include "base/buffer.h"
#include "base/str.h"

static const char own_name[] = "rung";
static char name[64] = "rung";
static struct program_options given;

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

/* --- options that are given again --------------------------------------------- */

void program_options_set(const struct program_options *options)
{
	given = *options;
}

static bool follows(const char *text, const char *at, const char *before)
{
	const size_t len = strlen(before);

	return (size_t)(at - text) >= len && memcmp(at - len, before, len) == 0;
}

/* The verb of the command that is advised at `at`; empty where it is prose, or our name alone. */
static struct str advised_verb(const char *text, const char *at)
{
	const char *verb = at + strlen(own_name) + 1;
	size_t len = 0;

	if (verb[-1] != ' ' || (!follows(text, at, "\"") && !follows(text, at, ": ") &&
	                        !follows(text, at, "$(") && !follows(text, at, "&& ")))
		return (struct str){0};
	while (verb[0] != '-' && is_name_char(verb[len]))
		len++;
	return (struct str){verb, len};
}

static void add_option(struct buffer *out, const char *option)
{
	if (option)
		buffer_printf(out, " %s", option);
}

/* After the quote that ends the command at `at`; without quotes it ends where the sentence continues. */
static const char *command_end(const char *text, const char *at)
{
	const bool is_quoted = follows(text, at, "\"");
	const size_t len = strcspn(at, is_quoted ? "\"" : ";,\n");

	return at + len + (is_quoted && at[len]);
}

const char *program_advice(struct arena *arena, const char *text)
{
	struct buffer out = {.arena = arena};
	const char *from = text;
	const char *withheld = given.withheld;

	if (!given.place && !given.settings && !given.withheld)
		return text;
	for (const char *at = strstr(text, own_name); at; at = strstr(at < from ? from : at + 1, own_name)) {
		const struct str verb = advised_verb(text, at);
		const char *behind = at + strlen(own_name);

		if (verb.len == 0 || str_is_among(verb, given.without))
			continue;
		buffer_add(&out, (struct str){from, (size_t)(behind - from)});
		add_option(&out, given.place);
		from = behind;
		if (str_is_among(verb, given.with_place))
			continue;
		add_option(&out, given.settings);
		if (!withheld)
			continue;
		from = command_end(text, at);
		buffer_add(&out, (struct str){behind, (size_t)(from - behind)});
		buffer_printf(&out, " (with the same %s)", withheld);
		withheld = NULL;
	}
	buffer_text(&out, from);
	return buffer_cstr(&out);
}
