/*
 * connection_begin_internal.h - how connections are begun, for the files of pg/ only
 */
#ifndef RUNG_PG_CONNECTION_BEGIN_INTERNAL_H
#define RUNG_PG_CONNECTION_BEGIN_INTERNAL_H

#include "pg/libpq.h"
#include "pg/session.h"

/* A connection on its way, and what libpq waits for next. */
struct beginning {
	PGconn *conn; /* NULL: out of memory */
	PostgresPollingStatusType next;
};

/*
 * The one that was begun ahead or left with these options, or a new one. `startup` is what "options" says,
 * instead of what is elsewhere; NULL leaves that as it is.
 */
struct beginning connection_begin(const struct session_options *options, const char *startup);

/* Leaves an idle connection to the next one who asks for the same; it is closed where another one waits
 * already. */
void connection_leave(PGconn *conn, const char *conninfo);

#endif
