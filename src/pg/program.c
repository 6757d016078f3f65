/*
 * Which version a program is only the program itself says. Names of directories differ between
 * distributions, and /usr/bin of Debian has wrappers that choose a version when they run. So candidates are
 * started with --version, in the order of the places, and the search ends when nothing nearer can come.
 *
 * All programs of a wish are taken from one directory: an initdb and a postgres of different versions make
 * a cluster that does not start. pg_dump refuses servers newer than itself and reads older ones, which is
 * why newer is nearer than older.
 */
#include "pg/program.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/file.h"

/* Debian and Ubuntu, Red Hat's PGDG, Alpine, Homebrew on ARM and Intel, by hand. */
static const char *const usual_places[] = {
    "/usr/lib/postgresql/*/bin",      "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",       "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin", "/usr/local/pgsql/bin",
};

struct place_list {
	const char **items;
	size_t count;
};

static void add(struct place_list *places, struct arena *arena, const char *directory)
{
	for (size_t i = 0; i < places->count; i++)
		if (strcmp(places->items[i], directory) == 0)
			return;
	*ARENA_PUSH(arena, places->items, places->count) = arena_strdup(arena, directory);
}

static void add_pattern(struct place_list *places, struct arena *arena, const char *pattern)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			add(places, arena, found.gl_pathv[i]);
	globfree(&found);
}

static void add_path(struct place_list *places, struct arena *arena)
{
	const char *path = getenv("PATH");
	struct str rest = str_of(path ? path : "");
	struct str part;

	while (str_split_next(&rest, ':', &part))
		if (str_starts(part, "/"))
			add(places, arena, str_copy(arena, part));
}

static struct place_list places_to_look(const struct program_wish *wish, struct arena *arena)
{
	struct place_list places = {0};

	if (wish->bindir) {
		add(&places, arena, wish->bindir);
		return places;
	}
	for (size_t i = 0; i < sizeof(usual_places) / sizeof(*usual_places); i++)
		add_pattern(&places, arena, usual_places[i]);
	add_path(&places, arena);
	return places;
}

static bool holds_all(const char *directory, const char *const *names, struct arena *arena)
{
	for (; *names; names++)
		if (access(path_join(arena, directory, *names), X_OK) < 0)
			return false;
	return true;
}

int program_major(struct str words)
{
	const struct str mark = STR("(PostgreSQL) ");

	for (size_t i = 0; i + mark.len < words.len; i++)
		if (str_starts(str_slice(words, i, words.len), mark.text))
			return (int)strtol(words.text + i + mark.len, NULL, 10);
	return 0;
}

static bool ask_version(const char *program, struct arena *arena, int *major, struct error *err)
{
	const struct child_options options = {.argv = (const char *const[]){program, "--version", NULL},
	                                      .capture = true};
	struct child_result result;

	*major = 0;
	if (!child_run(&options, arena, &result, err))
		return false;
	if (result.exit_code == 0)
		*major = program_major(result.output);
	return true;
}

static bool will_do(const struct program_wish *wish, int major)
{
	return major > 0 && (!wish->least_major || major >= wish->least_major) &&
	       (!wish->most_major || major <= wish->most_major);
}

/* The distance to the server; whatever is older comes after whatever is newer. */
static int distance(const struct program_wish *wish, int major)
{
	enum { OLDER = 1000 };

	if (!wish->server_major)
		return -major;
	return major >= wish->server_major ? major - wish->server_major : OLDER + wish->server_major - major;
}

static bool is_anywhere(const struct place_list *places, const char *name, struct arena *arena)
{
	const char *const one[] = {name, NULL};

	for (size_t i = 0; i < places->count; i++)
		if (holds_all(places->items[i], one, arena))
			return true;
	return false;
}

/* The first that is nowhere; where each is somewhere, but not beside the others, the first of all. */
static const char *missing(const struct program_wish *wish, const struct place_list *places,
                           struct arena *arena)
{
	for (size_t i = 0; wish->names[i]; i++)
		if (!is_anywhere(places, wish->names[i], arena))
			return wish->names[i];
	return wish->names[0];
}

static bool not_found(const struct program_wish *wish, const char *name, int seen, struct error *err)
{
	if (wish->least_major)
		error_set(err, ERROR_CONFIG, "could not find \"%s\" of PostgreSQL %d%s", name, wish->least_major,
		          wish->most_major == wish->least_major ? "" : " or newer");
	else
		error_set(err, ERROR_CONFIG, "could not find \"%s\"", name);
	if (seen)
		error_detail(err, "The newest one found is of PostgreSQL %d.", seen);
	if (wish->bindir)
		return error_hint(err, "\"%s\" was named as its directory; is it the right one?", wish->bindir);
	return error_hint(err, "Install %s, or say where it is with --pg-bindir.", wish->package);
}

bool program_find(const struct program_wish *wish, struct arena *arena, struct program_place *out,
                  struct error *err)
{
	const struct place_list places = places_to_look(wish, arena);
	struct program_place best = {0};
	int seen = 0;

	for (size_t i = 0; i < places.count; i++) {
		int major;

		if (!holds_all(places.items[i], wish->names, arena))
			continue;
		if (!ask_version(path_join(arena, places.items[i], wish->names[0]), arena, &major, err))
			return false;
		if (major > seen)
			seen = major;
		if (will_do(wish, major) && (!best.directory || distance(wish, major) < distance(wish, best.major)))
			best = (struct program_place){places.items[i], major};
		/* Nothing is nearer, and Debian's wrapper in /usr/bin takes its time to say what it would start. */
		if (best.directory && distance(wish, best.major) == 0)
			break;
	}
	if (!best.directory)
		return not_found(wish, missing(wish, &places, arena), seen, err);
	*out = best;
	return true;
}
