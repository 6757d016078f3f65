/*
 * session_internal.h - the inside of a session, for the files of pg/ only
 */
#ifndef RUNG_PG_SESSION_INTERNAL_H
#define RUNG_PG_SESSION_INTERNAL_H

#include "pg/libpq.h"
#include "pg/query.h"
#include "pg/session.h"

struct session {
	PGconn *conn;
	const struct session_hooks *hooks;
	bool keeps_role;  /* RESET ROLE goes back to it */
	char *kept_for;   /* conninfo of session_options.is_kept; NULL: the connection ends with the session */
	char *local_role; /* to be taken in every transaction; NULL where the session has it, or none is wanted */
	bool came_with_escapes; /* standard_conforming_strings was off from the start */
	int server_version;     /* libpq forgets both when the line is lost */
	char server_version_name[64];
	size_t error_position;
	int64_t asked_at_ms;  /* when the server was last given something to do */
	int64_t passed_at_ms; /* when something last passed over the line, as far as it was looked at */
	int64_t silence_ms;   /* for how long nothing had when it was found lost; -1: it is not */
	bool is_looking;      /* session_look() */
	bool is_held;         /* being asked to stop does not cancel what runs */
	bool is_abandoned;    /* wire_abandon(): whatever libpq says, nothing is asked any more */
	bool is_cancelled;    /* we were asked to stop and have told the server; what follows is the way out */
	bool is_cut_short;    /* asked to stop in the middle of a large message: the rest of it was never sent */
	int64_t cancel_again_at_ms; /* 0: what was cancelled has answered */
	int cancel_fd;              /* hangs up when the cancel has reached the server; -1 for none on its way */
};

/*
 * Before something is asked: the clock of the wait hook starts, and a cancel
 * that is still on its way arrives first, lest it hit the wrong statement.
 */
void wire_asked(struct session *session);

/* One of several things asked has its answer: the clock starts again. */
void wire_answered(struct session *session);

/*
 * Hand a statement to libpq, as PQsendQuery() and PQsendQueryParams() do. A large one is on its way when they
 * return; being asked to stop meanwhile cuts the connection, as the server would listen to nothing else
 * before it has all of it. What was asked before a large one should have been answered by then. 0 where it
 * could not be sent: wire_not_sent() says why.
 */
int wire_send_query(struct session *session, const char *sql);
int wire_send_params(struct session *session, const char *sql, struct params params);
int wire_send_prepared(struct session *session, const char *name, struct params params);

/* Whether that much is sent as a large one. */
bool wire_is_large(size_t size);
size_t wire_params_size(struct params params);

/*
 * Right after a statement was sent, or becomes the one whose results come next: its rows come one by one, as
 * results for which wire_is_dropped() is true, instead of being gathered.
 */
void wire_drop_rows(struct session *session);

/* Before a pipeline: libpq would continue so with the first statement of it. */
void wire_gather_rows(struct session *session);

bool wire_is_dropped(const PGresult *result);

/*
 * Waits until the socket is readable (or writable, where `for_write`), or for a moment, while
 * looking after interrupts and hooks: callers look again. False when the connection is lost.
 */
MUST_USE bool wire_wait(struct session *session, bool for_write, struct error *err);

/* Waits for and returns the next result; *out is NULL when there are no more of this statement. */
MUST_USE bool wire_result(struct session *session, PGresult **out, struct error *err);

/* Turns a failed result, or a NULL one, into an error. */
bool wire_failed(struct session *session, const PGresult *result, struct error *err);

/*
 * libpq refused to queue something, and nothing of it was sent: too large, out
 * of memory (ERROR_SQL), unless the connection is gone (ERROR_SERVER).
 */
bool wire_not_sent(struct session *session, struct error *err);

/*
 * Hangs up, where what was asked and what was answered can no longer be told
 * apart: the server then rolls back, and anyone who asks next is told that the
 * connection is lost.
 */
void wire_abandon(struct session *session);

/* Throws away what is left of the current statement; hangs up where that is not possible. */
void wire_drain(struct session *session);

/* Hangs up on a cancel that is still on its way. */
void wire_forget_cancel(struct session *session);

void result_clear(PGresult **result);
#define scoped_result SCOPED(result_clear)

#endif
