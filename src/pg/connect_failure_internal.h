/*
 * connect_failure_internal.h - what to say when there is no connection, for the files of pg/ only
 *
 * The words are libpq's and the server's, and those repeat what the connection
 * string names: a role, a database, a host, the value of a setting. Where such
 * a name may hold a password ("u%3Asecret" is a role called "u:secret") it is
 * taken out of them.
 */
#ifndef RUNG_PG_CONNECT_FAILURE_INTERNAL_H
#define RUNG_PG_CONNECT_FAILURE_INTERNAL_H

#include "base/error.h"
#include "pg/libpq.h"

/* Fills `err` from a connection that came to nothing. Returns false. */
bool connect_failure(PGconn *conn, struct error *err);

#endif
