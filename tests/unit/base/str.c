#include "base/str.h"

#include "test.h"

TEST(split_next_yields_empty_parts_but_nothing_for_nothing)
{
	struct str rest = STR("a,,b");
	struct str part;

	CHECK(str_split_next(&rest, ',', &part) && str_is(part, "a"));
	CHECK(str_split_next(&rest, ',', &part) && str_is(part, ""));
	CHECK(str_split_next(&rest, ',', &part) && str_is(part, "b"));
	CHECK(!str_split_next(&rest, ',', &part));
}

TEST(numbers_are_digits_only_and_bounded)
{
	unsigned long long number = 7;

	CHECK(!str_to_number(STR(""), 99, &number));
	CHECK(!str_to_number(STR("-1"), 99, &number));
	CHECK(!str_to_number(STR("100"), 99, &number));
	CHECK(number == 7);
	CHECK(str_to_number(STR("099"), 99, &number) && number == 99);
}

TEST(utf8_check_finds_the_first_bad_byte)
{
	static const struct {
		struct str text;
		size_t good;
	} rows[] = {
	    {STR(""), 0},
	    {STR("plain"), 5},
	    {STR("na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x98\x80"), 15},
	    {STR("ab\xC3"), 2},            /* cut short */
	    {STR("a\xC0\x80"), 1},         /* overlong NUL */
	    {STR("a\xED\xA0\x80"), 1},     /* surrogate */
	    {STR("a\xF4\x90\x80\x80"), 1}, /* beyond U+10FFFF */
	    {STR("a\0b"), 1},              /* NUL */
	    {STR("\xE9t\xE9"), 0},         /* Latin-1 */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, utf8_check(rows[i].text) == rows[i].good);
}

TEST(suggest_knows_a_near_name_from_a_far_one)
{
	static const char *const names[] = {"upgrade", "downgrade", "status", NULL};

	CHECK_STR(str_suggest("upgrad", names), "upgrade");
	CHECK_STR(str_suggest("statsu", names), "status");
	CHECK(str_suggest("zebra", names) == NULL);
	CHECK_STR(str_suggest("down", names), "downgrade"); /* the beginning of one alone */
	CHECK(str_suggest("up", names) == NULL);            /* too short to be sure */
}

TEST(a_word_of_a_shell_is_quoted_only_where_it_needs_it)
{
	static const struct {
		const char *text;
		const char *word;
	} rows[] = {
	    {"app_restored", "app_restored"},
	    {"s3://bucket/a-1.x", "s3://bucket/a-1.x"},
	    {"shop \xC3\x84-1", "'shop \xC3\x84-1'"},
	    {"it's $HOME", "'it'\\''s $HOME'"},
	    {"~", "'~'"},
	    {"", "''"},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(shell_word(&arena, rows[i].text), rows[i].word);
}

TEST(a_pattern_is_a_name_or_the_beginning_of_names)
{
	static const char *const patterns[] = {"PGPASSWORD", "AWS_*", "", NULL};

	CHECK(str_matches_any(STR("PGPASSWORD"), patterns));
	CHECK(!str_matches_any(STR("PGPASSWORDS"), patterns) && !str_matches_any(STR("PGPASS"), patterns));
	CHECK(str_matches_any(STR("AWS_"), patterns) && str_matches_any(STR("AWS_REGION"), patterns));
	CHECK(!str_matches_any(STR("AWS"), patterns) && !str_matches_any(STR("aws_region"), patterns));
	CHECK(str_matches_any(STR(""), patterns) && !str_matches_any(STR("x"), NULL));
	CHECK(str_is_among(STR("AWS_*"), patterns) && !str_is_among(STR("AWS_REGION"), patterns));
}
