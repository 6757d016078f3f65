#include "base/file.h"

#include <string.h>

#include "test.h"

TEST(normalize_folds_dots_and_slashes)
{
	scoped_arena struct arena arena = {0};
	static const struct {
		const char *path;
		const char *normal;
	} rows[] = {
	    {"/a/b/../c", "/a/c"}, {"/a//b/./c/", "/a/b/c"}, {"/../..", "/"}, {"/a/../../b", "/b"}, {"/", "/"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(path_normalize(&arena, rows[i].path), rows[i].normal);
}

TEST(inside_is_by_whole_names)
{
	CHECK(path_is_inside("/a/b", "/a"));
	CHECK(path_is_inside("/a", "/a"));
	CHECK(!path_is_inside("/ab", "/a"));
	CHECK(path_is_inside("/a", "/"));
}

TEST(a_file_is_no_directory_that_was_made)
{
	struct error err = {0};

	CHECK(directory_create("/", 0755, &err));
	CHECK(!directory_create("/dev/null", 0755, &err));
	CHECK(strstr(err.message, "\"/dev/null\": File exists"));
	CHECK(!directory_create("/dev/null/below", 0755, &err));
}

TEST(reading_a_directory_as_a_file_is_refused)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	struct str text;

	CHECK(!file_read("/", 100, ERROR_FILES, &arena, &text, &err));
	CHECK(strstr(err.message, "is a directory"));
}
