#include "command/generate/change_pair.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "test.h"

static struct object table = {.kind = &object_kinds[OBJECT_TABLE], .identity = "public.t"};
static struct change_statement statements[] = {
    {.sql = "ALTER TYPE m ADD VALUE 'b'", .object = &table},
    {.sql = "CREATE TABLE t (m m)", .object = &table, .part = 1},
    {.sql = "DROP TABLE u", .object = &table, .hazards = HAZARD_DATA_LOSS, .part = 1},
};
static const struct change_script script = {.statements = statements, .count = 3, .part_count = 2};

TEST(parts_of_a_script_are_told_apart)
{
	scoped_arena struct arena arena = {0};
	struct change_script first = {.statements = statements, .count = 1, .part_count = 1};

	CHECK_STR(change_script_whole(&script, &arena), "-- part 1 of 2: in a file and a transaction of its own\n"
	                                                "ALTER TYPE m ADD VALUE 'b';\n"
	                                                "\n"
	                                                "-- part 2 of 2: in a file and a transaction of its own\n"
	                                                "CREATE TABLE t (m m);\n"
	                                                "-- loses data\n"
	                                                "DROP TABLE u;\n");
	CHECK_STR(change_script_whole(&first, &arena), "ALTER TYPE m ADD VALUE 'b';\n");
	CHECK_STR(change_script_whole(&(struct change_script){0}, &arena), "");
}

TEST(parts_of_a_script_are_files)
{
	char directory[] = "/tmp/rung-unit-XXXXXX";
	static const char *const paths[][2] = {
	    {"up.sql", "up_2.sql"}, {"up", "up_2"}, {"a.b/up", "a.b/up_2"}, {".up", ".up_2"}};
	scoped_arena struct arena arena = {0};
	struct error err;
	struct str text;

	CHECK(mkdtemp(directory) != NULL);
	CHECK(directory_create(path_join(&arena, directory, "a.b"), 0700, &err));
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		CHECK_ROW(i, change_script_save(&script, path_join(&arena, directory, paths[i][0]), &arena, &err));
		CHECK_ROW(i, file_read(path_join(&arena, directory, paths[i][1]), 1000, ERROR_STORAGE, &arena, &text,
		                       &err));
		CHECK_ROW(i, str_starts(text, "CREATE TABLE t"));
	}
	CHECK(directory_remove(directory, &err));
}
