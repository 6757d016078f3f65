/*
 * A connection from when it is asked for to when it is closed, and what can be said of it meanwhile. How a
 * statement passes over it and how it is cancelled is in wire.c, what is asked in query.c.
 */
#include "pg/session.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "pg/connect_failure_internal.h"
#include "pg/connection_begin_internal.h"
#include "pg/option_check.h"
#include "pg/query.h"
#include "pg/role_internal.h"
#include "pg/session_internal.h"

enum {
	/* Who ends idle connections waits for some seconds at least. */
	SIGN_OF_LIFE_EVERY_MS = 1000,
	NOTICE_MOST = 4096,
};

/* --- connecting ------------------------------------------------------- */

/* Waits for the socket while connecting; a step of PQconnectPoll at a time. */
static bool wait_to_connect(struct session *session, short events, int64_t deadline_ms, struct error *err)
{
	for (;;) {
		struct pollfd fds[] = {{.fd = libpq.socket(session->conn), .events = events},
		                       {.fd = interrupt_fd(), .events = POLLIN}};
		const int64_t left = deadline_ms - clock_now_ms();

		if (!interrupt_check(err))
			return false;
		if (deadline_ms && left <= 0) {
			error_set(err, ERROR_SERVER, "could not connect to the database in time");
			return error_hint(err, "Raise --connect-timeout, or look whether the host answers at all.");
		}
		if (poll(fds, 2, deadline_ms ? (int)left : -1) > 0 && fds[0].revents)
			return true;
	}
}

static bool finish_connecting(struct session *session, PostgresPollingStatusType next, int64_t timeout_ms,
                              struct error *err)
{
	const int64_t deadline_ms = timeout_ms ? clock_now_ms() + timeout_ms : 0;

	while (next != PGRES_POLLING_OK) {
		const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;

		if (libpq.status(session->conn) == CONNECTION_BAD || next == PGRES_POLLING_FAILED)
			return connect_failure(session->conn, err);
		if (!wait_to_connect(session, events, deadline_ms, err))
			return false;
		next = libpq.connectPoll(session->conn);
	}
	libpq.setErrorVerbosity(session->conn, PQERRORS_DEFAULT);
	return true;
}

/* `text` itself, or as much of it as fits with a word on how much there was. */
static const char *clip_notice(const char *text, char clipped[static NOTICE_MOST + 64])
{
	const size_t whole = text ? strlen(text) : 0;
	size_t len = NOTICE_MOST;

	if (whole <= NOTICE_MOST)
		return text;
	while (len > NOTICE_MOST - 4 && ((unsigned char)text[len] & 0xC0) == 0x80)
		len--;
	snprintf(clipped, NOTICE_MOST + 64, "%.*s... (%zu bytes in all)", (int)len, text, whole);
	return clipped;
}

/* A function may say a hundred megabytes: what others make of them must not multiply those. */
static void receive_notice(void *argument, const PGresult *result)
{
	const struct session *session = argument;
	char message[NOTICE_MOST + 64];
	char detail[NOTICE_MOST + 64];

	if (!session->hooks || !session->hooks->notice)
		return;
	const struct notice notice = {
	    .severity = libpq.resultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED),
	    .sqlstate = libpq.resultErrorField(result, PG_DIAG_SQLSTATE),
	    .message = clip_notice(libpq.resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), message),
	    .detail = clip_notice(libpq.resultErrorField(result, PG_DIAG_MESSAGE_DETAIL), detail),
	    .function = libpq.resultErrorField(result, PG_DIAG_SOURCE_FUNCTION),
	};
	if (notice.message)
		session->hooks->notice(session->hooks->context, &notice);
}

static bool connect_once(struct session *session, const struct session_options *options, const char *startup,
                         struct error *err)
{
	if (session->conn)
		libpq.finish(session->conn);
	const struct beginning beginning = connection_begin(options, startup);
	session->conn = beginning.conn;
	if (!session->conn)
		return error_set(err, ERROR_SERVER, "could not connect to the database: out of memory");
	libpq.setNoticeReceiver(session->conn, receive_notice, session);
	return finish_connecting(session, beginning.next, options->connect_timeout_ms, err);
}

static bool connect_as(struct session *session, const struct session_options *options, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *startup =
	    options->role ? role_startup_options(options->conninfo, options->role, &arena) : NULL;

	return connect_once(session, options, startup, err) ||
	       (startup && session->conn && role_was_refused(session, options->role) &&
	        connect_once(session, options, NULL, err));
}

/* What libpq refuses by itself is no matter of the server: waiting for it would be in vain. */
static bool explain_options(const struct session_options *options, struct error *err)
{
	struct error refusal;

	if (err->kind == ERROR_SERVER && !option_check(options->conninfo, &refusal))
		*err = refusal;
	return false;
}

static void remember_server(struct session *session)
{
	const char *name = libpq.parameterStatus(session->conn, "server_version");

	session->server_version = libpq.serverVersion(session->conn);
	(void)snprintf(session->server_version_name, sizeof(session->server_version_name), "%s",
	               name ? name : "");
}

