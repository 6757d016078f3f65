/*
 * A connection string means what libpq says it means, and libpq fills it up from the environment, from
 * service files and from defaults that it shows nobody. So no part of that is done again here:
 * PQconninfoParse() takes a string apart, and where the whole of it is asked, a connection is begun that
 * libpq fills up and then has to give up. PQconndefaults() would not do, it does not know which service the
 * string names.
 *
 * What libpq says about a bad string may quote it, and a part of it may be the password; with a wrong "/"
 * or "@" libpq takes that for a host or a port. Its words are therefore cut before the first quote, or not
 * told at all, and a host with characters that no host has is refused before anybody looks it up: the
 * resolver and its log would see it.
 *
 * What comes out is always keywords with quoted values, whatever went in, as a URI would have to be encoded
 * anew part by part.
 */
#include "pg/address.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "pg/libpq.h"

static void options_clear(PQconninfoOption **options)
{
	if (*options)
		libpq.conninfoFree(*options);
}
#define scoped_options SCOPED(options_clear)

static void connection_clear(PGconn **connection)
{
	if (*connection)
		libpq.finish(*connection);
}
#define scoped_connection SCOPED(connection_clear)

static bool parse(const char *conninfo, PQconninfoOption **out, struct error *err)
{
	char *words = NULL; /* may quote the password */

	if (!libpq_load(err))
		return false;
	*out = libpq.conninfoParse(conninfo, &words);
	libpq.freemem(words);
	if (*out)
		return true;
	error_set(err, ERROR_CONFIG, "could not understand the connection string");
	return error_hint(
	    err, "Expected \"postgresql://user@host/database\" or \"host=... dbname=...\"; special characters "
	         "in a URI are written as %%40 and so on.");
}

static void add(struct buffer *text, const char *keyword, const char *value)
{
	buffer_printf(text, "%s%s='", text->len ? " " : "", keyword);
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			buffer_char(text, '\\');
		buffer_char(text, *value);
	}
	buffer_char(text, '\'');
}

/* All that was said, without what is said under `but`. */
static char *written(const PQconninfoOption *options, const char *but, const char *value, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (; options->keyword; options++)
		if (options->val && strcmp(options->keyword, but) != 0)
			add(&text, options->keyword, options->val);
	if (value)
		add(&text, but, value);
	return buffer_cstr(&text);
}

static const char *find(const PQconninfoOption *options, const char *keyword)
{
	for (; options->keyword; options++)
		if (strcmp(options->keyword, keyword) == 0)
			return options->val;
	return NULL;
}

/* Only libpq knows all its defaults; a connection that is begun and dropped has them filled in. */
static bool ask_libpq(const char *conninfo, struct arena *arena, const char **out, struct error *err)
{
	scoped_connection PGconn *connection = libpq.connectStart(conninfo);
	const char *name = connection ? libpq.db(connection) : NULL;

	if (!name || !*name)
		return error_set(err, ERROR_CONFIG, "the connection string does not say which database");
	*out = arena_strdup(arena, name);
	return true;
}

/*
 * As `user`, where that is not NULL. An sslmode that there is not stops libpq after it has put all settings
 * together, before it connects.
 */
static const char *setting_as(const char *conninfo, const char *user, const char *keyword,
                              struct arena *arena)
{
	const char *const keywords[] = {"dbname", "sslmode", user ? "user" : NULL, NULL};
	const char *const values[] = {conninfo, "none of them", user, NULL};
	struct error ignored;
	scoped_connection PGconn *connection =
	    libpq_load(&ignored) ? libpq.connectStartParams(keywords, values, 1) : NULL;
	scoped_options PQconninfoOption *options = connection ? libpq.conninfo(connection) : NULL;
	const char *value = options ? find(options, keyword) : NULL;

	return value && *value ? arena_strdup(arena, value) : NULL;
}

const char *address_setting(const char *conninfo, const char *keyword, struct arena *arena)
{
	return setting_as(conninfo, NULL, keyword, arena);
}

/* A database that is called as the user we make up is one that nobody named. */
bool address_names_database(const char *conninfo)
{
	static const char nobody[] = "rung-asks-what-is-named";
	scoped_arena struct arena arena = {0};
	const char *database = setting_as(conninfo, nobody, "dbname", &arena);

	return database && strcmp(database, nobody) != 0;
}

bool address_database(const char *conninfo, struct arena *arena, const char **out, struct error *err)
{
	scoped_options PQconninfoOption *options = NULL;

	if (!parse(conninfo, &options, err))
		return false;
	const char *name = find(options, "dbname");
	if (!name || !*name)
		return ask_libpq(conninfo, arena, out, err);
	*out = arena_strdup(arena, name);
	return true;
}

