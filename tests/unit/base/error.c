#include "base/error.h"

#include <string.h>

#include "base/str.h"
#include "test.h"

/* The context is added to, line by line: what no longer fits says so, and leaves no half character. */
TEST(context_that_does_not_fit_is_cut_between_characters)
{
	for (size_t shift = 0; shift < 4; shift++) {
		struct error err = {.kind = ERROR_SQL};

		error_context(&err, "%.*s", (int)shift, "xxx");
		for (int i = 0; i < 40; i++)
			error_context(&err, "in \u00e4\u20ac\u00e4\u20ac\u00e4\u20ac\u00e4\u20ac\u00e4\u20ac");
		CHECK_ROW(shift, str_ends(str_of(err.context), "..."));
		CHECK_ROW(shift, utf8_check(str_of(err.context)) == strlen(err.context));
		CHECK_ROW(shift, strlen(err.context) > sizeof(err.context) - 8);
	}
}

TEST(context_that_fits_is_kept_whole)
{
	struct error err = {.kind = ERROR_SQL};

	error_context(&err, "while applying 1");
	error_context(&err, "while deploying");
	CHECK_STR(err.context, "while applying 1\nwhile deploying");
}
