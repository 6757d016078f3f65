/*
 * Shows what counts and where it comes from, after every source had its say, because a setting without
 * effect is mostly one that a stronger source overrides. Secrets are shown only as far as they are none
 * (setting_shown()).
 *
 * Writing is for a few settings that advice names, so that advice can be a command: it changes one line,
 * keeps comments and order, reads back what it wrote (setting_file.c), and says when a flag or a variable
 * makes it ineffective.
 *
 * --set means variables for SQL in every other verb. Somebody who types "config --set NAME=VALUE" meant
 * that, and the value may be a secret: the error repeats only the name.
 */
#include <string.h>

#include "command/commands.h"
#include "command/project/setting_file.h"
#include "config/trust.h"
#include "report/table.h"

/* "schema_dir", "files.schema_dir" or "--schema-dir". */
static bool is_named(const struct setting_row *row, struct arena *arena, const char *name)
{
	return strcmp(row->key, name) == 0 || (row->flag && strcmp(row->flag, name) == 0) ||
	       strcmp(arena_printf(arena, "%s.%s", row->section, row->key), name) == 0;
}

static const char *shown_value(const struct context *context, enum setting setting)
{
	return setting_shown(context->settings, setting, context->arena);
}

static bool trust(const struct context *context, const char *directory, struct error *err)
{
	const char *path = NULL;
	const char *list = NULL;

	if (!trust_add(directory, context->arena, &path, &list, err))
		return false;
	event_note(context->reporter, "\"%s\" is trusted from now on; to undo that, remove its line from \"%s\"",
	           path, list);
	return true;
}

/* What was typed may be a URL with a password in it, pasted into the wrong place. */
static bool refuse_key(const struct context *context, const char *name, struct error *err)
{
	const bool has_section = strchr(name, '.') != NULL;
	const char *names[SETTING_COUNT + 1] = {0};

	for (size_t i = 0; i < SETTING_COUNT; i++)
		names[i] = has_section
		               ? arena_printf(context->arena, "%s.%s", setting_rows[i].section, setting_rows[i].key)
		               : setting_rows[i].key;
	const char *meant = str_suggest(name, names);
	error_set(err, ERROR_USAGE, "there is no setting \"%s\"", settings_safe_url(context->arena, name));
	return meant ? error_hint(err, "Did you mean \"%s\"?", meant)
	             : error_hint(err, "\"rung config\" lists them all.");
}

static bool find_setting(const struct context *context, const char *name, enum setting *out,
                         struct error *err)
{
	for (*out = 0; *out < SETTING_COUNT; ++*out)
		if (is_named(&setting_rows[*out], context->arena, name))
			return true;
	return refuse_key(context, name, err);
}

/*
 * Nothing is printed for a setting without a value, so that a script's $(rung config key) is empty then.
 */
static bool show_one(const struct context *context, const char *name, struct error *err)
{
	enum setting setting;

	if (!find_setting(context, name, &setting, err))
		return false;
	const char *value = shown_value(context, setting);
	if (value)
		report_text(context->reporter, arena_printf(context->arena, "%s\n", value));
	return true;
}

/* "NAME=VALUE" was meant for SQL, and may hold a secret. */
static bool refuse_no_value(const char *name, struct error *err)
{
	error_set(err, ERROR_USAGE, "--set %.*s requires a value after it",
	          STR_ARGS(str_slice(str_of(name), 0, str_index(str_of(name), '='))));
	return error_hint(err, "As in \"rung config --set backup.required no\".");
}

/* Where nothing is no value, it can only mean that the line is to go. */
static bool set(const struct context *context, const char *name, struct error *err)
{
	enum setting setting;

	if (context->operand_count == 0)
		return refuse_no_value(name, err);
	if (!find_setting(context, name, &setting, err))
		return false;
	return setting_may_be_empty(setting) || *context->operands[0]
	           ? setting_file_write(context, setting, context->operands[0], err)
	           : setting_file_remove(context, setting, err);
}

static bool unset(const struct context *context, const char *name, struct error *err)
{
	enum setting setting;

	return find_setting(context, name, &setting, err) && setting_file_remove(context, setting, err);
}

static void add_files(const struct context *context, struct table *table)
{
	const struct settings *settings = context->settings;

	table_row(table,
	          (const char *[]){"project", settings->project_dir, settings->ini_path ? "rung.ini" : "here"});
	if (settings->env_path)
		table_row(table, (const char *[]){".env", settings->env_path, NULL});
}

/* What libpq will be given, after url_env, env_prefix and PG* had their say. */
static void add_connection(const struct context *context, struct table *table)
{
	const char *database = context->database;

	if (database)
		table_row(table, (const char *[]){"connection",
		                                  *database ? settings_safe_url(context->arena, database) : NULL,
		                                  *database ? NULL : "PG* variables"});
}

static bool cmd_config(struct context *context, struct error *err)
{
	static const struct column columns[] = {{"key", "Setting", COLUMN_TEXT},
	                                        {"value", "Value", COLUMN_TEXT},
	                                        {"origin", "From", COLUMN_TEXT},
	                                        {0}};
	struct table table = {.type = "setting", .columns = columns, .arena = context->arena};

	if (option_is_given(context, "--trust"))
		return trust(context, option_value(context, "--trust"), err);
	if (option_is_given(context, "--set"))
		return set(context, option_value(context, "--set"), err);
	if (option_is_given(context, "--unset"))
		return unset(context, option_value(context, "--unset"), err);
	if (context->operand_count)
		return show_one(context, context->operands[0], err);
	add_files(context, &table);
	add_connection(context, &table);
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
		const struct setting_row *row = &setting_rows[setting];

		table_row(&table,
		          (const char *[]){arena_printf(context->arena, "%s.%s", row->section, row->key),
		                           shown_value(context, setting), context->settings->values[setting].origin});
	}
	table_print(&table, context->reporter);
	return true;
}

static const struct option_row options[] = {
    {"--trust", 0, "DIR", "trust the project in DIR, no matter who owns it"},
    {"--set", 0, "KEY VALUE",
     "write the value to rung.ini (in other commands --set sets a variable for SQL)"},
    {"--unset", 0, "KEY", "remove the setting from rung.ini"},
    {0},
};

const struct command command_config = {
    .name = "config",
    .operands = "[KEY]",
    .help = &HELP_config,
    .group = GROUP_OTHER,
    .needs = TAKES_URLS,
    .most_operands = 1,
    .options = options,
    .run = cmd_config,
};
