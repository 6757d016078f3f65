/*
 * scratch_database.h - a database on a scratch server, made to try something in
 *
 * Empty, or a copy of another one. It is dropped on every way out; on a server
 * of our own, which takes its databases with it, that is not waited for.
 *
 *	scoped_scratch_server struct scratch_server server = {0};
 *	scoped_scratch_database struct scratch_database database = {0}; // closed before its server
 *
 *	scratch_server_open(context, &options, &server, err) &&
 *	    scratch_database_init(&database, &server, err) && scratch_database_create(&database, NULL, err) && ...
 *
 * A database that somebody is in can neither be copied nor dropped. Its own
 * session is closed for that; who has opened others closes them. Backends,
 * which end a moment after their clients, are waited for.
 */
#ifndef RUNG_COMMAND_SCRATCH_SCRATCH_DATABASE_H
#define RUNG_COMMAND_SCRATCH_SCRATCH_DATABASE_H

#include "catalog/catalog.h"
#include "command/scratch/scratch_server.h"

struct scratch_database {
	struct scratch_server *server;
	const char *name;        /* stays the same when it is dropped and made again */
	const char *address;     /* to connect to it: a URI on a server of our own */
	struct session *session; /* of scratch_database_enter(); NULL while there is none */
	bool is_prepared;        /* it has the queries of catalog_load() */
	size_t entered;          /* how many sessions there were: who prepares something there sees another one */
	bool exists;
};

/* Gives it a name; nothing is made yet. */
MUST_USE bool scratch_database_init(struct scratch_database *database, struct scratch_server *server,
                                    struct error *err);
/* Nothing is to be done for one that is all zero. */
void scratch_database_close(struct scratch_database *database);
#define scoped_scratch_database SCOPED(scratch_database_close)

/* How a database stores and sorts text, for one that is to be like it. */
struct scratch_likeness {
	const char *encoding;
	const char *collate;
	const char *ctype;
	const char *provider; /* 'c', 'i' or 'b'; NULL before 15 */
	const char *locale;   /* of provider 'i' or 'b', or NULL */
	const char *rules;    /* or NULL */
};

/* Of the database that `like` is in. */
MUST_USE bool scratch_likeness_load(struct session *like, struct arena *arena, struct scratch_likeness *out,
                                    struct error *err);

/* An empty one; `likeness` NULL: as the server makes them. */
MUST_USE bool scratch_database_create(struct scratch_database *database,
                                      const struct scratch_likeness *likeness, struct error *err);

/*
 * The same as `original`, with what ALTER DATABASE has set for it on a server of our own; that needs to write
 * to the server's catalogs.
 */
MUST_USE bool scratch_database_copy(struct scratch_database *database, struct scratch_database *original,
                                    struct error *err);

/* Its session, opened when there is none: borrowed, until the database is copied, dropped or left. */
MUST_USE bool scratch_database_enter(struct scratch_database *database, struct session **out,
                                     struct error *err);
void scratch_database_leave(struct scratch_database *database);

/* What it is made of, but for the tables of `history`. It is asked in its session, the first time slowest. */
MUST_USE bool scratch_database_catalog(struct scratch_database *database,
                                       const struct qualified_name *history, struct arena *arena,
                                       struct catalog *out, struct error *err);

/* Who else is in there: on somebody's own server only those of the same role. */
MUST_USE bool scratch_database_end_others(struct scratch_database *database, struct error *err);

/* One that is not there is fine. */
MUST_USE bool scratch_database_drop(struct scratch_database *database, struct error *err);

/* Another one of the server, which migrations have made there. */
MUST_USE bool scratch_server_drop(struct scratch_server *server, const char *name, struct error *err);

#endif
