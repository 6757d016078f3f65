/*
 * session.h - one connection to the server
 *
 * Waiting is always interruptible: Ctrl-C cancels the running statement on
 * the server once and lets the answer come back as an error, after which the
 * caller unwinds (rollback and unlock still work). While a statement runs,
 * the wait hook is called a few times a second, so that others can look after
 * progress and blockers.
 *
 * Errors: ERROR_SQL with SQLSTATE, DETAIL and HINT when the server refused;
 * ERROR_SERVER when it cannot be reached or the connection is gone;
 * ERROR_CANCELLED when we were asked to stop.
 */
#ifndef RUNG_PG_SESSION_H
#define RUNG_PG_SESSION_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct session;

struct session_options {
	const char *conninfo;         /* URI or keywords; "" leaves all to the environment */
	const char *application_name; /* unless the user chose one */
	const char *role; /* whose rights to take, as the session's default where that can be; NULL: none */
	int64_t connect_timeout_ms; /* 0: libpq's connect_timeout or none */
	/*
	 * For who opens one session after the other: where nothing went wrong, closing it leaves the connection
	 * to the next session_open() with the same conninfo, as after DISCARD ALL. What ALTER DATABASE or ALTER
	 * ROLE has set meanwhile is not noticed, nor does a library go that was loaded: connection_ahead_drop()
	 * ends it.
	 */
	bool is_kept;
};

MUST_USE bool session_open(const struct session_options *options, struct session **out, struct error *err);
void session_close(struct session **session);
#define scoped_session SCOPED(session_close)

/*
 * Roles and databases have timeouts set for their users. For a session that works, or waits for work of
 * others, as long as it takes: all of them off, or only that of idling between transactions.
 */
MUST_USE bool session_lift_timeouts(struct session *session, struct error *err);
MUST_USE bool session_may_idle(struct session *session, struct error *err);

/*
 * Waits as clock_sleep_ms() does, and lets the server answer now and then:
 * proxies and firewalls end connections over which nothing passes. Being asked
 * to stop is an error here (cancelled).
 */
MUST_USE bool session_rest(struct session *session, int64_t ms, struct error *err);

/* For how long nothing had passed over the line when it was found lost; -1 while it is not. */
int64_t session_silence_ms(const struct session *session);

/* As libpq has it: 150020 for 15.20. */
int session_server_version(const struct session *session);
const char *session_server_version_name(const struct session *session); /* "15.20 (Debian ...)" */
int session_backend_pid(const struct session *session);

/* Whether backslashes escape in '...', which is standard_conforming_strings off: now, and from the start. */
bool session_has_escapes(const struct session *session);
bool session_came_with_escapes(const struct session *session);

const char *session_database(const struct session *session);
const char *session_user(const struct session *session);
const char *session_host(const struct session *session); /* the socket directory for local connections */
const char *session_port(const struct session *session);

/* libpq's own version, as 150020. */
MUST_USE bool session_library_version(int *out, struct error *err);

bool session_is_alive(const struct session *session);

/* As the server last told; SESSION_UNKNOWN when the connection is gone. */
enum session_transaction {
	SESSION_IDLE,
	SESSION_IN_TRANSACTION,
	SESSION_IN_FAILED_TRANSACTION,
	SESSION_ACTIVE,
	SESSION_UNKNOWN,
};
enum session_transaction session_transaction(const struct session *session);

/* Whether RESET ROLE goes back to the role that was asked for; not where a pooler drops startup options. */
bool session_keeps_role(const struct session *session);

/*
 * Whether a pooler gives every transaction another backend and no startup options: then the role cannot be
 * the session's.
 * session_begin() takes it for its transaction (`begin` is "BEGIN", and what else opens it); outside of those
 * the session is the user's.
 */
bool session_role_is_local(const struct session *session);

/* From here on the session only looks: each read of the history is read-only and gives up on locks after 2 s.
 */
void session_look(struct session *session);
bool session_is_looking(const struct session *session);

MUST_USE bool session_begin(struct session *session, const char *begin, struct error *err);

/* Ends an open transaction, if there is one; the way out of any failure. */
void session_rollback(struct session *session);

/*
 * From here on everything said is the way out: when we were asked to stop, it
 * is not cancelled any more.
 */
void session_unwind(struct session *session);

/*
 * Where in the last refused statement the server saw the trouble: characters
 * from 1, 0 when it did not say.
 */
size_t session_error_position(const struct session *session);

/*
 * While on, being asked to stop does not cancel what runs: for short work that
 * is better finished. Returns what it was.
 */
bool session_hold_cancel(struct session *session, bool is_held);

/* Message and detail are cut after a few kilobytes, and say so then. */
struct notice {
	const char *severity; /* NOTICE, WARNING, DEBUG ... never translated */
	const char *sqlstate;
	const char *message;
	const char *detail;   /* or NULL */
	const char *function; /* of the server's source that said it; or NULL */
};

struct session_hooks {
	void (*notice)(void *context, const struct notice *notice);
	/* A statement has been running for `waited_ms`; the session itself must not be used here. */
	void (*waiting)(void *context, int64_t waited_ms);
	void *context;
};

/* NULL for none. The hooks must outlive their use; the former ones are returned. */
const struct session_hooks *session_set_hooks(struct session *session, const struct session_hooks *hooks);

#endif
