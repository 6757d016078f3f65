/*
 * A connection is begun to an address that is none. libpq judges all other
 * parameters first, so when its complaint is about that address, there is
 * nothing else to complain of; nothing is sent in either case. Which parameter
 * it was is found the same way, putting one harmless value after the other.
 */
#include "pg/option_check.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/buffer.h"
#include "base/scope.h"
#include "pg/address.h"
#include "pg/libpq.h"

/* Never an address, and never part of what anybody writes. */
static const char no_address[] = "rung-asks-whether-all-else-is-good";

static bool is_whole_number(const char *value);
static bool is_address(const char *value);
static bool is_host(const char *value);

static const struct parameter {
	const char *keyword;
	const char *variable;
	const char *harmless; /* a value that is good */
	const char *expected;
	bool (*is_good)(const char *value); /* instead, where libpq looks at it too late; of each in a list */
} parameters[] = {
    {"port", "PGPORT", "5432", "a number from 1 to 65535; for several hosts one number, or one for each",
     NULL},
    {"sslmode", "PGSSLMODE", "verify-full",
     "disable, allow, prefer, require, verify-ca or verify-full (the last one with sslrootcert=system)",
     NULL},
    {"target_session_attrs", "PGTARGETSESSIONATTRS", "any",
     "any, read-write, read-only, primary, standby or prefer-standby", NULL},
    {"channel_binding", "PGCHANNELBINDING", "prefer", "disable, prefer or require", NULL},
    {"gssencmode", "PGGSSENCMODE", "disable", "disable, prefer or require, as far as libpq was built with it",
     NULL},
    {"ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION", "TLSv1", "TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3",
     NULL},
    {"ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", "TLSv1.3",
     "TLSv1.3 or TLSv1.2, and not below ssl_min_protocol_version", NULL},
    {"sslcertmode", "PGSSLCERTMODE", "allow", "disable, allow or require", NULL},
    {"sslnegotiation", "PGSSLNEGOTIATION", "postgres",
     "postgres or direct (with sslmode=require or stricter)", NULL},
    {"load_balance_hosts", "PGLOADBALANCEHOSTS", "disable", "disable or random", NULL},
    {"require_auth", "PGREQUIREAUTH", "password", "methods such as scram-sha-256, separated by commas", NULL},
    {"min_protocol_version", "PGMINPROTOCOLVERSION", "3.0", "3.0, 3.2 or latest", NULL},
    {"max_protocol_version", "PGMAXPROTOCOLVERSION", "latest", "3.0, 3.2 or latest", NULL},
    {"hostaddr", "PGHOSTADDR", NULL, "an IPv4 or IPv6 address; names belong in \"host\"", is_address},
    {"host", "PGHOST", NULL, "names, or the directory of a socket with a path of less than 90 bytes",
     is_host},
    {"connect_timeout", "PGCONNECT_TIMEOUT", NULL, "a number of seconds", is_whole_number},
    {"keepalives", NULL, NULL, "0 or 1", is_whole_number},
    {"keepalives_idle", NULL, NULL, "a number of seconds", is_whole_number},
    {"keepalives_interval", NULL, NULL, "a number of seconds", is_whole_number},
    {"keepalives_count", NULL, NULL, "a number", is_whole_number},
    {"tcp_user_timeout", NULL, NULL, "a number of milliseconds", is_whole_number},
};

enum { PARAMETER_COUNT = sizeof(parameters) / sizeof(*parameters) };

static void connection_clear(PGconn **connection)
{
	if (*connection)
		libpq.finish(*connection);
}
#define scoped_connection SCOPED(connection_clear)

static void options_clear(PQconninfoOption **options)
{
	if (*options)
		libpq.conninfoFree(*options);
}

/* --- trying ------------------------------------------------------------------- */

static PGconn *begin(const char *conninfo, const char *addresses, const struct parameter *with)
{
	const char *const keywords[] = {"dbname", "hostaddr", with ? with->keyword : NULL, NULL};
	const char *const values[] = {conninfo, addresses, with ? with->harmless : NULL, NULL};

	return libpq.connectStartParams(keywords, values, 1);
}

/* Defaults, variables and services included; a port 0 ends it before any host is looked at. */
static PQconninfoOption *read_options(const char *conninfo)
{
	const char *const keywords[] = {"dbname", "port", NULL};
	const char *const values[] = {conninfo, "0", NULL};
	scoped_connection PGconn *connection = libpq.connectStartParams(keywords, values, 1);

	return connection ? libpq.conninfo(connection) : NULL;
}

