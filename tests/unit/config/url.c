#include "config/url.h"

#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "test.h"

TEST(url_for_libpq_understands_other_clients)
{
	static const struct {
		const char *given;
		const char *libpq;
	} rows[] = {
	    {"postgresql://u:p@h/d", "postgresql://u:p@h/d"},
	    {"postgres://u:p@h/d", "postgresql://u:p@h/d"},
	    {" postgres://h/d\n", "postgresql://h/d"},
	    {"postgresql+asyncpg://u:p%40x@h:5/d", "postgresql://u:p%40x@h:5/d"},
	    {"postgres+psycopg2://h", "postgresql://h"},
	    {"POSTGRESQL+psycopg://h", "postgresql://h"},
	    {"jdbc:postgresql://h/d?user=u&password=p", "postgresql://h/d?user=u&password=p"},
	    {"postgresql+asyncpg://h/d?ssl=require", "postgresql://h/d?sslmode=require"},
	    {"postgresql://h/d?ssl=true&x=y", "postgresql://h/d?sslmode=require&x=y"},
	    {"postgresql://h/d?pgbouncer=true&connection_limit=1", "postgresql://h/d"},
	    {"postgresql://h/d?pgbouncer=true&sslmode=verify-full", "postgresql://h/d?sslmode=verify-full"},
	    {"postgresql:///d?host=/run/pg", "postgresql:///d?host=/run/pg"},
	    {"host=h dbname=d password='x y'", "host=h dbname=d password='x y'"},
	    {"mydb", "mydb"},
	    {"mysql://h/d", "mysql://h/d"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(url_for_libpq(&arena, rows[i].given), rows[i].libpq);
	}
}

TEST(safe_url_hides_every_password_and_little_else)
{
	static const struct {
		const char *given;
		const char *safe;
	} rows[] = {
	    {"postgresql://u:secret@h:5432/d", "postgresql://u:***@h:5432/d"},
	    {"postgresql+asyncpg://u:secret@h/d", "postgresql+asyncpg://u:***@h/d"},
	    {"postgresql://u@h/d", "postgresql://u@h/d"},
	    {"postgresql://u:@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://:secret@h/d", "postgresql://:***@h/d"},
	    {"postgresql://h:5432/d", "postgresql://h:5432/d"},
	    {"postgresql://h1:5432,h2:5433/d", "postgresql://h1:5432,h2:5433/d"},
	    {"postgresql://h1,h2/d", "postgresql://h1,h2/d"},
	    {"postgresql://[::1]:5432/d", "postgresql://[::1]:5432/d"},
	    {"postgresql://u:secret@[::1]:5432/d", "postgresql://u:***@[::1]:5432/d"},
	    {"postgresql:///d?host=/run/pg", "postgresql:///d?host=/run/pg"},
	    /* what should have been encoded and was not */
	    {"postgresql://u:sec@ret@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://u:sec/ret@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://u:sec?ret@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://u:sec#ret@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://u:sec:ret@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://u:secret", "postgresql://u:***"},
	    {"postgresql://u:sec%40ret@h/d", "postgresql://u:***@h/d"},
	    /* in the query */
	    {"postgresql://h/d?password=secret", "postgresql://h/d?password=***"},
	    {"postgresql://h/d?user=u&password=secret&x=y", "postgresql://h/d?user=u&password=***&x=y"},
	    {"postgresql://u:a@h/d?sslpassword=secret", "postgresql://u:***@h/d?sslpassword=***"},
	    {"postgresql://h/d?PASSWORD=secret", "postgresql://h/d?PASSWORD=***"},
	    {"postgresql://h/d?pass%77ord=secret", "postgresql://h/d?pass%77ord=***"},
	    {"postgresql://h/d?application_name=x", "postgresql://h/d?application_name=x"},
	    /* keywords */
	    {"host=h password=secret dbname=d", "host=h password=*** dbname=d"},
	    {"password=secret", "password=***"},
	    {"host=h password='sec ret' dbname=d", "host=h password=*** dbname=d"},
	    {"password='sec\\'ret' dbname=d", "password=*** dbname=d"},
	    {"password=sec\\ ret dbname=d", "password=*** dbname=d"},
	    {"password = 'secret' dbname = d", "password = *** dbname = d"},
	    {"password='secret", "password=***"},
	    {"password=", "password="},
	    {"sslpassword=secret host=h", "sslpassword=*** host=h"},
	    {"dbname=postgresql://u:secret@h/d", "dbname=postgresql://u:***@h/d"},
	    {"passfile=/home/u/.pgpass", "passfile=/home/u/.pgpass"},
	    {"mydb", "mydb"},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(settings_safe_url(&arena, rows[i].given), rows[i].safe);
	}
}

TEST(url_check_says_what_libpq_would_say_with_the_password)
{
	static const struct {
		const char *url;
		const char *message; /* NULL: fine */
	} rows[] = {
	    {"postgresql://u:p@h:5432/d?sslmode=require", NULL},
	    {"postgresql://u:p%40x@h/d", NULL},
	    {"postgresql://u:p?x@h/d", NULL},
	    {"postgresql://h:5432/d?user=u@x", NULL},
	    {"postgresql://h1:1,h2:2/d?user=u@x", NULL},
	    {"postgresql://[::1]:5/d?user=u@x", NULL},
	    {"postgresql:///d?host=/run/pg", NULL},
	    {"postgresql://", NULL},
	    {"host=h password='a b' dbname = d", NULL},
	    {" dbname=d ", NULL},
	    {"password=", NULL},
	    {"mydb", NULL},
	    {"", NULL},
	    {"postgresql://u:sec%ret@h/d", "cannot use the database URL (flag): a % in it is not followed by two "
	                                   "hexadecimal digits"},
	    {"postgresql://u:secret%@h/d", "cannot use the database URL (flag): a % in it is not followed by two "
	                                   "hexadecimal digits"},
	    {"postgresql://u:sec@ret@h/d",
	     "cannot use the database URL (flag): an @ in its password is not encoded"},
	    {"postgresql://u:sec/ret@h/d",
	     "cannot use the database URL (flag): a / in its password is not encoded"},
	    {"mysql://u:secret@h/d", "cannot use the database URL (flag): it should start with postgresql://"},
	    {"host=h password=sec ret", "cannot use the connection string (flag): expected keyword=value"},
	    {"host=h password=sec ret dbname=d",
	     "cannot use the connection string (flag): expected keyword=value"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = {0};
		const bool is_fine = url_check(rows[i].url, "flag", &err);

		CHECK_ROW(i, is_fine == !rows[i].message);
		CHECK_STR(err.message, rows[i].message ? rows[i].message : "");
	}
}

/* Any printable text; the same at every run. */
static void fill_password(char *password, size_t len, unsigned *seed)
{
	for (size_t i = 0; i < len; i++) {
		*seed = *seed * 1103515245 + 12345;
		password[i] = (char)('!' + (*seed >> 16) % ('~' - '!' + 1));
	}
	password[len] = '\0';
}

TEST(safe_url_shows_no_password_whatever_it_holds)
{
	unsigned seed = 1;

	for (size_t i = 0; i < 5000; i++) {
		scoped_arena struct arena arena = {0};
		char password[13];

		fill_password(password, sizeof(password) - 1, &seed);
		setenv("RUNG_TEST_DB_PASSWORD", password, 1);
		const char *uri = arena_printf(&arena, "postgresql://u:%s@h/d", password);
		const char *keywords = arena_printf(&arena, "%s dbname=d", url_from_prefix(&arena, "RUNG_TEST_DB"));
		CHECK_STR(settings_safe_url(&arena, uri), "postgresql://u:***@h/d");
		CHECK_STR(settings_safe_url(&arena, keywords), "password=*** dbname=d");
	}
	unsetenv("RUNG_TEST_DB_PASSWORD");
}

TEST(url_from_prefix_quotes_any_password)
{
	scoped_arena struct arena arena = {0};

	CHECK(url_from_prefix(&arena, "RUNG_TEST_DB") == NULL);
	setenv("RUNG_TEST_DB_HOST", "db.example.org", 1);
	setenv("RUNG_TEST_DB_NAME", "inventory", 1);
	setenv("RUNG_TEST_DB_PASSWORD", "p' \\ @:/?#%=&", 1);
	CHECK_STR(url_from_prefix(&arena, "RUNG_TEST_DB"),
	          "host='db.example.org' dbname='inventory' password='p\\' \\\\ @:/?#%=&'");
	CHECK_STR(url_from_prefix(&arena, "RUNG_TEST_DB_"), url_from_prefix(&arena, "RUNG_TEST_DB"));
	CHECK_STR(settings_safe_url(&arena, url_from_prefix(&arena, "RUNG_TEST_DB")),
	          "host='db.example.org' dbname='inventory' password=***");
	unsetenv("RUNG_TEST_DB_HOST");
	unsetenv("RUNG_TEST_DB_NAME");
	unsetenv("RUNG_TEST_DB_PASSWORD");
}

TEST(take_secret_leaves_nothing_behind)
{
	scoped_arena struct arena arena = {0};
	char argument[] = "postgresql://u:secret@h/d";

	CHECK_STR(settings_take_secret(&arena, argument), "postgresql://u:secret@h/d");
	for (size_t i = 0; i < sizeof(argument); i++)
		CHECK(argument[i] == '\0');
}
