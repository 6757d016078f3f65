/*
 * Sources are read from the weakest to the strongest, and a later one replaces an earlier one of the same
 * name in place of shadowing it: what "NAME" alone takes back is gone, and not a value further down.
 *
 * Whether a variable came from --set is kept: what was typed has to be typed again with the next command,
 * what an environment or a file says is there by itself.
 */
#include "config/given_variable.h"

#include <string.h>

#include "base/buffer.h"

/* Letters, digits, underscores and all that is not ASCII, as in psql. */
static bool is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		const char c = char_fold(name.text[i]);

		if (!(c >= 'a' && c <= 'z') && !char_is_digit(c) && c != '_' && !(c & 0x80))
			return false;
	}
	return name.len > 0;
}

/* The name may have been swallowed by a shell, and what is left be a secret: it is not repeated. */
static bool refuse_name(const char *origin, struct error *err)
{
	error_set(err, ERROR_CONFIG, "a variable (%s) has no name that psql would take", origin);
	return error_hint(err, "It is given as NAME=VALUE; names are letters, digits and \"_\".");
}

static bool refuse_text(struct str name, const char *origin, struct error *err)
{
	return error_set(err, ERROR_CONFIG, "the value of the variable \"%.*s\" (%s) is not UTF-8",
	                 STR_ARGS(name), origin);
}

static void take_back(struct settings *settings, struct str name)
{
	size_t kept = 0;

	for (size_t i = 0; i < settings->variable_count; i++)
		if (!str_is(name, settings->variables[i].name))
			settings->variables[kept++] = settings->variables[i];
	settings->variable_count = kept;
}

bool given_variables_add(struct settings *settings, struct str text, const char *origin, struct arena *arena,
                         struct error *err)
{
	const size_t equals = str_index(text, '=');
	const struct str name = str_slice(text, 0, equals);
	const struct str value = str_slice(text, equals + 1, text.len);

	if (!is_name(name))
		return refuse_name(origin, err);
	if (utf8_check(text) < text.len)
		return refuse_text(name, origin, err);
	take_back(settings, name);
	if (equals < text.len)
		*ARENA_PUSH(arena, settings->variables, settings->variable_count) = (struct given_variable){
		    str_copy(arena, name), str_copy(arena, value), strcmp(origin, "--set") == 0};
	return true;
}

bool given_variables_add_list(struct settings *settings, const char *text, const char *origin,
                              struct arena *arena, struct error *err)
{
	struct str rest = str_of(text);
	struct str part;

	while (str_split_next(&rest, ' ', &part))
		if (part.len && !given_variables_add(settings, part, origin, arena, err))
			return false;
	return true;
}

char *given_variables_shown(const struct settings *settings, struct arena *arena)
{
	struct buffer shown = {.arena = arena};

	for (size_t i = 0; i < settings->variable_count; i++)
		buffer_printf(&shown, "%s%s=***", i ? " " : "", settings->variables[i].name);
	return buffer_cstr(&shown);
}
