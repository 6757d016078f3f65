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

TEST(safe_url_shows_what_cannot_be_a_password)
{
	static const struct {
		const char *given;
		const char *safe;
	} rows[] = {
	    {"postgresql://u:secret@h:5432/d", "postgresql://u:***@h:5432/d"},
	    {"postgresql+asyncpg://u:secret@h/d", "postgresql+asyncpg://u:***@h/d"},
	    {"postgresql://u@h/d", "postgresql://u@h/d"},
	    {"postgresql://u%40x@h/d", "postgresql://u%40x@h/d"},
	    {"postgresql://u:@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://:secret@h/d", "postgresql://:***@h/d"},
	    {"postgresql://h:5432/d", "postgresql://h:5432/d"},
	    {"postgresql://h1:5432,h2:5433/d", "postgresql://h1:5432,h2:5433/d"},
	    {"postgresql://h1,h2/d", "postgresql://h1,h2/d"},
	    {"postgresql://[::1]:5432/d", "postgresql://[::1]:5432/d"},
	    {"postgresql://u:secret@[::1]:5432/d", "postgresql://u:***@[::1]:5432/d"},
	    {"postgresql://%2Frun%2Fpg/d", "postgresql://%2Frun%2Fpg/d"},
	    {"postgresql:///d?host=/run/pg", "postgresql:///d?host=/run/pg"},
	    {"postgresql://", "postgresql://"},
	    {"postgresql://u:sec#ret@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://u:sec:ret@h/d", "postgresql://u:***@h/d"},
	    {"postgresql://u:sec%40ret@h/d", "postgresql://u:***@h/d"},
	    /* what should have been encoded and was not: where the password ends is anybody's guess */
	    {"postgresql://u:sec@ret@h/d", "***"},
	    {"postgresql://u:sec/ret@h/d", "***"},
	    {"postgresql://u:sec?ret@h/d", "***"},
	    {"postgresql://u:12/34@h/d", "***"},
	    {"postgresql://u:12?sslmode=34@h/d", "***"},
	    {"postgresql://u:secret", "***"},
	    {"postgresql://u:99999/d", "***"},
	    {"postgresql://u secret@h/d", "***"},
	    {"postgresql://u%00secret@h/d", "postgresql://***@h/d"},
	    {"postgresql://u%3Asecret@h/d", "postgresql://***@h/d"},
	    {"postgresql://u%2Fsecret@h/d", "postgresql://***@h/d"},
	    {"postgresql://u%2525secret:x@h/d", "postgresql://***:***@h/d"},
	    {"postgresql://u%3Asecret%40h/d", "***"},
	    {"postgresql://h/u%3Asecret", "***"},
	    {"postgresql://h/d?user=u%3Asecret", "postgresql://h/d?user=***"},
	    {"postgresql://h/my%20db?application_name=my%20app",
	     "postgresql://h/my%20db?application_name=my%20app"},
	    {"host=h user=u%3Asecret", "host=h user=***"},
	    {"postgresql://h/d%00secret", "***"},
	    {"postgresql://h/d/secret", "***"},
	    {"postgresql://h/d secret", "***"},
	    {"postgresql://[secret/d", "***"},
	    {"postgresql://[::1]secret/d", "***"},
	    /* a scheme that is none */
	    {"postgres//u:secret@h/d", "***"},
	    {"postgres:/u:secret@h/d", "***"},
	    {"u:secret@h/d", "***"},
	    {"//u:secret@h/d", "***"},
	    {"mysql://u:secret@h/d", "***"},
	    {"\"postgresql://u:secret@h/d\"", "***"},
	    {"DATABASE_URL=postgresql://u:secret@h/d", "***"},
	    {"psql postgresql://u:secret@h/d", "***"},
	    /* in the query */
	    {"postgresql://h/d?password=secret", "postgresql://h/d?password=***"},
	    {"postgresql://h/d?user=u&password=secret&x=y", "postgresql://h/d?user=u&password=***&***"},
	    {"postgresql://u:a@h/d?sslpassword=secret", "postgresql://u:***@h/d?sslpassword=***"},
	    {"postgresql://h/d?PASSWORD=secret", "postgresql://h/d?***"},
	    {"postgresql://h/d?pass%77ord=secret", "postgresql://h/d?***"},
	    {"postgresql://h/d?passwrod=secret", "postgresql://h/d?***"},
	    {"postgresql://h/d?password=sec=ret", "postgresql://h/d?password=***"},
	    {"postgresql://h/d?password=sec?ret", "postgresql://h/d?password=***"},
	    {"postgresql://h/d?password=a&secret", "***"},
	    {"postgresql://h/d?host=u:secret", "postgresql://h/d?host=***"},
	    {"postgresql://h/d?options=-c%20x.y%3Dsecret", "postgresql://h/d?options=***"},
	    {"postgresql://h/d?application_name=x", "postgresql://h/d?application_name=x"},
	    /* keywords */
	    {"host=h password=secret dbname=d", "host=h password=*** dbname=d"},
	    {"password=secret", "password=***"},
	    {"host=h password='sec ret' dbname=d", "host=h password=*** dbname=d"},
	    {"password='sec\\'ret' dbname=d", "password=*** dbname=d"},
	    {"password=sec\\ ret dbname=d", "password=*** dbname=d"},
	    {"password = 'secret' dbname = d", "password=*** dbname=d"},
	    {"password='secret", "***"},
	    {"password=", "password="},
	    {"password=sec ret", "***"},
	    {"password=sec ret=x", "***"},
	    {"PASSWORD=secret", "***"},
	    {"passwrod=secret", "***"},
	    {"host=h, password=secret", "host=h, password=***"},
	    {"host=u:secret@h", "host=***"},
	    {"host=u:secret", "host=***"},
	    {"sslpassword=secret host=h", "sslpassword=*** host=h"},
	    {"dbname=postgresql://u:secret@h/d", "dbname=postgresql://u:***@h/d"},
	    {"dbname=postgresql://u:secret", "dbname=***"},
	    {"dbname='postgres//u:secret@h/d'", "dbname=***"},
	    {"passfile=/home/u/.pgpass", "passfile=/home/u/.pgpass"},
	    {"password: secret", "***"},
	    {"mydb", "mydb"},
	    {"schema/06_cache.sql", "schema/06_cache.sql"},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(settings_safe_url(&arena, rows[i].given), rows[i].safe);
	}
}

