#include "pg/address.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

TEST(address_names_another_database_on_the_same_server)
{
	static const char *const rows[] = {
	    "postgresql://ann@db.example.org:5433/shop?sslmode=require",
	    "host=/tmp dbname=shop",
	    "",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct error err = {0};
		const char *out = NULL;
		const char *name = NULL;

		CHECK_ROW(i, address_with_database(rows[i], "o'thers", &arena, &out, &err));
		CHECK_ROW(i, address_database(out, &arena, &name, &err) && strcmp(name, "o'thers") == 0);
	}
}

TEST(address_lets_go_of_the_password)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	const char *out = NULL;
	const char *password;

	CHECK(address_for_program("postgresql://ann:s%40crt@db/shop", &arena, &out, &password, &err));
	CHECK_STR(password, "s@crt");
	CHECK(!strstr(out, "s@crt"));
	CHECK(address_for_program("dbname=shop", &arena, &out, &password, &err));
	CHECK(!password);
}

TEST(address_for_a_program_notices_a_dead_line_and_keeps_what_was_said)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	const char *out = NULL;
	const char *password;

	CHECK(address_for_program("dbname=shop keepalives_idle=7", &arena, &out, &password, &err));
	CHECK(strstr(out, "keepalives_idle='7'") && !strstr(out, "keepalives_idle=30"));
	CHECK(strstr(out, "tcp_user_timeout=60000"));
}

TEST(address_for_a_program_refuses_the_passphrase_of_a_key)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	const char *out = NULL;
	const char *password;

	CHECK(!address_for_program("dbname=shop sslpassword=hush", &arena, &out, &password, &err));
	CHECK(err.kind == ERROR_CONFIG && strstr(err.message, "\"sslpassword\"") && strstr(err.hint, "0600"));
	CHECK(!strstr(err.message, "hush") && !strstr(err.detail, "hush"));
}

TEST(address_errors_do_not_repeat_the_password)
{
	scoped_arena struct arena arena = {0};
	struct error err = {0};
	const char *out = NULL;

	CHECK(!address_database("postgresql://ann:secret%zz@db/shop", &arena, &out, &err));
	CHECK(!strstr(err.message, "secret") && !strstr(err.detail, "secret"));
}

TEST(address_setting_is_what_libpq_would_take)
{
	scoped_arena struct arena arena = {0};

	CHECK(!address_setting("dbname=shop", "options", &arena));
	CHECK_STR(address_setting("dbname=shop options='-c a=1'", "options", &arena), "-c a=1");
	CHECK_STR(address_setting("postgresql://h/shop?options=-c%20a%3D1", "options", &arena), "-c a=1");
	setenv("PGOPTIONS", "-c b=2", 1);
	CHECK_STR(address_setting("dbname=shop", "options", &arena), "-c b=2");
	CHECK_STR(address_setting("options='-c a=1'", "options", &arena), "-c a=1");
	unsetenv("PGOPTIONS");
	CHECK(!address_setting("host=", "options", &arena));
}

TEST(address_recognises_a_hosted_pooler)
{
	static const struct {
		const char *conninfo;
		const char *direct; /* NULL: not a pooler's name */
	} rows[] = {
	    {"postgresql://ann:s@ep-cool-1-pooler.eu.aws.neon.tech/shop?sslmode=require",
	     "ep-cool-1.eu.aws.neon.tech"},
	    {"host=ep-cool-1-pooler.eu.aws.neon.tech hostaddr=127.0.0.1 dbname=shop",
	     "ep-cool-1.eu.aws.neon.tech"},
	    {"postgresql://ann@ep-cool-1.eu.aws.neon.tech/shop-pooler.", NULL},
	    {"host=/run/my-pooler.d dbname=shop", NULL},
	    {"postgresql://ann@carpooler.example.org/shop", NULL},
	    {"postgresql://ann:secret%zz@x-pooler.y/shop", NULL},
	    {"", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const char *host = NULL;
		const char *direct = NULL;

		CHECK_ROW(i, address_is_pooled(rows[i].conninfo, &arena, &host, &direct) == (rows[i].direct != NULL));
		if (rows[i].direct)
			CHECK_STR(direct, rows[i].direct);
	}
}
