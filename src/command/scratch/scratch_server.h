/*
 * scratch_server.h - a server on which databases are made that nobody misses
 *
 * One of our own, started for the purpose and removed with everything in it,
 * or one that somebody names. On that one only databases that were made by
 * scratch_database.h are ours, and nothing else is touched. Databases that a
 * killed run left there are known by their names, which hold when they were
 * made: those older than a day that nobody is in are dropped by the next one.
 *
 * One session, "beside", is in another database of the server: a database that
 * somebody is in can neither be copied nor dropped.
 */
#ifndef RUNG_COMMAND_SCRATCH_SCRATCH_SERVER_H
#define RUNG_COMMAND_SCRATCH_SCRATCH_SERVER_H

#include "command/command.h"
#include "pg/server.h"
#include "pg/session.h"

#define SCRATCH_DATABASE_PREFIX "rung_scratch_" /* of their names; behind it stands when and by which run */

struct scratch_server {
	const struct context *context;
	struct server *server;  /* NULL on somebody's own */
	struct session *beside; /* as the user who connects there; the role of the settings is not taken */
	const char *address;    /* of the database it is in */
	const char *stem;       /* of the names of databases */
	size_t named;           /* so many have a name */
};

struct scratch_server_options {
	const char *address; /* of somebody's server, as libpq has it; NULL: start one of our own */
	int major;           /* of our own one: its major version; 0 for any */
};

/* Everything lies on the context's arena. `out` is to be closed on every way out, also where this fails. */
MUST_USE bool scratch_server_open(const struct context *context, const struct scratch_server_options *options,
                                  struct scratch_server *out, struct error *err);

/* After its databases: those on somebody's own server are dropped one by one. */
void scratch_server_close(struct scratch_server *server);
#define scoped_scratch_server SCOPED(scratch_server_close)

/* How to connect to a database there by `conninfo`. */
struct session_options scratch_server_session_options(const struct scratch_server *server,
                                                      const char *conninfo);

#endif
