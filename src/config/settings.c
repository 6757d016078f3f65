/*
 * One table and one order: for each setting the sources are asked from the strongest to the weakest, and
 * the first that says anything is the whole answer. Little code knows a setting by name, and only where it
 * truly differs: the URL, for which a project may name another source, and variables for SQL, which come
 * one by one from several sources.
 *
 * gather_all() has an order that matters. What .env says goes into the environment first, as far as every
 * project may say it. Then come all settings but the URL, among them which variables the project names;
 * those have to be harmless names; then .env may set these too; and only then the URL is read, as it may
 * stand in one of them. url_forget_libpq() comes last, when no source is asked any more.
 *
 * A path is relative to the source that names it: on the command line and in the environment to the working
 * directory, in rung.ini and .env to the project. That is why `found` carries a directory.
 */
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "config/env.h"
#include "config/environment.h"
#include "config/given_variable.h"
#include "config/ini.h"
#include "config/project.h"
#include "config/side_text.h"
#include "config/url.h"

/* Everything one load looks at. */
struct gathering {
	const struct setting_flag *flags;
	size_t flag_count;
	struct ini ini;
	struct env env;
	const char *working_dir;
	const char *project_dir;
	struct arena *arena;
};

/* One candidate for a value, and where a path in it starts. */
struct found {
	const char *text;
	const char *origin;
	const char *base_dir;
};

/* Each adds to a list. */
static bool find_flags(const struct gathering *from, enum setting setting, struct found *out)
{
	struct buffer all = {.arena = from->arena};
	size_t count = 0;

	for (size_t i = 0; i < from->flag_count; i++)
		if (from->flags[i].setting == setting)
			buffer_printf(&all, "%s%s", count++ ? "\n" : "", from->flags[i].value);
	if (count)
		*out = (struct found){buffer_cstr(&all), "flag", from->working_dir};
	return count > 0;
}

/* The last one wins, as the shell's aliases want it. */
static bool find_flag(const struct gathering *from, enum setting setting, struct found *out)
{
	if (setting_rows[setting].kind == SETTING_KIND_LIST)
		return find_flags(from, setting, out);
	for (size_t i = from->flag_count; i-- > 0;) {
		if (from->flags[i].setting != setting)
			continue;
		*out = (struct found){from->flags[i].value, "flag", from->working_dir};
		return true;
	}
	return false;
}

/*
 * Empty counts as none, as CI systems set variables of secrets they do not have to nothing; but for the
 * database's URL, see settings_database().
 */
static bool find_variable(const struct gathering *from, const char *name, struct found *out)
{
	const char *value = name ? getenv(name) : NULL;

	if (!value || !*value)
		return false;
	const bool is_ours = env_has(&from->env, name);
	*out = (struct found){
	    .text = arena_strdup(from->arena, value),
	    .origin = arena_printf(from->arena, "%s %s", is_ours ? ".env" : "environment", name),
	    .base_dir = is_ours ? from->project_dir : from->working_dir,
	};
	return true;
}

static bool find_ini(const struct gathering *from, enum setting setting, struct found *out)
{
	if (!from->ini.values[setting].text)
		return false;
	*out = (struct found){
	    .text = from->ini.values[setting].text,
	    .origin = arena_printf(from->arena, "%s:%d", from->ini.path, from->ini.values[setting].line),
	    .base_dir = from->project_dir,
	};
	return true;
}

static bool find_default(const struct gathering *from, enum setting setting, struct found *out)
{
	if (!setting_rows[setting].fallback)
		return false;
	*out = (struct found){setting_rows[setting].fallback, "default", from->project_dir};
	return true;
}

static bool find_value(const struct gathering *from, enum setting setting, struct found *out)
{
	return find_flag(from, setting, out) || find_variable(from, setting_rows[setting].environment, out) ||
	       find_ini(from, setting, out) || find_default(from, setting, out);
}

