/*
 * One loop, wire_wait(), is where all waiting for the server happens. It wakes for the socket, for a signal
 * to us, and a few times a second by itself, for the hooks and because libpq with too little memory for a
 * message looks again only when asked.
 *
 * Being asked to stop is a cancel and not the end: the server answers the cancelled statement with an
 * error, and rollback and unlock are said over the same connection. A cancel goes over a connection of its
 * own, by a thread that nobody has to wait for, as PQcancel() blocks for minutes when the line is dead. It
 * can miss: the server drops one that arrives between two statements. So it is repeated until an answer
 * comes, and before the next statement is sent the last one must have arrived, or it would hit that one
 * (wire_asked). If nothing comes for five seconds the line is taken for dead.
 *
 * A session of which we do not know what the server did last is abandoned: the socket is shut, every call
 * fails from then on, and the server rolls back. It is the answer to all that cannot be put right, such as
 * a COPY without an end or a ROLLBACK that failed.
 */
#include "pg/session.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/thread.h"
#include "pg/connect_failure_internal.h"
#include "pg/connection_begin_internal.h"
#include "pg/option_check.h"
#include "pg/query.h"
#include "pg/role_internal.h"
#include "pg/session_internal.h"

enum {
	HOOK_EVERY_MS = 250,
	/* Who ends idle connections waits for some seconds at least. */
	SIGN_OF_LIFE_EVERY_MS = 1000,
	/* After a cancel the server answers at once, or the line is dead. */
	PATIENCE_AFTER_CANCEL_MS = 5000,
	CANCEL_EVERY_MS = 500,
	PATIENCE_WITH_CANCEL_MS = 2000,
	NOTICE_MOST = 4096,
};

void result_clear(PGresult **result)
{
	PQclear(*result);
	*result = NULL;
}

/* --- connecting ------------------------------------------------------- */

/* Waits for the socket while connecting; a step of PQconnectPoll at a time. */
static bool wait_to_connect(struct session *session, short events, int64_t deadline_ms, struct error *err)
{
	for (;;) {
		struct pollfd fds[] = {{.fd = PQsocket(session->conn), .events = events},
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

		if (PQstatus(session->conn) == CONNECTION_BAD || next == PGRES_POLLING_FAILED)
			return connect_failure(session->conn, err);
		if (!wait_to_connect(session, events, deadline_ms, err))
			return false;
		next = PQconnectPoll(session->conn);
	}
	PQsetErrorVerbosity(session->conn, PQERRORS_DEFAULT);
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
	    .severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED),
	    .sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE),
	    .message = clip_notice(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), message),
	    .detail = clip_notice(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL), detail),
	    .function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION),
	};
	if (notice.message)
		session->hooks->notice(session->hooks->context, &notice);
}

static bool connect_once(struct session *session, const struct session_options *options, const char *startup,
                         struct error *err)
{
	PQfinish(session->conn);
	const struct beginning beginning = connection_begin(options, startup);
	session->conn = beginning.conn;
	if (!session->conn)
		return error_set(err, ERROR_SERVER, "could not connect to the database: out of memory");
	PQsetNoticeReceiver(session->conn, receive_notice, session);
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
	const char *name = PQparameterStatus(session->conn, "server_version");

	session->server_version = PQserverVersion(session->conn);
	(void)snprintf(session->server_version_name, sizeof(session->server_version_name), "%s",
	               name ? name : "");
}