bool session_open(const struct session_options *options, struct session **out, struct error *err)
{
	if (!libpq_load(err))
		return false;
	scoped_session struct session *session = calloc(1, sizeof(*session));

	if (!session)
		return error_set(err, ERROR_SERVER, "could not connect to the database: out of memory");
	session->cancel_fd = -1;
	session->silence_ms = -1;
	if (!connect_as(session, options, err))
		/* cppcheck-suppress memleak; its scope closes it. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
		return explain_options(options, err);
	if (libpq.setnonblocking(session->conn, 1) < 0)
		return connect_failure(session->conn, err);
	if (options->role && !role_take(session, options, err))
		return error_context(err, "while taking the role \"%s\"", options->role);
	session->came_with_escapes = session_has_escapes(session);
	remember_server(session);
	if (options->is_kept && !options->role)
		session->kept_for = strdup(options->conninfo);
	*out = TAKE(session);
	return true;
}

bool session_lift_timeouts(struct session *session, struct error *err)
{
	return execute(session, SQL_pg_lift_timeouts, NO_PARAMS, err);
}

bool session_may_idle(struct session *session, struct error *err)
{
	return execute(session, SQL_pg_may_idle, NO_PARAMS, err);
}

bool session_rest(struct session *session, int64_t ms, struct error *err)
{
	for (; ms > 0; ms -= SIGN_OF_LIFE_EVERY_MS) {
		if (!clock_sleep_ms(ms < SIGN_OF_LIFE_EVERY_MS ? ms : SIGN_OF_LIFE_EVERY_MS))
			return error_set(err, ERROR_CANCELLED, "cancelled");
		if (ms > SIGN_OF_LIFE_EVERY_MS && !execute(session, SQL_pg_sign_of_life, NO_PARAMS, err))
			return false;
	}
	return true;
}

int64_t session_silence_ms(const struct session *session)
{
	return session->silence_ms;
}

/* It is set back to how it came, which is all that the next one may find. */
static bool leave_connection(struct session *session)
{
	struct error ignored;

	if (!session->kept_for || !session->conn || !session_is_alive(session) || session->is_cancelled ||
	    session->is_abandoned || session->is_cut_short || session_transaction(session) != SESSION_IDLE ||
	    !execute(session, "DISCARD ALL", NO_PARAMS, &ignored))
		return false;
	connection_leave(session->conn, session->kept_for);
	return true;
}

void session_close(struct session **session)
{
	if (!*session)
		return;
	if (!leave_connection(*session) && (*session)->conn)
		libpq.finish((*session)->conn);
	wire_forget_cancel(*session);
	free((*session)->local_role);
	free((*session)->kept_for);
	free(*session);
	*session = NULL;
}

/* --- what is known of it ---------------------------------------------- */

const char *session_server_version_name(const struct session *session)
{
	return session->server_version_name;
}

bool session_has_escapes(const struct session *session)
{
	const char *setting = libpq.parameterStatus(session->conn, "standard_conforming_strings");

	return setting && strcmp(setting, "off") == 0;
}

bool session_came_with_escapes(const struct session *session)
{
	return session->came_with_escapes;
}

int session_server_version(const struct session *session)
{
	return session->server_version;
}

int session_backend_pid(const struct session *session)
{
	return libpq.backendPID(session->conn);
}

const char *session_database(const struct session *session)
{
	return libpq.db(session->conn);
}

const char *session_user(const struct session *session)
{
	return libpq.user(session->conn);
}

const char *session_host(const struct session *session)
{
	return libpq.host(session->conn);
}

const char *session_port(const struct session *session)
{
	return libpq.port(session->conn);
}

bool session_library_version(int *out, struct error *err)
{
	if (!libpq_load(err))
		return false;
	*out = libpq.libVersion();
	return true;
}

bool session_keeps_role(const struct session *session)
{
	return session->keeps_role;
}

bool session_role_is_local(const struct session *session)
{
	return session->local_role != NULL;
}

void session_look(struct session *session)
{
	session->is_looking = true;
}

bool session_is_looking(const struct session *session)
{
	return session->is_looking;
}

bool session_begin(struct session *session, const char *begin, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (session->local_role)
		begin = arena_printf(&arena, "%s; SET LOCAL ROLE %s", begin, quote_name(&arena, session->local_role));
	return execute_simple(session, begin, NULL, NULL, err);
}

void session_rollback(struct session *session)
{
	struct error ignored;
	const enum session_transaction state = session_transaction(session);

	session_unwind(session);
	if (state == SESSION_IDLE || !session_is_alive(session))
		return;
	/* What cannot be rolled back by asking is by hanging up: nothing may be added to it. */
	if (!execute(session, "ROLLBACK", NO_PARAMS, &ignored) || session_transaction(session) != SESSION_IDLE)
		wire_abandon(session);
}

size_t session_error_position(const struct session *session)
{
	return session->error_position;
}

const struct session_hooks *session_set_hooks(struct session *session, const struct session_hooks *hooks)
{
	const struct session_hooks *former = session->hooks;

	session->hooks = hooks;
	return former;
}

bool session_hold_cancel(struct session *session, bool is_held)
{
	const bool was_held = session->is_held;

	session->is_held = is_held;
	return was_held;
}
