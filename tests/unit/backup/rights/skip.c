#include "backup/rights/skip.h"

#include "test.h"

static const char *parsed(const char *text, struct arena *arena)
{
	struct skip_set set;
	struct error err = {0};

	return skip_parse(text, &set, &err) ? skip_text(&set, arena) : NULL;
}

TEST(skip_reads_kinds_by_name)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(parsed(NULL, &arena), "");
	CHECK_STR(parsed("extensions, event-triggers", &arena), "event-triggers,extensions");
	CHECK(!parsed("", &arena) && !parsed("tables", &arena) && !parsed("extensions,,", &arena));
}

#define ENTRY(number, what, kind, ...)                                                             \
	{                                                                                              \
		.id = (number), .name = STR(what), .type = (kind), .depends = (const long[]){__VA_ARGS__}, \
		.depend_count = sizeof((const long[]){__VA_ARGS__}) / sizeof(long)                         \
	}

/* The comment comes before what it hangs on, as in no archive we know. */
TEST(skip_takes_along_what_hangs_on_it_and_no_rows)
{
	scoped_arena struct arena arena = {0};
	struct archive_entry entries[] = {ENTRY(5, "VIEW v", "COMMENT", 4), ENTRY(3, "e", "EXTENSION", 0),
	                                  ENTRY(4, "v", "VIEW", 3, 99), ENTRY(6, "t", "TABLE", 99)};
	struct archive_slot slots[] = {{3, 2}, {4, 3}, {5, 1}, {6, 4}, {7, 0}};
	const struct archive_list list = {
	    .ids = (const long[]){5, 3, 4, 6, 7}, .id_count = 5, .entries = entries, .count = 4, .slots = slots};
	bool skipped[4] = {false, true};
	bool again[4] = {false, true};
	struct error err = {0};

	CHECK(skip_dependents(&list, skipped, &err));
	CHECK(str_is(skip_list(&list, skipped, &arena), "6;\n7;\n"));
	entries[3].depends = (const long[]){4};
	CHECK(!skip_dependents(&list, again, &err));
	CHECK_STR(err.message, "cannot leave out the view \"v\": the table \"t\" needs it");
}
