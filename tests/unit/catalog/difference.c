#include "catalog/difference.h"

#include "test.h"

static const char *difference_of(struct arena *arena, const char *before, const char *after)
{
	struct buffer text = {.arena = arena};

	difference_add(&text, str_of(before), str_of(after));
	return buffer_cstr(&text);
}

TEST(texts_differ_in_lines)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(difference_of(&arena, "users (\n  id,\n  at,\n  name\n)\n",
	                        "users (\n  id,\n  at,\n  name,\n  mail\n)\n"),
	          "  users (\n"
	          "    at,\n"
	          "-   name\n"
	          "+   name,\n"
	          "+   mail\n"
	          "  )\n");
	CHECK_STR(difference_of(&arena, "", "one\ntwo\n"), "+ one\n+ two\n");
	CHECK_STR(difference_of(&arena, "one\n", ""), "- one\n");
}