static bool address_with(const char *conninfo, const char *keyword, const char *value, struct arena *arena,
                         const char **out, struct error *err)
{
	scoped_options PQconninfoOption *options = NULL;

	if (!parse(conninfo, &options, err))
		return false;
	*out = written(options, keyword, value, arena);
	return true;
}

bool address_with_database(const char *conninfo, const char *database, struct arena *arena, const char **out,
                           struct error *err)
{
	return address_with(conninfo, "dbname", database, arena, out, err);
}

bool address_with_user(const char *conninfo, const char *user, struct arena *arena, const char **out,
                       struct error *err)
{
	return address_with(conninfo, "user", user, arena, out, err);
}

/* libpq marks what is not to be shown to anybody. */
static bool is_secret(const PQconninfoOption *option)
{
	return option->dispchar && *option->dispchar == '*';
}

static bool check_secrets(const PQconninfoOption *options, struct error *err)
{
	for (; options->keyword; options++) {
		if (!options->val || !is_secret(options) || strcmp(options->keyword, "password") == 0)
			continue;
		error_set(err, ERROR_CONFIG,
		          "cannot hand \"%s\" to PostgreSQL's programs: everybody here could read it",
		          options->keyword);
		return error_hint(err, "Leave it out of the connection string, and name a client key without a "
		                       "passphrase (sslkey) that only you can read: mode 0600.");
	}
	return true;
}

/* As in session_open(); what the string says itself stays. */
static const char *with_keepalives(const char *address, const PQconninfoOption *options, struct arena *arena)
{
	static const struct {
		const char *keyword, *value;
	} usual[] = {{"keepalives_idle", "30"},
	             {"keepalives_interval", "10"},
	             {"keepalives_count", "3"},
	             {"tcp_user_timeout", "60000"}};

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (!find(options, usual[i].keyword))
			address = arena_printf(arena, "%s %s=%s", address, usual[i].keyword, usual[i].value);
	return address;
}

bool address_for_program(const char *conninfo, struct arena *arena, const char **out, const char **password,
                         struct error *err)
{
	scoped_options PQconninfoOption *options = NULL;

	if (!parse(conninfo, &options, err) || !check_secrets(options, err))
		return false;
	const char *secret = find(options, "password") ? find(options, "password") : getenv("PGPASSWORD");
	*password = secret ? arena_strdup(arena, secret) : NULL;
	*out = with_keepalives(written(options, "password", NULL, arena), options, arena);
	return true;
}

/* What libpq says before it quotes anything. */
static bool refused(const char *words, struct error *err)
{
	const struct str told =
	    str_trim(str_slice(str_of(words ? words : ""), 0, strcspn(words ? words : "", "\":")));

	error_set(err, ERROR_CONFIG, "cannot use the connection string");
	if (told.len)
		error_detail(
		    err,
		    "libpq does not accept it: %.*s. What it says is wrong is left out here: it may hold a password.",
		    STR_ARGS(told));
	return error_hint(
	    err, "Expected \"postgresql://user@host/database\" or \"host=... dbname=...\"; special characters "
	         "in a URI are written as %%40 and so on. \"rung config\" shows where it came from.");
}

/* What the string says, or else the environment. */
static const char *find_or_default(const PQconninfoOption *options, const char *keyword, const char *variable)
{
	const char *value = options ? find(options, keyword) : NULL;

	return value ? value : getenv(variable);
}

/* A part of a password that was taken for a host would be told by the code that looks it up. */
static bool check_hosts(const char *hosts, struct error *err)
{
	struct str rest = str_of(hosts ? hosts : "");
	struct str host;

	while (str_split_next(&rest, ',', &host))
		for (size_t i = 1; host.text[0] != '/' && i < host.len; i++)
			if (strchr("=;@\"'<>{}()|&*!#$?\\ \t", host.text[i]))
				return refused("a host name has invalid characters", err);
	return true;
}

bool address_check(const char *conninfo, struct error *err)
{
	scoped_options PQconninfoOption *options = NULL;
	char *words = NULL;

	if (!libpq_load(err))
		return false;
	/* A name alone is a database's. */
	if (strpbrk(conninfo, "=:/"))
		options = libpq.conninfoParse(conninfo, &words);
	const bool is_good = !words || refused(words, err);
	libpq.freemem(words);
	return is_good && check_hosts(find_or_default(options, "host", "PGHOST"), err);
}

bool address_is_pooled(const char *conninfo, struct arena *arena, const char **host, const char **direct)
{
	static const char mark[] = "-pooler.";
	scoped_options PQconninfoOption *options = NULL;
	struct error ignored;

	if (!parse(conninfo, &options, &ignored))
		return false;
	const char *name = find(options, "host");
	const char *found = name && name[0] != '/' ? strstr(name, mark) : NULL;
	if (!found)
		return false;
	*host = arena_strdup(arena, name);
	*direct = arena_printf(arena, "%.*s.%s", (int)(found - name), name, found + strlen(mark));
	return true;
}
