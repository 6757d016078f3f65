#include "base/number_text.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

TEST(lists_read_as_people_write_them)
{
	static const char *const expected[] = {"", "a", "a and b", "a, b and c", "a, b, c and d"};

	for (size_t count = 0; count < sizeof(expected) / sizeof(*expected); count++) {
		scoped_arena struct arena arena = {0};
		struct buffer text = {.arena = &arena};

		for (size_t i = 0; i < count; i++)
			buffer_printf(&text, "%s%c", item_joint(i, count), (int)('a' + i));
		CHECK_ROW(count, strcmp(buffer_cstr(&text), expected[count]) == 0);
	}
}

TEST(one_has_no_plural)
{
	CHECK_STR(plural(0), "s");
	CHECK_STR(plural(1), "");
	CHECK_STR(plural(2), "s");
}