/*
 * A project that names its own variables means those: neither DATABASE_URL
 * from another project's shell nor the URL in rung.ini may come before them.
 * env_prefix leaves the URL unset here; settings_database() assembles it.
 */
static bool find_database_url(const struct gathering *from, const struct settings *settings,
                              struct found *out)
{
	const char *url_env = setting_text(settings, SETTING_URL_ENV);

	if (find_flag(from, SETTING_DATABASE_URL, out))
		return true;
	if (url_env)
		return find_variable(from, url_env, out) || find_ini(from, SETTING_DATABASE_URL, out);
	if (setting_text(settings, SETTING_ENV_PREFIX))
		return find_ini(from, SETTING_DATABASE_URL, out);
	return find_value(from, SETTING_DATABASE_URL, out);
}

/*
 * Relative where that reads better: below the working directory, or beside it
 * in the same project.
 */
static const char *path_for_reading(const struct gathering *from, const char *base_dir, const char *path)
{
	const char *absolute = path_normalize(from->arena, path_join(from->arena, base_dir, path));
	const size_t here = strlen(from->working_dir);
	const size_t root = strlen(from->project_dir);
	struct buffer up = {.arena = from->arena};

	if (strcmp(absolute, from->working_dir) == 0)
		return ".";
	if (path_is_inside(absolute, from->working_dir))
		return absolute + here + (here > 1);
	if (root <= 1 || !path_is_inside(absolute, from->project_dir) ||
	    !path_is_inside(from->working_dir, from->project_dir))
		return absolute;
	for (const char *c = from->working_dir + root; *c; c++)
		if (*c == '/')
			buffer_text(&up, "../");
	if (!absolute[root])
		return str_copy(from->arena, str_slice(buffer_str(&up), 0, up.len - 1));
	buffer_text(&up, absolute + root + 1);
	return buffer_cstr(&up);
}