TEST(safe_text_shows_commands_without_their_secrets)
{
	static const struct {
		const char *given;
		const char *safe;
	} rows[] = {
	    {"./maintenance.sh on", "./maintenance.sh on"},
	    {"s3://bucket/prefix", "s3://bucket/prefix"},
	    {"https://backups.example.org:8443/rung/", "https://backups.example.org:8443/rung/"},
	    {"https://u:secret@example.org/", "***"},
	    {"https://example.org/?t=secret", "***"},
	    {"psql postgresql://u:secret@h/d -c x", "psql postgresql://u:***@h/d -c x"},
	    {"PGPASSWORD=secret psql -h h", "PGPASSWORD=*** psql -h h"},
	    {"tool --token s3kr1t --x", "tool --token *** --x"},
	    {"https://u:secret", "***"},
	    {"//u:secret/x", "***"},
	    {"secret@h", "***"},
	    {"curl -H Authorization: Bearer secret", "curl -H Authorization:*** *** ***"},
	    {"host=h password = secret", "host=h password *** ***"},
	    {"psql dbname='password=secret'", "psql dbname=***"},
	    {"team=shop env=prod", "team=shop env=prod"},
	    {"{number}_{slug}", "{number}_{slug}"},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(settings_safe_text(&arena, rows[i].given), rows[i].safe);
	}
}

