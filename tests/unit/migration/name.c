#include "migration/name.h"

#include <string.h>

#include "test.h"

TEST(names_of_files_are_told_apart)
{
	static const struct {
		const char *file_name;
		enum name_role role;
		int64_t number;
		int width;
		const char *stem;
	} rows[] = {
	    /* ours */
	    {"06_cache.sql", NAME_MIGRATION, 6, 2, "06_cache"},
	    {"6_cache.sql", NAME_MIGRATION, 6, 1, "6_cache"},
	    {"0006_Cache-Table.v2.sql", NAME_MIGRATION, 6, 4, "0006_Cache-Table.v2"},
	    {"20261121020005_x.sql", NAME_MIGRATION, 20261121020005, 14, "20261121020005_x"},
	    {"999999999999999999_x.sql", NAME_MIGRATION, 999999999999999999, 18, "999999999999999999_x"},
	    {"06__x.sql", NAME_MIGRATION, 6, 2, "06__x"},
	    {"06_gr\xC3\xB6\xC3\x9F"
	     "e.sql",
	     NAME_MIGRATION, 6, 2,
	     "06_gr\xC3\xB6\xC3\x9F"
	     "e"},
	    {"06_a.sql_fix.sql", NAME_MIGRATION, 6, 2, "06_a.sql_fix"},
	    {"rollback_06_cache.sql", NAME_ROLLBACK, 6, 2, "06_cache"},
	    /* orchestrators */
	    {"00_master_schema.sql", NAME_MASTER, 0, 2, "00_master_schema"},
	    {"0_all.sql", NAME_MASTER, 0, 1, "0_all"},
	    {"rollback_00_all.sql", NAME_MASTER, 0, 2, "00_all"},
	    /* nothing to do with us */
	    {"README", NAME_IGNORED, 0, 0, ""},
	    {"README.md", NAME_IGNORED, 0, 0, ""},
	    {".gitkeep", NAME_IGNORED, 0, 0, ""},
	    {"seed", NAME_IGNORED, 0, 0, ""},
	    {"2024", NAME_IGNORED, 0, 0, ""},
	    {"06_cache", NAME_IGNORED, 0, 0, ""},
	    {"06_cache.txt", NAME_IGNORED, 0, 0, ""},
	    {"06_cache.sql~", NAME_IGNORED, 0, 0, ""},
	    {".#06_cache.sql", NAME_IGNORED, 0, 0, ""},
	    {"#06_cache.sql#", NAME_IGNORED, 0, 0, ""},
	    {".06_cache.sql.swp", NAME_IGNORED, 0, 0, ""},
	    {"06_cache.sql.orig", NAME_IGNORED, 0, 0, ""},
	    {"06_cache.sql.bak", NAME_IGNORED, 0, 0, ""},
	    {".sql", NAME_IGNORED, 0, 0, ""},
	    {"helpers.sql.txt", NAME_IGNORED, 0, 0, ""},
	    /* included by one of ours, or forgotten */
	    {"helpers.sql", NAME_UNNUMBERED, 0, 0, ""},
	    {"helper2.sql", NAME_UNNUMBERED, 0, 0, ""},
	    {"", NAME_IGNORED, 0, 0, ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct name name = name_parse(rows[i].file_name);

		CHECK_ROW(i, name.role == rows[i].role);
		CHECK_ROW(i, name.number == rows[i].number && name.width == rows[i].width);
		CHECK_ROW(i, str_is(name.stem, rows[i].stem) || name.role == NAME_IGNORED ||
		                 name.role == NAME_UNNUMBERED);
	}
}

TEST(almost_right_names_get_advice)
{
	static const struct {
		const char *file_name;
		const char *advice; /* a part of it */
	} rows[] = {
	    {"6-cache.sql", "underscore"},
	    {"6cache.sql", "underscore"},
	    {"2024-01-01_x.sql", "underscore"},
	    {"6.sql", "name after the number"},
	    {"06_.sql", "name after the number"},
	    {"06_cache.SQL", "lower case"},
	    {"06_cache.sql.txt", "ends in"},
	    {"1234567890123456789_x.sql", "18 digits"},
	    {"rollback-06_cache.sql", "rollback_NN_name"},
	    {"rollback06_cache.sql", "rollback_NN_name"},
	    {"Rollback_06_cache.sql", "rollback_NN_name"},
	    {"rollback_cache.sql", "number is missing"},
	    {"rollback_06.sql", "name after the number"},
	    {"V6__cache.sql", "Flyway"},
	    {"06_cache.up.sql", "pair"},
	    {"06_cache.down.sql", "pair"},
	    {"06_add cache.sql", "Spaces"},
	    {"06_cache (1).sql", "Spaces"},
	    {"06_it's.sql", "Spaces"},
	    {"06_gr\xF6sse.sql", "UTF-8"},
	    {"_06_cache.sql", "NN_name"},
	    {" 06_cache.sql", "NN_name"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct name name = name_parse(rows[i].file_name);

		CHECK_ROW(i, name.role == NAME_ALMOST);
		CHECK_ROW(i, strstr(name.advice, rows[i].advice) != NULL);
	}
}

TEST(slugs_are_made_of_words)
{
	scoped_arena struct arena arena = {0};
	static const struct {
		const char *message;
		size_t max_len;
		const char *slug;
	} rows[] = {
	    {"Add user preferences!", 60, "add_user_preferences"},
	    {"  --weird--  spacing ", 60, "weird_spacing"},
	    {"don't panic", 60, "dont_panic"},
	    {"don\xE2\x80\x99t panic", 60, "dont_panic"},
	    {"Gr\xC3\xB6\xC3\x9F"
	     "e \xC3\x84nderung \xC5\x81\xC3\xB3"
	     "d\xC5\xBA",
	     60, "grose_anderung_lodz"},
	    {"e\xCC\x81t\xC3\xA9", 60, "ete"},
	    {"party \xF0\x9F\x8E\x89 time", 60, "party_time"},
	    {"3\xC3\x97"
	     "3",
	     60, "3_3"},
	    {"\xE6\x95\xB0\xE6\x8D\xAE", 60, ""},
	    {"!!!", 60, ""},
	    {"", 60, ""},
	    {"add_column", 60, "add_column"},
	    {"one two three", 9, "one_two"},
	    {"one two three", 7, "one_two"},
	    {"abcdefghijkl", 5, "abcde"},
	    {"v2.1 release", 60, "v2_1_release"},
	    {"\xC3", 60, "a"}, /* cut short */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *slug = name_slug(&arena, rows[i].message, rows[i].max_len);

		if (strcmp(slug, rows[i].slug) != 0)
			fail_msg("row %zu: \"%s\"", i, slug);
	}
}

TEST(the_next_number_follows_the_manner_in_use)
{
	const int64_t now = 1795226405; /* 2026-11-21 02:00:05 UTC */

	CHECK_INT(name_next_number(0, 2, now), 1);
	CHECK_INT(name_next_number(99, 2, now), 100);
	CHECK_INT(name_next_number(20250101120000, 14, now), 20261121020005);
	CHECK_INT(name_next_number(20270101120000, 14, now), 20270101120001); /* the clock is behind */
	CHECK_INT(name_next_number(10000000000042, 14, now), 10000000000043); /* no date */
	CHECK_INT(name_next_number(1700000000, 10, now), 1700000001);
}

TEST(templates_must_yield_a_migration)
{
	static const struct {
		const char *template;
		const char *stem; /* NULL when refused */
	} rows[] = {
	    {NULL, "07_add_x"},
	    {"{number}_{slug}", "07_add_x"},
	    {"{number}_team_{slug}", "07_team_add_x"},
	    {"{slug}_{number}", NULL},
	    {"{number}-{slug}", NULL},
	    {"{number}_{slag}", NULL},
	    {"{number}_{slug", NULL},
	    {"1{number}_{slug}", NULL}, /* another number than it should be */
	    {"", NULL},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *stem = NULL;
		struct error err;

		CHECK_ROW(i,
		          name_build(rows[i].template, 7, 2, "add_x", &arena, &stem, &err) == (rows[i].stem != NULL));
		CHECK_ROW(i, !rows[i].stem || strcmp(stem, rows[i].stem) == 0);
	}
}
