/*
 * What a server needs before it can start is a thousand small files that are the same each time. A server
 * that is kept gets its own from initdb, synced. One that is thrown away gets a copy, and small files of its
 * log: sixteen megabytes less to write. Whatever is wrong with a copy, initdb is tried before anybody hears
 * of it.
 */
#include "pg/cluster.h"

#include <locale.h>
#include <stdio.h>

#include "base/child.h"
#include "base/file.h"
#include "pg/cluster_cache.h"
#include "pg/server_directory.h"

/* UTF-8 with the order of C, where the system has it: the same everywhere and fast. */
static const char *cluster_locale(void)
{
	const locale_t locale = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);

	if (locale == (locale_t)0)
		return "--locale=C";
	freelocale(locale);
	return "--locale=C.UTF-8";
}

/* What is thrown away does with small files of its log; there are fewer bytes to copy. */
static const char *const *initdb_options(const struct cluster_place *place, struct arena *arena)
{
	const char *const options[] = {"-U",
	                               CLUSTER_SUPERUSER,
	                               "--auth=trust",
	                               "-E",
	                               "UTF8",
	                               cluster_locale(),
	                               place->is_fast ? "--wal-segsize=1" : NULL,
	                               "--no-sync",
	                               NULL};
	const char **copy = arena_array(arena, const char *, sizeof(options) / sizeof(*options));

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		copy[i] = options[i];
	return copy;
}

static bool run_initdb(const struct cluster_place *place, const char *const *options, const char *data,
                       struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char **argv = NULL;
	size_t count = 0;
	struct child_result result;

	*ARENA_PUSH(&arena, argv, count) = path_join(&arena, place->programs.directory, "initdb");
	*ARENA_PUSH(&arena, argv, count) = "-D";
	*ARENA_PUSH(&arena, argv, count) = data;
	while (*options)
		*ARENA_PUSH(&arena, argv, count) = *options++;
	*ARENA_PUSH(&arena, argv, count) = NULL;
	const struct child_options child = {.argv = argv, .user = place->user, .directory = "/", .capture = true};
	return child_must_run(&child, &arena, &result, err);
}

/* A copy that came to nothing is in the way of initdb. */
static bool make(const struct cluster_place *place, const struct cluster_cache *cache,
                 const char *const *options, bool *is_copy, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *made = path_join(&arena, place->home, "data.new");

	*is_copy = cache && cluster_cache_take(cache, made);
	if (*is_copy)
		return true;
	if (!server_directory_remove_entry(place->home, "data.new", place->user, err) ||
	    !run_initdb(place, options, made, err))
		return false;
	if (cache)
		cluster_cache_keep(cache, made);
	return true;
}

/* Made beside and renamed, so that a cluster that is there is whole. */
static bool make_beside(const struct cluster_place *place, const struct cluster_cache *cache,
                        const char *const *options, bool *is_copy, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *data = path_join(&arena, place->home, "data");

	if (!server_directory_remove_entry(place->home, "data.new", place->user, err) ||
	    !make(place, cache, options, is_copy, err))
		return false;
	if (rename(path_join(&arena, place->home, "data.new"), data) < 0)
		return error_set(err, ERROR_STORAGE, "could not create \"%s\": %m", data);
	return true;
}

bool cluster_create(const struct cluster_place *place, bool *is_copy, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_cluster_cache struct cluster_cache cache = {0};
	const char *const *options = initdb_options(place, &arena);

	if (place->is_fast)
		cluster_cache_open(&place->programs, options, place->user, &arena, &cache);
	return make_beside(place, place->is_fast ? &cache : NULL, options, is_copy, err);
}

bool cluster_create_again(const struct cluster_place *place, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_cluster_cache struct cluster_cache cache = {0};
	bool is_copy;

	cluster_cache_open(&place->programs, initdb_options(place, &arena), place->user, &arena, &cache);
	cluster_cache_forget(&cache);
	return server_directory_remove_entry(place->home, "data", place->user, err) &&
	       cluster_create(place, &is_copy, err);
}
