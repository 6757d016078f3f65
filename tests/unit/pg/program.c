#include "pg/program.h"

#include <stdlib.h>
#include <unistd.h>

#include "test.h"

TEST(program_major_reads_what_every_packager_prints)
{
	static const struct {
		const char *words;
		int major;
	} rows[] = {
	    {"initdb (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n", 15},
	    {"postgres (PostgreSQL) 18beta2\n", 18},
	    {"pg_dump (PostgreSQL) 12.22\n", 12},
	    {"postgres (PostgreSQL) 17devel", 17},
	    {"something else 15", 0},
	    {"(PostgreSQL) ", 0},
	    {"", 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, program_major(str_of(rows[i].words)) == rows[i].major);
}

/* A directory with one of the two. */
TEST(program_that_is_missing_is_the_one_that_is_named)
{
	char directory[] = "/tmp/rung-programs-XXXXXX";
	scoped_arena struct arena arena = {0};
	struct program_place place;
	struct error err = {0};

	CHECK(mkdtemp(directory) != NULL);
	const char *path = arena_printf(&arena, "%s/pg_restore", directory);
	CHECK(symlink("/bin/true", path) == 0);
	const struct program_wish wish = {.names = (const char *const[]){"pg_restore", "psql", NULL},
	                                  .bindir = directory,
	                                  .package = "postgresql-client"};
	CHECK(!program_find(&wish, &arena, &place, &err));
	CHECK_STR(err.message, "could not find \"psql\"");
	unlink(path);
	CHECK(!program_find(&wish, &arena, &place, &err));
	CHECK_STR(err.message, "could not find \"pg_restore\"");
	rmdir(directory);
}
