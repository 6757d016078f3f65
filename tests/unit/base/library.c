#include "base/library.h"

#include <string.h>

#include "test.h"

/* Any library that is loaded late would do; these are there wherever the program is built. */
static const char *const files[] = {LIBRARY_FILE("libzstd", "1"), LIBRARY_FILE("libexpat", "1")};

static unsigned (*function)(void);

static struct library library_of(const char *first, const char *second, const char *const *functions)
{
	return (struct library){.name = "libx",
	                        .files = {first, second},
	                        .hint = "Install libx.",
	                        .functions = functions,
	                        .table = &function};
}

TEST(library_finds_its_functions_in_the_first_file_that_is_there)
{
	static const char *const functions[] = {"ZSTD_versionNumber", NULL};
	struct library library = library_of("libnowhere.so.1", files[0], functions);
	struct error err;

	CHECK(library_load(&library, &err));
	CHECK(library.is_loaded);
	CHECK(function() >= 10000);
	CHECK(library_load(&library, &err));
}

TEST(library_that_is_missing_says_what_to_install)
{
	static const char *const functions[] = {"ZSTD_versionNumber", NULL};
	struct library library = library_of("libnowhere.so.1", NULL, functions);
	struct error err = {0};

	CHECK(!library_load(&library, &err));
	CHECK_INT(err.kind, ERROR_STORAGE);
	CHECK(strstr(err.message, "could not load libx: libnowhere.so.1"));
	CHECK_STR(err.hint, "Install libx.");
}

TEST(library_of_another_release_is_not_used)
{
	static const char *const functions[] = {"XML_ThatThereIsNot", NULL};
	struct library library = library_of(files[1], NULL, functions);
	struct error err = {0};

	CHECK(!library_load(&library, &err));
	CHECK(!library.is_loaded);
	CHECK_STR(err.message, "cannot use the installed libx: it has no XML_ThatThereIsNot");
}
