/*
 * backend.h - which backend a connection reaches, behind a pooler
 */
#ifndef RUNG_PG_BACKEND_H
#define RUNG_PG_BACKEND_H

#include "pg/session.h"

/* The columns of backend.sql. */
enum {
	BACKEND_PID,
	BACKEND_USER,
};

/*
 * Whether the pooler in between keeps one backend for one connection: two
 * connections ask in turn which backend they reach. Where it does not, what
 * belongs to a session (settings, locks, roles) is lost or met by others.
 */
MUST_USE bool backend_is_kept(struct session *session, const struct session_options *options, bool *kept,
                              struct error *err);

#endif
