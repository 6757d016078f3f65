/*
 * Which options belong to what a command is about, and which to how it runs, is known already: they are the
 * sections of the settings. So the list is those sections, and an option that is added later is repeated or
 * not by where its setting stands.
 *
 * Whether a value is secret is not guessed anew either: it is shown only if the functions that make values
 * safe for the screen leave it as it is. A line that would be too long for its sentence says "with the same
 * options", because a command that is cut in the middle would be typed as it stands.
 *
 * What is repeated is pasted into a shell, so it is quoted for one, and what a screen cannot show as it is
 * is not repeated at all: an option that is missing is noticed, one with another value goes somewhere else.
 * For the same reason the last one counts here as it does when settings are read.
 */
#include "command/line/same_options.h"

#include <string.h>

#include "base/buffer.h"
#include "base/program_name.h"
#include "base/str.h"
#include "report/display.h"

/* Longer, and nobody could read what stands around it: then it says "with the same options". */
#define LONGEST 160

static const char *const without[] = {"help", "version", "completion", NULL};
static const char *const with_place[] = {"config", "keygen", "local", NULL};

static bool names_project(enum setting setting)
{
	static const char *const sections[] = {"database", "files", "backup", NULL};

	return str_is_among(str_of(setting_rows[setting].section), sections);
}

static bool is_secret(enum setting setting, const char *value, struct arena *arena)
{
	if (setting == SETTING_VARIABLES)
		return true;
	if (setting_rows[setting].kind == SETTING_KIND_SECRET_URL)
		return strcmp(settings_safe_url(arena, value), value) != 0;
	/* A URL with a forgotten scheme, given where a path belongs, is "user:password@host". */
	return strchr(value, '@') || strcmp(settings_safe_text(arena, value), value) != 0;
}

/* What is printed otherwise than it is cannot be copied from the screen. */
static bool is_printable(const char *value, struct arena *arena)
{
	return strcmp(display_line(arena, value), value) == 0;
}

/* "--schema-dir sql"; "--allow-outside" and "--no-allow-outside" of those that are yes or no. */
static const char *option_text(const struct setting_flag *given, struct arena *arena)
{
	const struct setting_row *row = &setting_rows[given->setting];

	if (row->kind != SETTING_KIND_FLAG)
		return arena_printf(arena, "%s %s", row->flag, shell_word(arena, given->value));
	if (strcmp(given->value, "yes") == 0)
		return row->flag;
	if (strcmp(given->value, "no") == 0)
		return arena_printf(arena, "--no-%s", row->flag + strlen("--"));
	return arena_printf(arena, "%s=%s", row->flag, shell_word(arena, given->value));
}

static void add_word(struct buffer *out, const char *separator, const char *word)
{
	buffer_printf(out, "%s%s", out->len ? separator : "", word);
}

/* Of an option with one value the last counts. */
static bool is_overridden(const struct arguments *arguments, size_t index)
{
	const enum setting setting = arguments->flags[index].setting;

	for (size_t i = index + 1; i < arguments->flag_count; i++)
		if (arguments->flags[i].setting == setting && setting_rows[setting].kind != SETTING_KIND_LIST)
			return true;
	return false;
}

/* Each option is named once, however often it is given; no name is looked for inside of another. */
static void withhold(struct buffer *out, const char *flag)
{
	struct str rest = buffer_str(out);
	struct str word;

	while (str_split_next(&rest, ' ', &word))
		if (str_is(word, flag))
			return;
	add_word(out, " and ", flag);
}

static const char *text_or_null(struct buffer *buffer)
{
	return buffer->len ? buffer_cstr(buffer) : NULL;
}

void same_options_keep(const struct arguments *arguments, struct arena *arena)
{
	struct buffer place = {.arena = arena};
	struct buffer repeated = {.arena = arena};
	struct buffer withheld = {.arena = arena};

	if (arguments->directory && is_printable(arguments->directory, arena))
		buffer_printf(&place, "-C %s", shell_word(arena, arguments->directory));
	else if (arguments->directory)
		withhold(&withheld, "-C");
	for (size_t i = 0; i < arguments->flag_count; i++) {
		const struct setting_flag *given = &arguments->flags[i];
		const bool is_place = strcmp(setting_rows[given->setting].section, "local") == 0;

		if ((!is_place && !names_project(given->setting)) || is_overridden(arguments, i))
			continue;
		if (!is_printable(given->value, arena) || is_secret(given->setting, given->value, arena))
			withhold(&withheld, setting_rows[given->setting].flag);
		else
			add_word(is_place ? &place : &repeated, " ", option_text(given, arena));
	}
	const bool is_too_long = repeated.len > LONGEST;
	program_options_set(&(struct program_options){
	    .place = text_or_null(&place),
	    .settings = is_too_long ? NULL : text_or_null(&repeated),
	    .withheld = is_too_long ? "options" : text_or_null(&withheld),
	    .without = without,
	    .with_place = with_place,
	});
}
