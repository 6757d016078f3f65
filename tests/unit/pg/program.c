#include "pg/program.h"

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
