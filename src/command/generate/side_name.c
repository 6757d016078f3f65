/*
 * Words come before files, as a file that is called as a word can be written otherwise ("./schema"). What
 * looks like a connection string is one only where no file has that name, and is never shown: it may hold a
 * password.
 */
#include "command/generate/side_name.h"

#include <string.h>

#include "base/file.h"
#include "config/settings.h"
#include "config/url.h"

static bool set(struct side_name *out, enum side_kind kind, const char *shown, const char *detail)
{
	*out = (struct side_name){.kind = kind, .shown = shown, .detail = detail};
	return true;
}

static bool refuse_unknown(const char *text, struct error *err)
{
	error_set(err, ERROR_USAGE, "there is no file or directory \"%s\"", text);
	return error_hint(err, "Each side is live, schema, schema@NN, git:REF, empty, desired, command:COMMAND, "
	                       "a connection string, or a file or directory of SQL.");
}

static bool refuse_nameless(const char *what, const char *example, struct error *err)
{
	error_set(err, ERROR_USAGE, "%s is missing", what);
	return error_hint(err, "Write it behind the sign: %s.", example);
}

/* `text` begins with `beginning`; what is behind it may not be missing. */
struct detailed {
	const char *beginning;
	enum side_kind kind;
	const char *what;
	const char *example;
};

static const struct detailed *find_detailed(const char *text)
{
	static const struct detailed rows[] = {
	    {"schema@", SIDE_MIGRATIONS, "the migration", "schema@12"},
	    {"git:", SIDE_GIT, "the revision of git", "git:main"},
	    {"command:", SIDE_COMMAND, "the command", "'command:python3 -m models'"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_starts(str_of(text), rows[i].beginning))
			return &rows[i];
	return NULL;
}

/* A command is shown so that it can be typed again, as far as it holds no secrets. */
static const char *shown_of(const struct detailed *row, const char *text, struct arena *arena)
{
	return row->kind == SIDE_COMMAND ? shell_word(arena, settings_safe_text(arena, text)) : text;
}

static bool parse_typed(const char *text, struct arena *arena, struct side_name *out, struct error *err)
{
	static const struct {
		const char *word;
		enum side_kind kind;
	} words[] = {{"live", SIDE_LIVE}, {"schema", SIDE_MIGRATIONS}, {"empty", SIDE_EMPTY}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(text, words[i].word) == 0)
			return set(out, words[i].kind, words[i].word, NULL);
	const struct detailed *detailed = find_detailed(text);
	if (detailed) {
		const char *tail = text + strlen(detailed->beginning);

		return *tail ? set(out, detailed->kind, shown_of(detailed, text, arena), tail)
		             : refuse_nameless(detailed->what, detailed->example, err);
	}
	if (file_exists(text) || directory_exists(text))
		return set(out, SIDE_FILES, text, text);
	if (settings_looks_like_url(text) || strchr(text, '='))
		return set(out, SIDE_DATABASE, "the database", url_for_libpq(arena, text));
	return refuse_unknown(text, err);
}

/* --- what the settings say ------------------------------------------------- */

bool side_name_is_desired(const struct settings *settings)
{
	return setting_text(settings, SETTING_DESIRED) || setting_text(settings, SETTING_DESIRED_COMMAND);
}

static bool refuse_both(const struct settings *settings, struct error *err)
{
	error_set(err, ERROR_CONFIG, "desired (%s) and desired_command (%s) cannot be set together",
	          settings->values[SETTING_DESIRED].origin, settings->values[SETTING_DESIRED_COMMAND].origin);
	return error_hint(err, "Remove one of them, or name a side: --from SIDE.");
}

static bool parse_set(const struct settings *settings, struct arena *arena, struct side_name *out,
                      struct error *err)
{
	const struct setting_value *value = &settings->values[SETTING_DESIRED];

	if (!parse_typed(value->text, arena, out, err))
		return error_context(err, "while reading desired (%s)", value->origin);
	out->is_of_settings = !setting_is_of_caller(settings, SETTING_DESIRED);
	return true;
}

static bool parse_desired(const struct settings *settings, struct arena *arena, struct side_name *out,
                          struct error *err)
{
	const char *command = setting_text(settings, SETTING_DESIRED_COMMAND);
	struct side_name name = {.kind = SIDE_COMMAND, .detail = command};

	if (command && setting_text(settings, SETTING_DESIRED))
		return refuse_both(settings, err);
	if (!command && !parse_set(settings, arena, &name, err))
		return false;
	name.shown = "desired";
	name.is_desired = true;
	*out = name;
	return true;
}

bool side_name_parse(const char *text, const struct settings *settings, struct arena *arena,
                     struct side_name *out, struct error *err)
{
	return strcmp(text, "desired") == 0 && side_name_is_desired(settings)
	           ? parse_desired(settings, arena, out, err)
	           : parse_typed(text, arena, out, err);
}

bool side_name_is_database(const struct side_name *name)
{
	return name->kind == SIDE_LIVE || name->kind == SIDE_DATABASE;
}

bool side_name_is_lived_in(const struct side_name *name)
{
	return side_name_is_database(name) || name->kind == SIDE_COMMAND;
}
