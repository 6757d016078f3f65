/*
 * connection_ahead.h - a connection that is there before anybody waits for it
 *
 * A server takes a few milliseconds to start a backend. Who knows that it will
 * call session_open(), and has something else to do first, begins the
 * connection here; session_open() with the same conninfo then continues with it. Nothing
 * is waited for and nothing is told: a beginning that fails is dropped, and
 * session_open() begins anew and says why.
 */
#ifndef RUNG_PG_CONNECTION_AHEAD_H
#define RUNG_PG_CONNECTION_AHEAD_H

#include "pg/session.h"

/* `options` and what they point to stay until connection_ahead_drop(). A connection with a role is not begun.
 */
void connection_ahead_begin(const struct session_options *options);

/* Closes one that nobody took, or that a session has left to the next one (session_options.is_kept). */
void connection_ahead_drop(void);

#endif