static bool parse_flag(const char *text, int64_t *out)
{
	static const struct {
		const char *word;
		int64_t value;
	} words[] = {{"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0}, {"on", 1}, {"off", 0}, {"1", 1}, {"0", 0}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcasecmp(text, words[i].word) != 0)
			continue;
		*out = words[i].value;
		return true;
	}
	return false;
}

static bool parse_number(const char *text, int64_t *out)
{
	unsigned long long number;

	if (!str_to_number(str_of(text), INT32_MAX, &number))
		return false;
	*out = (int64_t)number;
	return true;
}

static bool choice_exists(const char *choices, const char *text)
{
	struct str rest = str_of(choices);
	struct str choice;

	while (str_split_next(&rest, '|', &choice))
		if (str_is(choice, text))
			return true;
	return false;
}

static bool refuse_value(enum setting setting, const struct found *found, const char *expected,
                         struct error *err)
{
	const struct setting_row *row = &setting_rows[setting];

	scoped_arena struct arena arena = {0};

	return error_set(err, ERROR_CONFIG, "\"%s\" is not a valid value for %s (%s): %s",
	                 settings_safe_url(&arena, found->text),
	                 strcmp(found->origin, "flag") == 0 && row->flag ? row->flag : row->key, found->origin,
	                 expected);
}

/* Commands may well hold one; they are shown with care. */
static bool may_hold_url(enum setting setting)
{
	return setting_rows[setting].kind == SETTING_KIND_SECRET_URL ||
	       setting_rows[setting].kind == SETTING_KIND_SIDE || setting == SETTING_BACKUP_STORE ||
	       setting == SETTING_VARIABLES || setting == SETTING_DESIRED_COMMAND ||
	       (strcmp(setting_rows[setting].section, "hooks") == 0 && setting != SETTING_HOOK_ENVIRONMENT);
}

/*
 * What looks like a connection string is after the wrong option and may hold a password: it is refused
 * before any other message could repeat it.
 */
static bool interpret(enum setting setting, const struct found *found, const struct gathering *from,
                      struct setting_value *out, struct error *err)
{
	const struct setting_row *row = &setting_rows[setting];
	struct setting_value value = {.text = found->text, .number = -1, .origin = found->origin};

	if (!may_hold_url(setting) && settings_looks_like_url(found->text))
		return refuse_value(setting, found, "it looks like a connection string", err);
	switch (row->kind) {
	case SETTING_KIND_FLAG:
		if (!parse_flag(found->text, &value.number))
			return refuse_value(setting, found, "expected yes or no", err);
		break;
	case SETTING_KIND_NUMBER:
		if (!parse_number(found->text, &value.number))
			return refuse_value(setting, found, "expected a number", err);
		break;
	case SETTING_KIND_DURATION:
		if (!duration_parse(found->text, &value.number))
			return refuse_value(setting, found, "expected a time such as 250ms, 2s, 10min or 1h", err);
		break;
	case SETTING_KIND_CHOICE:
		if (!choice_exists(row->choices, found->text))
			return refuse_value(setting, found, arena_printf(from->arena, "expected %s", row->choices), err);
		break;
	case SETTING_KIND_PATH:
		value.text = path_for_reading(from, found->base_dir, found->text);
		break;
	case SETTING_KIND_SIDE:
		if (side_text_is_path(found->text))
			value.text = path_for_reading(from, found->base_dir, found->text);
		break;
	case SETTING_KIND_TEXT:
	case SETTING_KIND_LIST:
	case SETTING_KIND_SECRET_URL:
		break;
	}
	*out = value;
	return true;
}

/* "key =" in rung.ini or --flag= takes a default away; only texts, paths and times can be unset. */
static bool is_unset(enum setting setting, const struct found *found)
{
	const enum setting_kind kind = setting_rows[setting].kind;

	return !*found->text && kind != SETTING_KIND_FLAG && kind != SETTING_KIND_NUMBER &&
	       kind != SETTING_KIND_CHOICE;
}

bool setting_may_be_empty(enum setting setting)
{
	return setting_rows[setting].fallback && is_unset(setting, &(struct found){.text = ""});
}

/* rung.ini is committed, and read by everybody who has the project. */
static bool refuse_secret(enum setting setting, struct error *err)
{
	const char *variable = setting_rows[setting].environment;

	error_set(err, ERROR_USAGE, "rung.ini must not contain a password, because it is usually committed");
	if (setting_rows[setting].kind != SETTING_KIND_SECRET_URL)
		return error_hint(err, "Set %s in the environment, or write it into .env.", variable);
	return error_hint(err,
	                  "Write the line %s=... into .env, which is not committed, or export %s. A URL without "
	                  "its password may be in rung.ini, with the password in ~/.pgpass.",
	                  variable, variable);
}

bool setting_check(enum setting setting, const char *text, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct gathering from = {.working_dir = "/", .project_dir = "/", .arena = &arena};
	const struct found found = {text, "as given", "/"};
	const bool is_url = setting_rows[setting].kind == SETTING_KIND_SECRET_URL;
	struct setting_value value;

	if (is_unset(setting, &found))
		return true;
	if (is_url && !url_check(text, found.origin, err))
		return false;
	if (may_hold_url(setting) && setting != SETTING_VARIABLES &&
	    strcmp(is_url ? settings_safe_url(&arena, text) : settings_safe_text(&arena, text), text) != 0)
		return refuse_secret(setting, err);
	return interpret(setting, &found, &from, &value, err);
}

static bool gather(const struct gathering *from, enum setting setting, struct settings *settings,
                   struct error *err)
{
	struct found found;
	const bool is_found = setting == SETTING_DATABASE_URL ? find_database_url(from, settings, &found)
	                                                      : find_value(from, setting, &found);

	/* Where an empty URL is from stays known: settings_database() asks. */
	settings->values[setting] = (struct setting_value){
	    .number = -1, .origin = is_found && setting == SETTING_DATABASE_URL ? found.origin : NULL};
	if (!is_found || is_unset(setting, &found))
		return true;
	return interpret(setting, &found, from, &settings->values[setting], err);
}

static bool load_files(struct gathering *from, const struct project_files *files, struct settings *settings,
                       struct error *err)
{
	from->project_dir = files->directory;
	settings->project_dir = path_for_reading(from, from->working_dir, from->project_dir);
	if (files->has_ini)
		settings->ini_path = path_for_reading(from, from->project_dir, "rung.ini");
	if (files->has_env)
		settings->env_path = path_for_reading(from, from->project_dir, ".env");
	return (!files->has_ini || ini_read(files->ini, settings->ini_path, from->arena, &from->ini, err)) &&
	       (!files->has_env || env_parse(files->env, settings->env_path, from->arena, &from->env, err));
}

/* Other lists replace each other; of these, each name may come from somewhere else. */
static bool gather_variables(const struct gathering *from, struct settings *settings, struct error *err)
{
	struct found found;

	if (find_ini(from, SETTING_VARIABLES, &found) &&
	    !given_variables_add_list(settings, found.text, found.origin, from->arena, err))
		return false;
	if (find_variable(from, setting_rows[SETTING_VARIABLES].environment, &found) &&
	    !given_variables_add_list(settings, found.text, found.origin, from->arena, err))
		return false;
	for (size_t i = 0; i < from->flag_count; i++)
		if (from->flags[i].setting == SETTING_VARIABLES &&
		    !given_variables_add(settings, str_of(from->flags[i].value), "--set", from->arena, err))
			return false;
	return true;
}

/* Which variable holds the URL is a setting too, and .env may set it only then. */
static bool gather_all(struct gathering *from, struct settings *settings, struct error *err)
{
	env_export(&from->env, variables_for_env_file(from->arena));
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++)
		if (setting != SETTING_DATABASE_URL && !gather(from, setting, settings, err))
			return false;
	if (!variables_check_names(settings, from->arena, err))
		return false;
	env_export(&from->env, variables_of_project(settings, from->arena));
	if (!gather_variables(from, settings, err))
		return false;
	return gather(from, SETTING_DATABASE_URL, settings, err);
}