/* Out of memory is not the fault of a parameter. */
static bool is_accepted(const char *conninfo, const char *addresses, const struct parameter *with)
{
	scoped_connection PGconn *connection = begin(conninfo, addresses, with);

	return !connection || libpq.status(connection) != CONNECTION_BAD ||
	       strstr(libpq.errorMessage(connection), no_address);
}

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
	for (; options && options->keyword; options++)
		if (strcmp(options->keyword, keyword) == 0)
			return options->val;
	return NULL;
}

/* --- what it says --------------------------------------------------------------- */

static size_t count_listed(const char *list)
{
	size_t count = 1;

	for (; list && *list; list++)
		count += *list == ',';
	return count;
}

/* As many as there are hosts. */
static const char *no_addresses(const PQconninfoOption *options, struct arena *arena)
{
	const size_t hosts = count_listed(value_of(options, "host"));
	const size_t addresses = count_listed(value_of(options, "hostaddr"));
	struct buffer list = {.arena = arena};

	for (size_t i = 0; i < hosts || i < addresses; i++)
		buffer_printf(&list, "%s%s", i ? "," : "", no_address);
	return buffer_cstr(&list);
}

static bool is_whole_number(const char *value)
{
	char *end;

	strtol(value, &end, 10);
	return end != value && str_trim(str_of(end)).len == 0;
}

static bool is_address(const char *value)
{
	const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST};
	struct addrinfo *found = NULL;

	if (!*value)
		return true;
	const bool is_good = getaddrinfo(value, NULL, &numeric, &found) == 0;
	if (is_good)
		freeaddrinfo(found);
	return is_good;
}

/* The directory of a socket must leave room for its name. */
static bool is_host(const char *value)
{
	static const struct sockaddr_un address;

	return value[0] != '/' || strlen(value) + strlen("/.s.PGSQL.65535") < sizeof(address.sun_path);
}

static bool all_are(const char *list, bool (*is_good)(const char *value))
{
	scoped_arena struct arena arena = {0};
	struct str rest = str_of(list);
	struct str value;

	while (str_split_next(&rest, ',', &value))
		if (!is_good(str_copy(&arena, value)))
			return false;
	return true;
}

/* What libpq looks at too late, when it is about to speak to a server. */
static const struct parameter *find_bad(const PQconninfoOption *options)
{
	for (size_t i = 0; i < PARAMETER_COUNT; i++) {
		const char *value = value_of(options, parameters[i].keyword);

		if (parameters[i].is_good && value && *value && !all_are(value, parameters[i].is_good))
			return &parameters[i];
	}
	return NULL;
}

static const struct parameter *find_refused(const char *conninfo, const char *addresses)
{
	for (size_t i = 0; i < PARAMETER_COUNT; i++)
		if (!parameters[i].is_good && is_accepted(conninfo, addresses, &parameters[i]))
			return &parameters[i];
	return NULL;
}

/* --- saying it ------------------------------------------------------------------ */

static bool refuse(const struct parameter *parameter, struct error *err)
{
	error_set(err, ERROR_CONFIG, "cannot connect: the value of \"%s\" is not valid", parameter->keyword);
	return error_hint(err, "Expected %s. It is in the connection string%s%s, or in a service file.",
	                  parameter->expected, parameter->variable ? ", in " : "",
	                  parameter->variable ? parameter->variable : "");
}

static bool refuse_all(const char *conninfo, struct error *err)
{
	if (!address_check(conninfo, err))
		return false;
	error_set(err, ERROR_CONFIG, "cannot connect: libpq refuses the parameters of the connection");
	return error_hint(err,
	                  "Check their names and values in the connection string, the PG... variables and the "
	                  "service file. They are not shown here, as one may hold a password.");
}

bool option_check(const char *conninfo, struct error *err)
{
	if (!libpq_load(err))
		return false;
	SCOPED(options_clear) PQconninfoOption *options = read_options(conninfo);
	scoped_arena struct arena arena = {0};
	const char *addresses = no_addresses(options, &arena);
	const struct parameter *wrong = find_bad(options);

	if (!wrong && is_accepted(conninfo, addresses, NULL))
		return true;
	if (!wrong)
		wrong = find_refused(conninfo, addresses);
	return wrong ? refuse(wrong, err) : refuse_all(conninfo, err);
}
