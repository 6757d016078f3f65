#include <string.h>

#include "command/commands.h"
#include "report/table.h"

/* "schema_dir", "files.schema_dir" or "--schema-dir". */
static bool is_named(const struct setting_row *row, struct arena *arena, const char *name)
{
	return strcmp(row->key, name) == 0 || (row->flag && strcmp(row->flag, name) == 0) ||
	       strcmp(arena_printf(arena, "%s.%s", row->section, row->key), name) == 0;
}

static const char *shown_value(const struct context *context, enum setting setting)
{
	const char *text = setting_text(context->settings, setting);

	if (text && setting_rows[setting].kind == SETTING_KIND_SECRET_URL)
		return settings_safe_url(context->arena, text);
	return text;
}

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

static bool show_one(const struct context *context, const char *name, struct error *err)
{
	for (enum setting setting = 0; setting < SETTING_COUNT; setting++) {
		if (!is_named(&setting_rows[setting], context->arena, name))
			continue;
		const char *value = shown_value(context, setting);
		if (value)
			report_text(context->reporter, arena_printf(context->arena, "%s\n", value));
		return true;
	}
	return refuse_key(context, name, err);
}

static void add_files(const struct context *context, struct table *table)
{
	const struct settings *settings = context->settings;

	table_row(table, (const char *[]){"project", settings->project_dir,
	                                  settings->ini_path ? "rung.ini" : "working directory"});
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

static bool run(struct context *context, struct error *err)
{
	static const struct column columns[] = {{"key", "Setting", COLUMN_TEXT},
	                                        {"value", "Value", COLUMN_TEXT},
	                                        {"origin", "From", COLUMN_TEXT},
	                                        {0}};
	struct table table = {.type = "setting", .columns = columns, .arena = context->arena};

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

const struct command command_config = {
    .name = "config",
    .operands = "[KEY]",
    .summary = "show each setting and where it came from",
    .group = GROUP_OTHER,
    .most_operands = 1,
    .description = "Shows every setting with its value and its source: a flag, a variable of the environment "
                   "or of .env, a "
                   "line of rung.ini, or the default. Passwords are masked.\n\n"
                   "With KEY, prints the value of one setting and nothing else.",
    .examples = "rung config\teverything\n"
                "rung config schema_dir\tone value, for scripts\n"
                "rung config --json\tone object a setting",
    .run = run,
};