TEST(text_that_gives_a_password_looks_like_a_url)
{
	CHECK(settings_looks_like_url("host=h password=secret"));
	CHECK(settings_looks_like_url("host=h PASSWORD = secret"));
	CHECK(settings_looks_like_url("password\t= secret"));
	CHECK(!settings_looks_like_url("password"));
	CHECK(!settings_looks_like_url("add the password column"));
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
	    {"host=h password='secret", "cannot use the connection string (flag): expected keyword=value"},
	    {"postgresql://u:secret@h/d%00",
	     "cannot use the database URL (flag): there is a %00 in it, which no value "
	     "can hold"},
	    {"postgres//u:secret@h/d", "cannot use the database URL (flag): it should start with postgresql://"},
	    {"u:secret@h/d", "cannot use the database URL (flag): it is neither "
	                     "postgresql://user:password@host/database, nor keyword=value, nor a name"},
	    {"\"postgresql://u:secret@h/d\"",
	     "cannot use the database URL (flag): it should start with postgresql://"},
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

static void set_prefix(const char *host, const char *name, const char *user)
{
	setenv("RUNG_TEST_DB_HOST", host, 1);
	setenv("RUNG_TEST_DB_NAME", name, 1);
	setenv("RUNG_TEST_DB_USER", user, 1);
}

static void clear_prefix(void)
{
	scoped_arena struct arena arena = {0};

	for (const char *const *name = url_prefix_names("RUNG_TEST_DB", &arena); *name; name++)
		unsetenv(*name);
}

static const char *from_prefix(struct arena *arena)
{
	const char *url;
	struct error err;

	CHECK(url_from_prefix("RUNG_TEST_DB", "rung.ini:2", arena, &url, &err));
	return url;
}

TEST(safe_url_shows_no_password_whatever_it_holds)
{
	unsigned seed = 1;

	set_prefix("h", "d", "u");
	for (size_t i = 0; i < 5000; i++) {
		scoped_arena struct arena arena = {0};
		char password[13];

		fill_password(password, sizeof(password) - 1, &seed);
		setenv("RUNG_TEST_DB_PASSWORD", password, 1);
		const char *uri = arena_printf(&arena, "postgresql://u:%s@h/d", password);
		const char *shown = settings_safe_url(&arena, uri);
		CHECK(strcmp(shown, "***") == 0 || strcmp(shown, "postgresql://u:***@h/d") == 0);
		CHECK_STR(settings_safe_url(&arena, from_prefix(&arena)),
		          "host='h' dbname='d' user='u' password=***");
	}
	clear_prefix();
}

TEST(url_from_prefix_quotes_any_password)
{
	scoped_arena struct arena arena = {0};

	CHECK(from_prefix(&arena) == NULL);
	set_prefix("db.example.org", "inventory", "deploy");
	setenv("RUNG_TEST_DB_PASSWORD", "p' \\ @:/?#%=&", 1);
	CHECK_STR(from_prefix(&arena),
	          "host='db.example.org' dbname='inventory' user='deploy' password='p\\' \\\\ @:/?#%=&'");
	CHECK_STR(settings_safe_url(&arena, from_prefix(&arena)),
	          "host='db.example.org' dbname='inventory' user='deploy' password=***");
	clear_prefix();
}

TEST(url_from_prefix_asks_for_host_name_and_user)
{
	static const struct {
		const char *host, *name, *user;
		const char *message;
	} rows[] = {
	    {"", "d", "u", "RUNG_TEST_DB_HOST is empty or not set"},
	    {"h", "", "u", "RUNG_TEST_DB_NAME is empty or not set"},
	    {"h", "d", "", "RUNG_TEST_DB_USER is empty or not set"},
	    {"h", "", "", "RUNG_TEST_DB_NAME, RUNG_TEST_DB_USER are empty or not set"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct error err = {0};
		const char *url;

		set_prefix(rows[i].host, rows[i].name, rows[i].user);
		CHECK_ROW(i, !url_from_prefix("RUNG_TEST_DB_", "rung.ini:2", &arena, &url, &err));
		CHECK_STR(err.message, rows[i].message);
		CHECK_ROW(i, err.kind == ERROR_CONFIG && strstr(err.hint, "rung.ini:2"));
		clear_prefix();
	}
}

TEST(take_secret_leaves_nothing_behind)
{
	scoped_arena struct arena arena = {0};
	char argument[] = "postgresql://u:secret@h/d";

	CHECK_STR(settings_take_secret(&arena, argument), "postgresql://u:secret@h/d");
	for (size_t i = 0; i < sizeof(argument); i++)
		CHECK(argument[i] == '\0');
}
