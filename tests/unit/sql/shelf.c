#include "sql/shelf.h"

#include "test.h"

TEST(shelf_gives_back_what_was_put_there_first_and_nothing_else)
{
	static const char path[] = "schema/01_a.sql";
	char same[sizeof(path)];
	scoped_shelf struct shelf shelf = {0};

	memcpy(same, path, sizeof(path));
	CHECK(!shelf_find(&shelf, path));
	shelf_put(&shelf, path, "/p/schema/01_a.sql", STR("select 1;"));
	shelf_put(&shelf, path, "/p/schema/01_a.sql", STR("select 2;"));
	CHECK(str_is(shelf_find(&shelf, path)->text, "select 1;"));
	CHECK_STR(shelf_find(&shelf, path)->real, "/p/schema/01_a.sql");
	CHECK(!shelf_find(&shelf, same));
}

TEST(shelf_has_an_end)
{
	enum { FILES = 10000 };
	scoped_arena struct arena arena = {0};
	scoped_shelf struct shelf shelf = {0};
	const char *paths[FILES];
	char *large = arena_alloc(&arena, 5000);
	size_t kept = 0;

	shelf_put(&shelf, "large", "/large", (struct str){large, 5000});
	CHECK_INT(shelf.count, 0);
	for (size_t i = 0; i < FILES; i++) {
		paths[i] = arena_printf(&arena, "%zu", i);
		shelf_put(&shelf, paths[i], paths[i], str_of(paths[i]));
	}
	for (size_t i = 0; i < FILES; i++) {
		const struct shelved *found = shelf_find(&shelf, paths[i]);

		kept += found != NULL;
		CHECK(!found || str_is(found->text, paths[i]));
	}
	CHECK(kept > 1000 && kept < FILES);
	CHECK_INT(kept, shelf.count);
	for (size_t i = 0; i < 1000; i++)
		shelf_put(&shelf, arena_printf(&arena, "l%zu", i), "/", (struct str){large, 4000});
	CHECK(shelf.size <= 512 * 1024);
}
