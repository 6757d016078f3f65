#include "config/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "test.h"

/* A directory to be in, and an environment that says nothing. */
struct project {
	struct arena arena;
	char *before;
	char *path;
};

static void forget_environment(void)
{
	static const char *const names[] = {"PGHOST",      "PGHOSTADDR", "PGPORT",      "PGDATABASE",
	                                    "PGSERVICE",   "OTHER_URL",  "CRONOS_HOST", "CRONOS_PASSWORD",
	                                    "CRONOS_NAME", "CRONOS_USER"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (setting_rows[i].environment)
			unsetenv(setting_rows[i].environment);
}

static void write_text(struct project *project, const char *name, const char *text)
{
	struct error err;

	CHECK(file_write(path_join(&project->arena, project->path, name), str_of(text), 0600, &err));
}

static struct project project_with(const char *ini, const char *env)
{
	char path[] = "/tmp/rung-settings-XXXXXX";
	struct project project = {0};

	CHECK(mkdtemp(path) != NULL);
	project.before = path_working_directory(&project.arena);
	project.path = arena_strdup(&project.arena, path);
	forget_environment();
	if (ini)
		write_text(&project, "rung.ini", ini);
	if (env)
		write_text(&project, ".env", env);
	CHECK(directory_enter(path));
	return project;
}

static void project_clear(struct project *project)
{
	struct error err;

	CHECK(directory_enter(project->before));
	CHECK(directory_remove(project->path, &err));
	forget_environment();
	arena_clear(&project->arena);
}

static struct settings load(struct project *project, const struct setting_flag *flags, size_t count)
{
	struct settings settings;
	struct error err = {0};

	if (!settings_load(flags, count, &project->arena, &settings, &err))
		fail_msg("%s: %s", err.place, err.message);
	return settings;
}

static const char *database(struct project *project, const struct settings *settings)
{
	const char *url = NULL;
	struct error err;

	CHECK(settings_database(settings, &project->arena, &url, &err));
	return url;
}

TEST(settings_take_the_nearest_source)
{
	struct project project = project_with("[files]\nschema_dir = ini\nrollback_dir = ini\nseed_dir = ini\n",
	                                      "RUNG_SCHEMA_DIR=file\nRUNG_ROLLBACK_DIR=file\n");
	const struct setting_flag flags[] = {{SETTING_ROLE, "first"}, {SETTING_ROLE, "last"}};

	setenv("RUNG_SCHEMA_DIR", "shell", 1);
	const struct settings settings = load(&project, flags, 2);
	CHECK_STR(setting_text(&settings, SETTING_ROLE), "last");
	CHECK_STR(settings.values[SETTING_ROLE].origin, "flag");
	CHECK_STR(setting_text(&settings, SETTING_SCHEMA_DIR), "shell");
	CHECK_STR(settings.values[SETTING_SCHEMA_DIR].origin, "environment RUNG_SCHEMA_DIR");
	CHECK_STR(setting_text(&settings, SETTING_ROLLBACK_DIR), "file");
	CHECK_STR(settings.values[SETTING_ROLLBACK_DIR].origin, ".env RUNG_ROLLBACK_DIR");
	CHECK_STR(setting_text(&settings, SETTING_SEED_DIR), "ini");
	CHECK_STR(settings.values[SETTING_SEED_DIR].origin, "rung.ini:4");
	CHECK_STR(setting_text(&settings, SETTING_HISTORY_TABLE), "public.schema_version");
	CHECK_STR(settings.values[SETTING_HISTORY_TABLE].origin, "default");
	project_clear(&project);
}

TEST(settings_have_numbers)
{
	struct project project =
	    project_with("[upgrade]\nlock_timeout = 250ms\nlock_wait=1h\nout_of_order = Yes\n"
	                 "[files]\nslug_length: 12\n",
	                 NULL);
	const struct settings settings = load(&project, NULL, 0);

	CHECK_INT(setting_ms(&settings, SETTING_LOCK_TIMEOUT), 250);
	CHECK_INT(setting_ms(&settings, SETTING_LOCK_WAIT), 3600 * 1000);
	CHECK_INT(setting_ms(&settings, SETTING_STATEMENT_TIMEOUT), -1);
	CHECK_INT(setting_number(&settings, SETTING_SLUG_LENGTH), 12);
	CHECK(setting_is_on(&settings, SETTING_OUT_OF_ORDER));
	CHECK(!setting_is_on(&settings, SETTING_JSON));
	project_clear(&project);
}

TEST(settings_find_the_project_from_below)
{
	struct project project =
	    project_with("[files]\nschema_dir = db\nseed_dir = /absolute/seed\n", "RUNG_ROLE=r\n");
	struct error err;

	CHECK(directory_create("a/b", 0700, &err));
	CHECK(directory_enter("a/b"));
	const struct settings settings = load(&project, NULL, 0);
	CHECK_STR(setting_text(&settings, SETTING_SCHEMA_DIR), "../../db");
	CHECK_STR(setting_text(&settings, SETTING_ROLLBACK_DIR), "../../rollback");
	CHECK_STR(setting_text(&settings, SETTING_SEED_DIR), "/absolute/seed");
	CHECK_STR(setting_text(&settings, SETTING_ROLE), "r");
	CHECK_STR(settings.project_dir, "../..");
	CHECK_STR(settings.ini_path, "../../rung.ini");
	project_clear(&project);
}

TEST(settings_refuse_with_file_line_and_suggestion)
{
	static const struct {
		const char *ini;
		const char *place;
		const char *message;
		const char *hint;
	} rows[] = {
	    {"[files]\nshcema_dir = x\n", "rung.ini:2", "unknown key \"shcema_dir\" in [files]",
	     "Did you mean \"schema_dir\"?"},
	    {"# c\n\n[database]\nschema_dir = x\n", "rung.ini:4", "unknown key \"schema_dir\" in [database]",
	     "It belongs to [files]."},
	    {"[files]\n\n [fils]\n", "rung.ini:3", "unknown section [fils]", "Did you mean [files]?"},
	    {"[lint]\n", "rung.ini:1", "unknown section [lint]",
	     "\"rung help settings\" lists the sections and their keys."},
	    {"[file]\nschema_dir = x\n", "rung.ini:1", "unknown section [file]", "Did you mean [files]?"},
	    {"schema_dir = x\n", "rung.ini:1", "a key before any [section]", ""},
	    {"[files]\nschema_dir\n", "rung.ini:2", "neither [section] nor key = value", ""},
	    {"[files]\nschema_dir = a\nschema_dir = b\n", "rung.ini:3",
	     "\"schema_dir\" was already given in line 2", ""},
	    {"[files]\non_change = rerun\n", "",
	     "\"rerun\" is not a valid value for on_change (rung.ini:2): expected error|reapply|converge", ""},
	    {"[upgrade]\nlock_wait = soon\n", "",
	     "\"soon\" is not a valid value for lock_wait (rung.ini:2): expected a time such as 250ms, 2s, 10min "
	     "or 1h",
	     ""},
	    {"[files]\nslug_length = -1\n", "",
	     "\"-1\" is not a valid value for slug_length (rung.ini:2): expected a number", ""},
	    {"[output]\njson = perhaps\n", "",
	     "\"perhaps\" is not a valid value for json (rung.ini:2): expected yes or no", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct project project = project_with(rows[i].ini, NULL);
		struct settings settings;
		struct error err = {0};

		CHECK_ROW(i, !settings_load(NULL, 0, &project.arena, &settings, &err));
		CHECK_STR(err.message, rows[i].message);
		CHECK_STR(err.place, rows[i].place);
		CHECK_STR(err.hint, rows[i].hint);
		CHECK_ROW(i, err.kind == ERROR_CONFIG);
		project_clear(&project);
	}
}

TEST(settings_keep_long_lines_and_semicolons_whole)
{
	struct project project = project_with(NULL, NULL);
	struct buffer ini = {.arena = &project.arena};
	struct buffer hook = {.arena = &project.arena};

	for (int i = 0; i < 500; i++)
		buffer_text(&hook, "echo a ; ");
	buffer_text(&hook, "true");
	buffer_printf(&ini, "[hooks]\n  before_upgrade = %s\n[files]\nschema_dir = x\n", buffer_cstr(&hook));
	write_text(&project, "rung.ini", buffer_cstr(&ini));
	const struct settings settings = load(&project, NULL, 0);
	CHECK_STR(setting_text(&settings, SETTING_HOOK_BEFORE_UPGRADE), buffer_cstr(&hook));
	CHECK_STR(settings.values[SETTING_SCHEMA_DIR].origin, "rung.ini:4");
	project_clear(&project);
}

TEST(database_comes_from_where_the_project_says)
{
	static const struct {
		const char *ini;
		const char *env;
		const char *flag;
		const char *database; /* NULL: none */
	} rows[] = {
	    {NULL, NULL, NULL, NULL},
	    {NULL, "PGHOST=h", NULL, ""},
	    {NULL, "PGUSER=u", NULL, NULL},
	    {NULL, "DATABASE_URL=postgres://env/d", NULL, "postgresql://env/d"},
	    {NULL, "DATABASE_URL=postgres://env/d", "postgres://flag/d", "postgresql://flag/d"},
	    {"[database]\nurl = postgres://ini/d", NULL, NULL, "postgresql://ini/d"},
	    {"[database]\nurl = postgres://ini/d", "DATABASE_URL=postgres://env/d", NULL, "postgresql://env/d"},
	    {"[database]\nurl_env = OTHER_URL", "OTHER_URL=postgres://other/d", NULL, "postgresql://other/d"},
	    {"[database]\nurl_env = OTHER_URL", "DATABASE_URL=postgres://stray/d", NULL, NULL},
	    {"[database]\nurl_env = OTHER_URL", "DATABASE_URL=postgres://stray/d", "postgres://flag/d",
	     "postgresql://flag/d"},
	    {"[database]\nurl_env = OTHER_URL", "PGHOST=stray\nPGDATABASE=stray", NULL, NULL},
	    {"[database]\nenv_prefix = CRONOS",
	     "CRONOS_HOST=h\nCRONOS_NAME=d\nCRONOS_USER=u\nCRONOS_PASSWORD='a b'", NULL,
	     "host='h' dbname='d' user='u' password='a b'"},
	    {"[database]\nenv_prefix = CRONOS", "PGHOST=stray\nPGDATABASE=stray", NULL, NULL},
	    {"[database]\nenv_prefix = CRONOS", "CRONOS_HOST=h", "postgres://flag/d", "postgresql://flag/d"},
	    {"[database]\nenv_prefix = CRONOS", "DATABASE_URL=postgres://stray/d", NULL, NULL},
	    {"[database]\nurl =", NULL, NULL, NULL},
	    {NULL, "DATABASE_URL=", NULL, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct project project = project_with(rows[i].ini, rows[i].env);
		const struct setting_flag flag = {SETTING_DATABASE_URL, rows[i].flag};
		const struct settings settings = load(&project, &flag, rows[i].flag != NULL);
		const char *url = database(&project, &settings);

		CHECK_ROW(i, !url == !rows[i].database && (!url || strcmp(url, rows[i].database) == 0));
		project_clear(&project);
		unsetenv("PGUSER");
	}
}

TEST(a_prefix_leaves_nothing_to_libpq)
{
	struct project project =
	    project_with("[database]\nenv_prefix = CRONOS\n", "CRONOS_HOST=h\nCRONOS_NAME=d\nCRONOS_USER=u\n"
	                                                      "PGHOST=stray\nPGSSLMODE=require\n");

	setenv("PGPASSWORD", "stray", 1);
	setenv("PGPORT", "1", 1);
	load(&project, NULL, 0);
	CHECK(!getenv("PGHOST") && !getenv("PGPASSWORD") && !getenv("PGPORT"));
	CHECK_STR(getenv("PGSSLMODE"), "require");
	unsetenv("PGSSLMODE");
	project_clear(&project);
}

TEST(env_file_sets_what_is_ours_and_nothing_else)
{
	static const char *const ours[] = {"RUNG_ROLE", "OTHER_URL", "PGAPPNAME", "AWS_REGION", "HOOK_KEY"};
	static const char *const others[] = {"LD_PRELOAD", "BASH_ENV", "IFS", "PS4", "RUNG_TRUST", "SECRET_KEY"};
	struct project project =
	    project_with("[database]\nurl_env = OTHER_URL\n[hooks]\nenvironment = HOOK_KEY\n",
	                 "RUNG_ROLE=x\nOTHER_URL=x\nPGAPPNAME=x\nAWS_REGION=x\nHOOK_KEY=x\n"
	                 "LD_PRELOAD=x\nBASH_ENV=x\nIFS=x\nPS4=x\nRUNG_TRUST=x\nSECRET_KEY=x\n");

	load(&project, NULL, 0);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++) {
		CHECK_ROW(i, getenv(ours[i]) && strcmp(getenv(ours[i]), "x") == 0);
		unsetenv(ours[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		CHECK_ROW(i, !getenv(others[i]) || strcmp(getenv(others[i]), "x") != 0);
	project_clear(&project);
}

TEST(settings_that_name_variables_cannot_name_any)
{
	static const char *const rows[] = {"[database]\nurl_env = LD_PRELOAD\n", "[database]\nurl_env = PATH\n",
	                                   "[database]\nurl_env = postgresql://u:secret@h/d\n",
	                                   "[database]\nenv_prefix = a b\n",
	                                   "[hooks]\nenvironment = NEON_KEY BASH_ENV\n"};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct project project = project_with(rows[i], "LD_PRELOAD=x\n");
		struct settings settings;
		struct error err = {0};

		CHECK_ROW(i, !settings_load(NULL, 0, &project.arena, &settings, &err));
		CHECK_ROW(i, err.kind == ERROR_CONFIG && strstr(err.message, "rung.ini:2") &&
		                 !strstr(err.message, "secret"));
		project_clear(&project);
	}
}

TEST(direct_url_does_not_follow_another_database)
{
	struct project project = project_with("[database]\ndirect_url = postgres://direct/d\n", NULL);
	const struct setting_flag flag = {SETTING_DATABASE_URL, "postgres://elsewhere/d"};
	const struct settings usual = load(&project, NULL, 0);
	const struct settings other = load(&project, &flag, 1);

	CHECK_STR(settings_direct_database(&usual, &project.arena), "postgresql://direct/d");
	CHECK(settings_direct_database(&other, &project.arena) == NULL);
	project_clear(&project);
}
