/*
 * inih finds sections, keys and values, and calls take_pair() for each. What it does not do is done around
 * it: it counts no lines for its handler, so read_piece() counts them as it hands them over; it says
 * nothing of a section without keys, so headings are looked at there too; and it continues after a bad line,
 * so only the first complaint is kept.
 *
 * Its habits differ from one build to another. Those that matter (how long a line may be, whether " ;"
 * begins a comment) are set where the library lets us; a hook's command holds semicolons, and four
 * recipients are longer than 200 bytes.
 *
 * An unknown key is an error and not a warning: "requierd = yes" under [backup] would be an upgrade without
 * a backup.
 */
#include "config/ini.h"

#include <stdio.h>
#include <string.h>

#include <ini.h>

#include "base/str.h"

enum { LONGEST_LINE = 64 * 1024 };

/*
 * Debian builds inih so that these can be set while running; elsewhere they
 * do not exist and the library's own limits (200 bytes a line) and habits
 * (" ;" starts a comment) hold.
 */
extern bool ini_use_stack __attribute__((weak));
extern bool ini_allow_realloc __attribute__((weak));
extern bool ini_allow_multiline __attribute__((weak));
extern bool ini_allow_inline_comments __attribute__((weak));
extern int ini_max_line __attribute__((weak));

static void choose_dialect(void)
{
	if (!&ini_use_stack || !&ini_allow_realloc || !&ini_allow_multiline || !&ini_allow_inline_comments ||
	    !&ini_max_line)
		return;
	ini_use_stack = false;
	ini_allow_realloc = true;
	ini_max_line = LONGEST_LINE;
	ini_allow_multiline = false;
	ini_allow_inline_comments = false;
}

struct reading {
	struct str rest;
	int line;            /* the one being read, from 1 */
	bool is_inside_line; /* the last piece did not reach its end */
	struct arena *arena;
	struct ini *ini;
	struct error *err;
	bool is_bad;
};

static void set_place(struct reading *reading)
{
	reading->is_bad = true;
	snprintf(reading->err->place, sizeof(reading->err->place), "%s:%d", reading->ini->path, reading->line);
}

static bool section_exists(const char *section)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (strcmp(setting_rows[i].section, section) == 0)
			return true;
	return false;
}

static const char *suggest_section(const char *typed)
{
	const char *names[SETTING_COUNT + 1] = {0};

	for (size_t i = 0; i < SETTING_COUNT; i++)
		names[i] = setting_rows[i].section;
	return str_suggest(typed, names);
}

static void refuse_section(struct reading *reading, const char *section)
{
	const char *meant = suggest_section(section);

	if (!*section) {
		error_set(reading->err, ERROR_CONFIG, "a key before any [section]");
	} else {
		error_set(reading->err, ERROR_CONFIG, "unknown section [%s]",
		          settings_safe_url(reading->arena, section));
		if (meant)
			error_hint(reading->err, "Did you mean [%s]?", meant);
		else
			error_hint(reading->err, "\"rung help settings\" lists the sections and their keys.");
	}
	set_place(reading);
}

/* The library passes on keys, and says nothing of a section that holds none. */
static void check_heading(struct reading *reading, struct str line)
{
	const struct str trimmed = str_trim(line);
	const size_t end = str_index(trimmed, ']');

	if (reading->is_bad || trimmed.len == 0 || trimmed.text[0] != '[' || end == trimmed.len)
		return;
	const char *section = str_copy(reading->arena, str_slice(trimmed, 1, end));
	if (*section && !section_exists(section))
		refuse_section(reading, section);
}

/* fgets over text, counting lines: the library tells its handler none. */
static char *read_piece(char *into, int size, void *context)
{
	struct reading *reading = context;
	const size_t line_len = str_index(reading->rest, '\n') + 1;
	const struct str piece =
	    str_slice(reading->rest, 0, line_len < (size_t)size ? line_len : (size_t)size - 1);

	if (piece.len == 0)
		return NULL;
	memcpy(into, piece.text, piece.len);
	into[piece.len] = '\0';
	reading->line += !reading->is_inside_line;
	if (!reading->is_inside_line)
		check_heading(reading, piece);
	reading->is_inside_line = !str_ends(piece, "\n");
	reading->rest = str_slice(reading->rest, piece.len, reading->rest.len);
	return into;
}

static const char *suggest_key(const char *section, const char *typed)
{
	const char *names[SETTING_COUNT + 1] = {0};
	size_t count = 0;

	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (strcmp(setting_rows[i].section, section) == 0)
			names[count++] = setting_rows[i].key;
	return str_suggest(typed, names);
}

static const char *section_of(const char *key)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (strcmp(setting_rows[i].key, key) == 0)
			return setting_rows[i].section;
	return NULL;
}

static void refuse_key(struct reading *reading, const char *section, const char *key)
{
	const char *home = section_of(key);
	const char *meant = suggest_key(section, key);

	error_set(reading->err, ERROR_CONFIG, "unknown key \"%s\" in [%s]",
	          settings_safe_url(reading->arena, key), section);
	if (home)
		error_hint(reading->err, "It belongs to [%s].", home);
	else if (meant)
		error_hint(reading->err, "Did you mean \"%s\"?", meant);
	else
		error_hint(reading->err, "\"rung help settings\" lists them all.");
	set_place(reading);
}

static void refuse_twice(struct reading *reading, enum setting setting)
{
	error_set(reading->err, ERROR_CONFIG, "\"%s\" was already given in line %d", setting_rows[setting].key,
	          reading->ini->values[setting].line);
	set_place(reading);
}

static void take(struct reading *reading, enum setting setting, const char *text)
{
	struct ini_value *value = &reading->ini->values[setting];

	if (value->text)
		refuse_twice(reading, setting);
	else
		*value = (struct ini_value){arena_strdup(reading->arena, text), reading->line};
}

/* Non-zero for the library means: continue. Only the first trouble is told. */
static int take_pair(void *context, const char *section, const char *key, const char *value)
{
	struct reading *reading = context;

	if (reading->is_bad)
		return 1;
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
		if (strcmp(setting_rows[setting].section, section) != 0 ||
		    strcmp(setting_rows[setting].key, key) != 0)
			continue;
		take(reading, setting, value ? value : "");
		return 1;
	}
	if (section_exists(section))
		refuse_key(reading, section, key);
	else
		refuse_section(reading, section);
	return 1;
}

bool ini_read(struct str text, const char *path, struct arena *arena, struct ini *out, struct error *err)
{
	struct ini ini = {.path = path};
	struct reading reading = {.rest = text, .arena = arena, .ini = &ini, .err = err};

	choose_dialect();
	const int bad_line = ini_parse_stream(read_piece, &reading, take_pair, &reading);
	if (bad_line != 0 && !reading.is_bad) {
		error_set(err, ERROR_CONFIG, "neither [section] nor key = value");
		reading.line = bad_line > 0 ? bad_line : reading.line;
		set_place(&reading);
	}
	if (reading.is_bad)
		return false;
	*out = ini;
	return true;
}
