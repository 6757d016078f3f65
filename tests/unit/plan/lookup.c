#include "plan/lookup.h"

#include <string.h>

#include "situation.h"
#include "test.h"

static struct migration named(int64_t number, int width, const char *name, const char *old_id)
{
	struct migration migration = {
	    .number = number, .width = width, .name = name, .directives = DIRECTIVES_NONE};

	migration.directives.old_id = old_id;
	return migration;
}

/* What is found, or a part of what is said instead. */
struct row {
	const char *text;
	const char *name;
	const char *refusal;
};

static void check_rows(const struct tree *tree, const struct history *history, const struct row *rows,
                       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		scoped_arena struct arena arena = {0};
		struct comparison comparison;
		struct error err = {0};
		size_t found;

		comparison_build(tree, history, &arena, &comparison);
		const bool good = lookup_entry(rows[i].text, &comparison, &arena, &found, &err);
		if (good &&
		    (!rows[i].name || strcmp(entry_name(&comparison.entries[found], &arena), rows[i].name) != 0))
			fail_msg("\"%s\" found \"%s\"", rows[i].text, entry_name(&comparison.entries[found], &arena));
		if (!good &&
		    (rows[i].name || (!strstr(err.message, rows[i].refusal) && !strstr(err.detail, rows[i].refusal) &&
		                      !strstr(err.hint, rows[i].refusal))))
			fail_msg("\"%s\": %s (%s) %s", rows[i].text, err.message, err.detail, err.hint);
	}
}

#define CHECK_LOOKUPS(tree, history, rows) check_rows(tree, history, rows, sizeof(rows) / sizeof(*(rows)))

TEST(a_number_a_name_an_old_id_or_a_part_of_one_names_a_migration)
{
	struct migration migrations[] = {
	    named(2, 2, "02_users", "a1b2c3d4e5f6"), named(4, 2, "04_old_users", "004"),
	    named(6, 2, "06_cache", "b2c3d4e5"),     named(7, 2, "07_cache_index", "b2ffffff"),
	    named(12, 2, "12_members", "2.1"),       named(60, 2, "60_x", NULL),
	};
	const struct tree tree = {.migrations = migrations, .count = 6, .width = 2};
	const struct history nothing = {0};
	static const struct row rows[] = {
	    /* its number, with as much of the name as one likes */
	    {"6", "06_cache", NULL},
	    {"06", "06_cache", NULL},
	    {"006", "06_cache", NULL},
	    {"06_", "06_cache", NULL},
	    {"06_ca", "06_cache", NULL},
	    {"6_cache", "06_cache", NULL},
	    {"06_cache.sql", "06_cache", NULL},
	    {"schema/06_cache.sql", "06_cache", NULL},
	    {"60", "60_x", NULL},
	    {"004", "04_old_users", NULL},
	    /* its name, which may be a part of others */
	    {"cache", "06_cache", NULL},
	    {"users", "02_users", NULL},
	    {"x", "60_x", NULL},
	    /* what it was called before */
	    {"b2c3d4e5", "06_cache", NULL},
	    {"B2C3D4E5", "06_cache", NULL},
	    {"2.1", "12_members", NULL},
	    {"a1b2", "02_users", NULL},
	    {"c3d4e5f6", "02_users", NULL},
	    /* a part that no other has */
	    {"memb", "12_members", NULL},
	    {"Index", "07_cache_index", NULL},
	    {"old_", "04_old_users", NULL},
	    /* several */
	    {"cach", NULL, "matches 2 migrations"},
	    {"user", NULL, "02_users, 04_old_users"},
	    {"b2c3d4", NULL, "02_users, 06_cache"},
	    /* none: a number is never a part of another one, nor a short word of a name */
	    {"7_index", NULL, "there is no migration"},
	    {"2_members", NULL, "there is no migration"},
	    {"1", NULL, "there is no migration"},
	    {"06_cachet", NULL, "Did you mean \"06_cache\""},
	    {"06_x", NULL, "there is no migration"},
	    {"mebmers", NULL, "Did you mean \"members\""},
	    {"haed", NULL, "Did you mean \"head\""},
	    {"in", NULL, "there is no migration"},
	    {"", NULL, "there is no migration"},
	    {"_", NULL, "there is no migration"},
	    {"-6", NULL, "there is no migration"},
	    {"99999999999999999999", NULL, "rung history"},
	};

	CHECK_LOOKUPS(&tree, &nothing, rows);
}

TEST(where_a_number_is_there_twice_the_name_tells)
{
	static const struct called called[] = {{5, "05_search", NULL}, {5, "05_search_index", NULL}};
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	size_t found;

	CHECK(lookup_name("rollback/rollback_05_search.sql", called, 2, &arena, &found, &err) && found == 0);
	CHECK(lookup_name("search_index", called, 2, &arena, &found, &err) && found == 1);
	CHECK(!lookup_name("5", called, 2, &arena, &found, &err));
	CHECK_STR(err.detail, "They are 05_search, 05_search_index.");
}

TEST(what_only_the_history_knows_is_named_alike)
{
	struct migration migrations[] = {named(20240115103000, 14, "20240115103000_users", NULL)};
	struct record records[] = {
	    {.version = 20240116090000, .name = "20240116090000_sessions"},
	    {.version = 20240116100000, .name = "20240116100000_orders"},
	    {.version = 20250101000000},
	};
	const struct tree tree = {.migrations = migrations, .count = 1, .width = 14};
	const struct history history = {.records = records, .count = 3, .exists = true};
	static const struct row rows[] = {
	    {"sessions", "20240116090000_sessions", NULL},
	    {"20240115", "20240115103000_users", NULL},
	    {"20240116", NULL, "matches 2 migrations"},
	    {"2024", NULL, "there is no migration"},
	    {"202501", "20250101000000", NULL},
	};

	CHECK_LOOKUPS(&tree, &history, rows);
}
