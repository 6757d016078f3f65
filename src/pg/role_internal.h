/*
 * role_internal.h - whose rights a session has, for the files of pg/ only
 *
 * A role that is only SET after connecting is undone by any RESET ROLE. As a
 * parameter of the connection's start it is the session's default, which
 * RESET ROLE and DISCARD ALL go back to. libpq can send it only among
 * "options", which some poolers refuse and some ignore; there it is SET, for
 * the session or, where a pooler gives every transaction another backend, for
 * each transaction.
 */
#ifndef RUNG_PG_ROLE_INTERNAL_H
#define RUNG_PG_ROLE_INTERNAL_H

#include "pg/session.h"

/*
 * The connection's "options" with the role among them; the caller's own, from wherever libpq has them, stay.
 */
const char *role_startup_options(const char *conninfo, const char *role, struct arena *arena);

/* Whether connecting failed because of these options, or of the role in them. */
bool role_was_refused(const struct session *session, const char *role);

/* Makes sure that the session, connected with or without such options, has the role. */
MUST_USE bool role_take(struct session *session, const struct session_options *options, struct error *err);

#endif
