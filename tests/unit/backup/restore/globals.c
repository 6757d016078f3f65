#include "backup/restore/globals.h"

#include <string.h>

#include "test.h"

static const char recorded[] = "\\restrict abc\n"
                               "SET default_transaction_read_only = off;\n"
                               "CREATE ROLE app;\n"
                               "ALTER ROLE app WITH NOSUPERUSER LOGIN;\n"
                               "ALTER ROLE app SET search_path TO 'a; b';\n"
                               "ALTER ROLE app IN DATABASE other SET work_mem TO '1MB';\n"
                               "CREATE ROLE \"app two\";\n"
                               "ALTER ROLE \"app two\" WITH CREATEDB;\n"
                               "CREATE ROLE apple;\n"
                               "GRANT pg_monitor TO app WITH ADMIN OPTION GRANTED BY postgres;\n"
                               "GRANT app TO \"app two\";\n"
                               "\\unrestrict abc\n";

static const char *roles_of(const char *globals, const char *one, const char *two, struct arena *arena)
{
	struct buffer sql = {.arena = arena};
	struct error err = {0};

	CHECK(globals_roles(globals, (const char *const[]){one, two}, two ? 2 : 1, &sql, &err));
	return buffer_cstr(&sql);
}

TEST(globals_make_a_role_as_it_was)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(roles_of(recorded, "app", NULL, &arena),
	          "CREATE ROLE app;\nALTER ROLE app WITH NOSUPERUSER LOGIN;\n"
	          "ALTER ROLE app SET search_path TO 'a; b';\nGRANT pg_monitor TO app WITH ADMIN OPTION;\n");
}

TEST(globals_grant_when_all_roles_are_there)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(roles_of(recorded, "app two", "apple", &arena),
	          "CREATE ROLE \"app two\";\nALTER ROLE \"app two\" WITH CREATEDB;\nCREATE ROLE apple;\n"
	          "GRANT app TO \"app two\";\n");
}

TEST(globals_make_up_what_nobody_recorded)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(roles_of(recorded, "ap", NULL, &arena), "CREATE ROLE \"ap\";\n");
	CHECK_STR(roles_of(NULL, "say \"it\"", NULL, &arena), "CREATE ROLE \"say \"\"it\"\"\";\n");
}