bool session_open(const struct session_options *options, struct session **out, struct error *err)
{
	scoped_session struct session *session = calloc(1, sizeof(*session));

	if (!session)
		return error_set(err, ERROR_SERVER, "could not connect to the database: out of memory");
	session->cancel_fd = -1;
	session->silence_ms = -1;
	if (!connect_as(session, options, err))
		/* cppcheck-suppress memleak; its scope closes it. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
		return explain_options(options, err);
	if (PQsetnonblocking(session->conn, 1) < 0)
		return connect_failure(session->conn, err);
	if (options->role && !role_take(session, options, err))
		return error_context(err, "while taking the role \"%s\"", options->role);
	session->came_with_escapes = session_has_escapes(session);
	remember_server(session);
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

static void forget_cancel(struct session *session)
{
	if (session->cancel_fd >= 0)
		close(session->cancel_fd);
	session->cancel_fd = -1;
}

void session_close(struct session **session)
{
	if (!*session)
		return;
	PQfinish((*session)->conn);
	forget_cancel(*session);
	free((*session)->local_role);
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
	const char *setting = PQparameterStatus(session->conn, "standard_conforming_strings");

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
	return PQbackendPID(session->conn);
}

const char *session_database(const struct session *session)
{
	return PQdb(session->conn);
}

const char *session_user(const struct session *session)
{
	return PQuser(session->conn);
}

const char *session_host(const struct session *session)
{
	return PQhost(session->conn);
}

const char *session_port(const struct session *session)
{
	return PQport(session->conn);
}

int session_library_version(void)
{
	return PQlibVersion();
}

bool session_is_alive(const struct session *session)
{
	return !session->is_abandoned && PQstatus(session->conn) == CONNECTION_OK;
}

enum session_transaction session_transaction(const struct session *session)
{
	if (session->is_abandoned)
		return SESSION_UNKNOWN;
	switch (PQtransactionStatus(session->conn)) {
	case PQTRANS_IDLE:
		return SESSION_IDLE;
	case PQTRANS_ACTIVE:
		return SESSION_ACTIVE;
	case PQTRANS_INTRANS:
		return SESSION_IN_TRANSACTION;
	case PQTRANS_INERROR:
		return SESSION_IN_FAILED_TRANSACTION;
	case PQTRANS_UNKNOWN:
		break;
	}
	return SESSION_UNKNOWN;
}

bool session_keeps_role(const struct session *session)
{
	return session->keeps_role;
}

bool session_role_is_local(const struct session *session)
{
	return session->local_role != NULL;
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

/* --- cancelling ------------------------------------------------------- */

/* What a thread of its own carries to the server. */
struct courier {
	PGcancel *cancel;
	int done_fd; /* closed on arrival */
};

static void courier_free(struct courier *courier)
{
	PQfreeCancel(courier->cancel);
	close(courier->done_fd);
	free(courier);
}

static void *carry_cancel(void *argument)
{
	struct courier *courier = argument;
	char words[256];

	PQcancel(courier->cancel, words, sizeof(words));
	courier_free(courier);
	return NULL;
}

/*
 * PQcancel connects anew and blocks; over a dead line for minutes. It runs in
 * a thread that nobody waits for longer than a moment.
 */
static void send_cancel(struct session *session)
{
	struct courier *courier = calloc(1, sizeof(*courier));
	int ends[2];
	pthread_t thread;

	if (!courier || pipe2(ends, O_CLOEXEC) < 0) {
		free(courier);
		return;
	}
	forget_cancel(session);
	session->cancel_fd = ends[0];
	*courier = (struct courier){PQgetCancel(session->conn), ends[1]};
	if (courier->cancel && thread_start(&thread, carry_cancel, courier))
		pthread_detach(thread);
	else
		courier_free(courier);
}

/*
 * A cancel that reaches the server between two statements of a pipeline is
 * lost; so it is sent again until what was cancelled answers.
 */
static void cancel_statement(struct session *session)
{
	if (!session->is_cancelled)
		session->asked_at_ms = clock_now_ms();
	session->is_cancelled = true;
	session->cancel_again_at_ms = clock_now_ms() + CANCEL_EVERY_MS;
	send_cancel(session);
}

static void await_cancel(struct session *session)
{
	struct pollfd done = {.fd = session->cancel_fd, .events = POLLIN};
	const int64_t deadline_ms = clock_now_ms() + PATIENCE_WITH_CANCEL_MS;

	while (clock_now_ms() < deadline_ms && poll(&done, 1, (int)(deadline_ms - clock_now_ms())) < 0)
		continue; /* a further signal */
	forget_cancel(session);
}

void session_unwind(struct session *session)
{
	if (interrupt_requested())
		session->is_cancelled = true;
}

/* --- waiting ---------------------------------------------------------- */

void wire_answered(struct session *session)
{
	session->asked_at_ms = session->passed_at_ms = clock_now_ms();
}

void wire_asked(struct session *session)
{
	session->cancel_again_at_ms = 0;
	if (session->cancel_fd >= 0)
		await_cancel(session);
	wire_answered(session);
}

static bool connection_lost(struct session *session, struct error *err)
{
	const struct str words = str_trim(str_of(PQerrorMessage(session->conn)));

	if (session->is_cut_short)
		return error_set(err, ERROR_CANCELLED, "cancelled");
	if (session->silence_ms < 0)
		session->silence_ms = clock_now_ms() - session->passed_at_ms;
	error_set(err, ERROR_SERVER, "the connection to the server was lost");
	return error_detail(err, "%.*s", STR_ARGS(words));
}

static bool given_up_after_cancel(const struct session *session)
{
	return session->is_cancelled && clock_now_ms() - session->asked_at_ms > PATIENCE_AFTER_CANCEL_MS;
}

static void tend_hooks(struct session *session)
{
	const int64_t waited_ms = clock_now_ms() - session->asked_at_ms;

	if (session->hooks && session->hooks->waiting && waited_ms >= HOOK_EVERY_MS)
		session->hooks->waiting(session->hooks->context, waited_ms);
}

static bool is_to_cancel_again(const struct session *session)
{
	return session->cancel_again_at_ms && clock_now_ms() >= session->cancel_again_at_ms;
}

bool wire_wait(struct session *session, bool for_write, struct error *err)
{
	for (;;) {
		struct pollfd fds[] = {
		    {.fd = PQsocket(session->conn), .events = (short)(for_write ? POLLIN | POLLOUT : POLLIN)},
		    {.fd = session->is_cancelled || session->is_held ? -1 : interrupt_fd(), .events = POLLIN}};

		if (!session_is_alive(session) || given_up_after_cancel(session))
			return connection_lost(session, err);
		const int ready = poll(fds, 2, HOOK_EVERY_MS);
		if (ready > 0 && (fds[0].revents & POLLOUT))
			session->passed_at_ms = clock_now_ms();
		/* First: rows may come for hours, and there is always something to read then. */
		if (interrupt_requested() && !session->is_held &&
		    (!session->is_cancelled || is_to_cancel_again(session)))
			cancel_statement(session);
		if (ready > 0 && fds[0].revents)
			return true;
		if (ready > 0)
			continue;
		tend_hooks(session);
		/* libpq takes a message that it has no memory for as one that is not all there, and looks again
		 * only when it is asked. */
		return true;
	}
}

static bool flush(struct session *session, struct error *err)
{
	int left;

	while ((left = PQflush(session->conn)) == 1)
		if (!wire_wait(session, true, err) || !PQconsumeInput(session->conn))
			return connection_lost(session, err);
	return left == 0 || connection_lost(session, err);
}

bool wire_result(struct session *session, PGresult **out, struct error *err)
{
	if (!flush(session, err))
		return false;
	while (PQisBusy(session->conn)) {
		if (!wire_wait(session, false, err))
			return false;
		if (PQconsumeInput(session->conn))
			continue;
		if (PQstatus(session->conn) == CONNECTION_BAD)
			break; /* a last word of the server may still lie in the buffer */
		return wire_failed(session, NULL, err);
	}
	*out = PQgetResult(session->conn);
	return true;
}

static bool is_copying(const PGresult *result)
{
	const ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

void wire_drain(struct session *session)
{
	struct error ignored;

	while (session_is_alive(session)) {
		scoped_result PGresult *result = NULL;

		if (!wire_result(session, &result, &ignored) || is_copying(result))
			wire_abandon(session); /* a copy would be reported for ever */
		else if (!result)
			return;
	}
}

void wire_abandon(struct session *session)
{
	if (PQsocket(session->conn) >= 0)
		shutdown(PQsocket(session->conn), SHUT_RDWR);
	session->is_abandoned = true;
}

/* --- errors ----------------------------------------------------------- */

/* Classes of SQLSTATE that mean the server, not the statement. */
static bool is_about_connection(const char *sqlstate)
{
	static const char *const codes[] = {"57P01", "57P02", "57P03",
	                                    "57P05"}; /* shutdown, crash, starting, idle */

	if (strncmp(sqlstate, "08", 2) == 0)
		return true;
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(sqlstate, codes[i]) == 0)
			return true;
	return false;
}

static enum error_kind kind_of(const struct session *session, const char *sqlstate)
{
	if (strcmp(sqlstate, "57014") == 0 && session->is_cancelled)
		return ERROR_CANCELLED;
	return is_about_connection(sqlstate) ? ERROR_SERVER : ERROR_SQL;
}

bool wire_not_sent(struct session *session, struct error *err)
{
	const struct str words = str_trim(str_of(PQerrorMessage(session->conn)));

	if (!session_is_alive(session))
		return connection_lost(session, err);
	error_set(err, ERROR_SQL, "a statement could not be sent to the server");
	return error_detail(err, "%.*s", STR_ARGS(words));
}

/* Where the server has no advice and what it means does not depend on who asked. */
static const char *hint_on(const char *sqlstate)
{
	static const struct {
		const char *sqlstate, *hint;
	} hints[] = {
	    {"25006", "The session may only read: SELECT source, sourcefile FROM pg_settings WHERE name = "
	              "'default_transaction_read_only' shows what set it (the database, the role, the client), "
	              "and SELECT pg_is_in_recovery() whether this is a standby."},
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (strcmp(hints[i].sqlstate, sqlstate) == 0)
			return hints[i].hint;
	return "";
}

bool wire_failed(struct session *session, const PGresult *result, struct error *err)
{
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);

	if (!sqlstate || !words) {
		/* An answer that could not be read (out of memory): what was done only a new look can tell. */
		connection_lost(session, err);
		wire_abandon(session);
		return false;
	}
	error_set(err, kind_of(session, sqlstate), "%s", words);
	memcpy(err->sqlstate, sqlstate, sizeof(err->sqlstate) - 1);
	if (detail)
		error_detail(err, "%s", detail);
	if (hint)
		error_hint(err, "%s", hint);
	else
		error_hint(err, "%s", hint_on(sqlstate));
	if (context)
		error_context(err, "%s", context);
	session->error_position = position ? strtoul(position, NULL, 10) : 0;
	return false;
}
