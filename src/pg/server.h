/*
 * server.h - a private PostgreSQL of our own
 *
 * Started with the installed initdb and postgres: unix socket only, in a
 * directory of mode 0700, as an unprivileged user even when root runs us
 * (PostgreSQL refuses root). Two uses: the throw-away scratch server, gone on
 * every way out, and the kept one of "rung local".
 *
 * A scratch server lives in TMPDIR or /tmp. On Linux it ends with us even
 * when we are killed; what a killed run leaves on disk, the next one removes.
 *
 * A kept server lives in DIRECTORY/server: data/, log and the socket. Where
 * that is no place for it (its user cannot get there, as below /root, or the
 * socket's path would be too long) DIRECTORY/server is a symbolic link to
 * /var/lib/rung/... for root and to ~/.local/state/rung/... for everyone else.
 */
#ifndef RUNG_PG_SERVER_H
#define RUNG_PG_SERVER_H

#include "base/arena.h"
#include "base/error.h"

struct server_options {
	const char *directory; /* of a kept server; NULL: a temporary one, removed in the end */
	const char *bindir;    /* where initdb and postgres are; NULL: look in the usual places, newest first */
	int major;             /* wanted; 0 for any */
	bool is_fast;          /* no fsync: for what is thrown away */
};

struct server;

/* Creates the cluster when there is none, starts it and waits until it answers. A running one is joined. */
MUST_USE bool server_open(const struct server_options *options, struct server **out, struct error *err);

/* A temporary server is stopped and removed; a kept one continues. */
void server_close(struct server **server);
#define scoped_server SCOPED(server_close)

/* How libpq reaches `database` on it: a URI. */
char *server_url(const struct server *server, const char *database, struct arena *arena);

/* Where its programs are. */
const char *server_bindir(const struct server *server);

/* --- the kept one, looked at from outside -------------------------------- */

enum server_state {
	SERVER_ABSENT, /* no cluster there */
	SERVER_STOPPED,
	SERVER_RUNNING,
};

/*
 * Refuses a DIRECTORY/server that is not marked as made by us for DIRECTORY,
 * such as a link to somebody's PostgreSQL; server_look() takes that for absent.
 */
MUST_USE bool server_check(const char *directory, struct error *err);

enum server_state server_look(const char *directory, int *pid);
char *server_url_of(const char *directory, const char *database, struct arena *arena);

/* Waits until it has ended; its clients are disconnected. */
MUST_USE bool server_stop(const char *directory, struct error *err);

/* Stops it and removes its data; DIRECTORY itself goes when nothing else is in it. */
MUST_USE bool server_destroy(const char *directory, struct error *err);

#endif
