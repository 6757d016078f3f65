/*
 * There is one at most: the command's own database. Servers give a client a minute to say who it is, and
 * poolers less: one that has waited for longer than a moment is not gone on with.
 */
#include "pg/connection_ahead.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "pg/connection_begin_internal.h"

enum { LASTS_MS = 3000 };

static struct {
	const struct session_options *options;
	struct beginning beginning;
	int64_t begun_at_ms;
} ahead;

/* Another one at most, which has been in use. */
static struct {
	PGconn *conn;
	char *conninfo;
} left;

static void pass_over(void *argument, const PGresult *result)
{
	(void)argument;
	(void)result;
}

static struct beginning begin(const struct session_options *options, const char *startup)
{
	/* What stands before dbname yields to what the conninfo says: a dead line is noticed within a minute. */
	const char *const keywords[] = {"fallback_application_name", "keepalives_idle",  "keepalives_interval",
	                                "keepalives_count",          "tcp_user_timeout", "dbname",
	                                "client_encoding",           "options",          NULL};
	const char *const values[] = {options->application_name, "30",   "10",    "3", "60000",
	                              options->conninfo,         "UTF8", startup, NULL};

	struct beginning beginning = {libpq.connectStartParams(keywords, values, 1), PGRES_POLLING_WRITING};
	libpq.setErrorVerbosity(beginning.conn, PQERRORS_VERBOSE); /* for connect_failure.c */
	return beginning;
}

static bool is_under_way(const struct beginning *beginning)
{
	return libpq.status(beginning->conn) != CONNECTION_BAD && beginning->next != PGRES_POLLING_FAILED;
}

/* Whether libpq can go on without waiting. */
static bool is_ready(const struct beginning *beginning)
{
	struct pollfd fd = {.fd = libpq.socket(beginning->conn),
	                    .events = beginning->next == PGRES_POLLING_READING ? POLLIN : POLLOUT};

	return beginning->next != PGRES_POLLING_OK && poll(&fd, 1, 0) > 0;
}

void connection_ahead_begin(const struct session_options *options)
{
	struct error ignored;

	if (options->role || ahead.options || !libpq_load(&ignored))
		return;
	ahead.options = options;
	ahead.begun_at_ms = clock_now_ms();
	ahead.beginning = begin(options, NULL);
	libpq.setNoticeReceiver(ahead.beginning.conn, pass_over, NULL);
	while (is_under_way(&ahead.beginning) && is_ready(&ahead.beginning))
		ahead.beginning.next = libpq.connectPoll(ahead.beginning.conn);
}

void connection_ahead_drop(void)
{
	if (ahead.beginning.conn)
		libpq.finish(ahead.beginning.conn);
	ahead.beginning.conn = NULL;
	ahead.options = NULL;
	if (left.conn)
		libpq.finish(left.conn);
	left.conn = NULL;
	free(left.conninfo);
	left.conninfo = NULL;
}

void connection_leave(PGconn *conn, const char *conninfo)
{
	connection_ahead_drop();
	libpq.setNoticeReceiver(conn, pass_over, NULL);
	left.conninfo = strdup(conninfo);
	left.conn = conn;
}

/* Nothing is to come over an idle connection: what can be read is its end. */
static bool left_fits(const struct session_options *options, const char *startup)
{
	struct pollfd fd = {.fd = left.conn ? libpq.socket(left.conn) : -1, .events = POLLIN};

	return left.conn && left.conninfo && options->is_kept && !startup && !options->role &&
	       strcmp(left.conninfo, options->conninfo) == 0 && libpq.status(left.conn) == CONNECTION_OK &&
	       poll(&fd, 1, 0) == 0;
}

static struct beginning take_left(void)
{
	const struct beginning taken = {left.conn, PGRES_POLLING_OK};

	left.conn = NULL;
	connection_ahead_drop();
	return taken;
}

static bool fits(const struct session_options *options, const char *startup)
{
	return ahead.options && !startup && !options->role &&
	       str_equal(str_of(ahead.options->conninfo), str_of(options->conninfo)) &&
	       str_equal(str_of(ahead.options->application_name), str_of(options->application_name)) &&
	       clock_now_ms() - ahead.begun_at_ms < LASTS_MS && is_under_way(&ahead.beginning);
}

struct beginning connection_begin(const struct session_options *options, const char *startup)
{
	struct beginning taken;

	if (left_fits(options, startup))
		return take_left();
	if (!fits(options, startup)) {
		connection_ahead_drop();
		return begin(options, startup);
	}
	taken = ahead.beginning;
	ahead.beginning.conn = NULL;
	ahead.options = NULL;
	return taken;
}