/* The directories the project has, or names; those that the caller names are the caller's business. */
static bool check_directories(const struct settings *settings, const struct project_files *files,
                              struct error *err)
{
	static const enum setting directories[] = {SETTING_SCHEMA_DIR, SETTING_ROLLBACK_DIR, SETTING_SEED_DIR,
	                                           SETTING_LOCAL_DIR,  SETTING_PG_BINDIR,    SETTING_DESIRED};

	for (size_t i = 0; !files->is_empty && i < sizeof(directories) / sizeof(*directories); i++) {
		const struct setting_value *value = &settings->values[directories[i]];

		if (value->text && !setting_is_of_caller(settings, directories[i]) &&
		    (directories[i] != SETTING_DESIRED || side_text_is_path(value->text)) &&
		    !trust_check_directory(&files->trust, value->text, err))
			return false;
	}
	return true;
}

bool settings_load(const struct setting_flag *flags, size_t flag_count, struct arena *arena,
                   struct settings *out, struct error *err)
{
	scoped_project_files struct project_files files = {.trust = {.fd = -1}};
	struct settings settings = {0};
	struct gathering from = {
	    .flags = flags,
	    .flag_count = flag_count,
	    .working_dir = path_working_directory(arena),
	    .arena = arena,
	};

	if (!project_files_read(from.working_dir, arena, &files, err) ||
	    !load_files(&from, &files, &settings, err) || !gather_all(&from, &settings, err) ||
	    !check_directories(&settings, &files, err))
		return false;
	url_forget_libpq(&settings);
	*out = settings;
	return true;
}

/* explicit_bzero(): memset() of memory that nobody reads again may be left out by the compiler. */
char *settings_take_secret(struct arena *arena, char *value)
{
	char *copy = arena_strdup(arena, value);

	explicit_bzero(value, strlen(value));
	return copy;
}
