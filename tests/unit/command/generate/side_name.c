#include "command/generate/side_name.h"

#include <string.h>

#include "config/side_text.h"
#include "test.h"

static const struct settings unset = {.project_dir = NULL};

TEST(sides_are_told_apart_by_what_is_typed)
{
	static const struct {
		const char *text;
		enum side_kind kind;
		const char *detail; /* NULL: none */
	} rows[] = {
	    {"live", SIDE_LIVE, NULL},
	    {"schema", SIDE_MIGRATIONS, NULL},
	    {"schema@07", SIDE_MIGRATIONS, "07"},
	    {"schema@07_items", SIDE_MIGRATIONS, "07_items"},
	    {"git:main", SIDE_GIT, "main"},
	    {"git:HEAD~2:x", SIDE_GIT, "HEAD~2:x"},
	    {"empty", SIDE_EMPTY, NULL},
	    {"command:make -C db", SIDE_COMMAND, "make -C db"},
	    {"./schema", SIDE_FILES, "./schema"}, /* of this project */
	    {"schema/00_master_schema.sql", SIDE_FILES, "schema/00_master_schema.sql"},
	    {"postgresql+asyncpg://u:p@h/d", SIDE_DATABASE, "postgresql://u:p@h/d"},
	    {"dbname=x host=y", SIDE_DATABASE, "dbname=x host=y"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct side_name name;
		struct error err;

		CHECK_ROW(i, side_name_parse(rows[i].text, &unset, &arena, &name, &err));
		CHECK_ROW(i, name.kind == rows[i].kind);
		CHECK_ROW(i, side_text_is_path(rows[i].text) == (rows[i].kind == SIDE_FILES));
		CHECK_ROW(i, rows[i].detail ? strcmp(name.detail, rows[i].detail) == 0 : !name.detail);
		CHECK_ROW(i, name.kind != SIDE_DATABASE || strcmp(name.shown, "the database") == 0);
	}
}

TEST(sides_that_say_too_little_are_refused)
{
	static const char *const texts[] = {"schema@", "git:", "command:", "nowhere.sql", "lives", ""};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		scoped_arena struct arena arena = {0};
		struct side_name name;
		struct error err;

		CHECK_ROW(i, !side_name_parse(texts[i], &unset, &arena, &name, &err));
		CHECK_ROW(i, err.kind == ERROR_USAGE && *err.hint);
	}
}

TEST(desired_is_what_the_settings_say)
{
	static const struct {
		const char *text; /* of the setting */
		const char *origin;
		enum side_kind kind;
		bool is_of_settings;
	} rows[] = {
	    {"live", "rung.ini:2", SIDE_LIVE, true},
	    {"schema", ".env RUNG_DESIRED", SIDE_MIGRATIONS, true},
	    {"./schema", "rung.ini:2", SIDE_FILES, true},
	    {"postgres://h/d", "environment RUNG_DESIRED", SIDE_DATABASE, false},
	    {"./schema", "flag", SIDE_FILES, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct settings settings = {.values[SETTING_DESIRED] = {rows[i].text, -1, rows[i].origin}};
		scoped_arena struct arena arena = {0};
		struct side_name name;
		struct error err;

		CHECK_ROW(i, side_name_parse("desired", &settings, &arena, &name, &err));
		CHECK_ROW(i, name.kind == rows[i].kind && name.is_of_settings == rows[i].is_of_settings);
		CHECK_STR(name.shown, "desired");
	}
}
