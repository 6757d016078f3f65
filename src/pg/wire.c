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
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/thread.h"
#include "pg/session_internal.h"

enum {
	HOOK_EVERY_MS = 250,
	/* After a cancel the server answers at once, or the line is dead. */
	PATIENCE_AFTER_CANCEL_MS = 5000,
	CANCEL_EVERY_MS = 500,
	PATIENCE_WITH_CANCEL_MS = 2000,
};

void result_clear(PGresult **result)
{
	if (*result)
		libpq.clear(*result);
	*result = NULL;
}

/* --- what is known of it ---------------------------------------------- */

bool session_is_alive(const struct session *session)
{
	return !session->is_abandoned && libpq.status(session->conn) == CONNECTION_OK;
}

enum session_transaction session_transaction(const struct session *session)
{
	if (session->is_abandoned)
		return SESSION_UNKNOWN;
	switch (libpq.transactionStatus(session->conn)) {
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

/* --- cancelling ------------------------------------------------------- */

void wire_forget_cancel(struct session *session)
{
	if (session->cancel_fd >= 0)
		close(session->cancel_fd);
	session->cancel_fd = -1;
}

/* What a thread of its own carries to the server. */
struct courier {
	PGcancel *cancel;
	int done_fd; /* closed on arrival */
};

static void courier_free(struct courier *courier)
{
	libpq.freeCancel(courier->cancel);
	close(courier->done_fd);
	free(courier);
}

static void *carry_cancel(void *argument)
{
	struct courier *courier = argument;
	char words[256];

	libpq.cancel(courier->cancel, words, sizeof(words));
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
	wire_forget_cancel(session);
	session->cancel_fd = ends[0];
	*courier = (struct courier){libpq.getCancel(session->conn), ends[1]};
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
	wire_forget_cancel(session);
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
	const struct str words = str_trim(str_of(libpq.errorMessage(session->conn)));

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
		    {.fd = libpq.socket(session->conn), .events = (short)(for_write ? POLLIN | POLLOUT : POLLIN)},
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

	while ((left = libpq.flush(session->conn)) == 1)
		if (!wire_wait(session, true, err) || !libpq.consumeInput(session->conn))
			return connection_lost(session, err);
	return left == 0 || connection_lost(session, err);
}

bool wire_result(struct session *session, PGresult **out, struct error *err)
{
	if (!flush(session, err))
		return false;
	while (libpq.isBusy(session->conn)) {
		if (!wire_wait(session, false, err))
			return false;
		if (libpq.consumeInput(session->conn))
			continue;
		if (libpq.status(session->conn) == CONNECTION_BAD)
			break; /* a last word of the server may still lie in the buffer */
		return wire_failed(session, NULL, err);
	}
	*out = libpq.getResult(session->conn);
	return true;
}

static bool is_copying(const PGresult *result)
{
	const ExecStatusType status = libpq.resultStatus(result);

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
	if (libpq.socket(session->conn) >= 0)
		shutdown(libpq.socket(session->conn), SHUT_RDWR);
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
	const struct str words = str_trim(str_of(libpq.errorMessage(session->conn)));

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
	const char *sqlstate = libpq.resultErrorField(result, PG_DIAG_SQLSTATE);
	const char *words = libpq.resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = libpq.resultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = libpq.resultErrorField(result, PG_DIAG_MESSAGE_HINT);
	const char *position = libpq.resultErrorField(result, PG_DIAG_STATEMENT_POSITION);
	const char *context = libpq.resultErrorField(result, PG_DIAG_CONTEXT);

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
