#include "sql/file_cache.h"

#include "test.h"

TEST(file_caches_give_back_what_was_put_there_first_and_nothing_else)
{
	static const char path[] = "schema/01_a.sql";
	char same[sizeof(path)];
	scoped_file_cache struct file_cache cache = {0};

	memcpy(same, path, sizeof(path));
	CHECK(!file_cache_find(&cache, path));
	file_cache_put(&cache, path, "/p/schema/01_a.sql", STR("select 1;"));
	file_cache_put(&cache, path, "/p/schema/01_a.sql", STR("select 2;"));
	CHECK(str_is(file_cache_find(&cache, path)->text, "select 1;"));
	CHECK_STR(file_cache_find(&cache, path)->real, "/p/schema/01_a.sql");
	CHECK(!file_cache_find(&cache, same));
}

TEST(file_caches_have_an_end)
{
	enum { FILES = 10000 };
	scoped_arena struct arena arena = {0};
	scoped_file_cache struct file_cache cache = {0};
	const char *paths[FILES];
	char *large = arena_alloc(&arena, 5000);
	size_t kept = 0;

	file_cache_put(&cache, "large", "/large", (struct str){large, 5000});
	CHECK_INT(cache.count, 0);
	for (size_t i = 0; i < FILES; i++) {
		paths[i] = arena_printf(&arena, "%zu", i);
		file_cache_put(&cache, paths[i], paths[i], str_of(paths[i]));
	}
	for (size_t i = 0; i < FILES; i++) {
		const struct cached_file *found = file_cache_find(&cache, paths[i]);

		kept += found != NULL;
		CHECK(!found || str_is(found->text, paths[i]));
	}
	CHECK(kept > 1000 && kept < FILES);
	CHECK_INT(kept, cache.count);
	for (size_t i = 0; i < 1000; i++)
		file_cache_put(&cache, arena_printf(&arena, "l%zu", i), "/", (struct str){large, 4000});
	CHECK(cache.size <= 512 * 1024);
}
