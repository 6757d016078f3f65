/*
 * Sending what may be large. libpq in its nonblocking mode moves everything
 * that is left to the front of its buffer each time the socket has taken some:
 * for two hundred megabytes and a socket that takes two hundred kilobytes at a
 * time, that is minutes. In its blocking mode it moves nothing, but waits in a
 * loop of its own that looks at no interrupts; so another thread looks at them
 * while it does, and cuts the connection, which ends the loop. The server then
 * rolls back: a message without its end is nothing it could have begun with.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/thread.h"
#include "pg/session_internal.h"

enum { LARGE_SIZE = 1024 * 1024 };

/* Looks at interrupts while libpq does not. */
struct guard {
	struct session *session;
	int socket;
	int done[2]; /* a pipe that is closed at one end when all is sent */
	pthread_t thread;
	bool is_running;
	bool has_cut;
};

bool wire_is_large(size_t size)
{
	return size >= LARGE_SIZE;
}

size_t wire_params_size(struct params params)
{
	size_t size = 0;

	for (int i = 0; i < params.count; i++)
		size += params.values[i] ? strlen(params.values[i]) : 0;
	return size;
}

static void *look_out(void *argument)
{
	struct guard *guard = argument;
	struct pollfd fds[] = {{.fd = guard->done[0], .events = POLLIN},
	                       {.fd = interrupt_fd(), .events = POLLIN}};

	while (poll(fds, 2, -1) < 0)
		continue;
	if (!fds[0].revents) {
		guard->has_cut = true;
		shutdown(guard->socket, SHUT_RDWR);
	}
	return NULL;
}

/* Without a thread the statement is sent all the same, and being asked to stop is heard after it. */
static void guard_begin(struct guard *guard, struct session *session)
{
	*guard = (struct guard){.session = session, .socket = libpq.socket(session->conn)};
	if (session->is_held || session->is_cancelled || guard->socket < 0 || pipe2(guard->done, O_CLOEXEC) < 0)
		return;
	guard->is_running = thread_start(&guard->thread, look_out, guard);
	if (guard->is_running)
		return;
	close(guard->done[0]);
	close(guard->done[1]);
}

static void guard_end(struct guard *guard)
{
	struct session *session = guard->session;

	if (!guard->is_running)
		return;
	close(guard->done[1]);
	pthread_join(guard->thread, NULL);
	close(guard->done[0]);
	if (!guard->has_cut)
		return;
	session->is_cut_short = true;
	session->is_cancelled = true;
	session->is_abandoned = true;
}

/* What is to be sent, in one of three ways. */
struct sending {
	int (*send)(PGconn *conn, const struct sending *sending);
	const char *text; /* of the statement, or its name */
	struct params params;
};

static int send_now(struct session *session, size_t size, const struct sending *sending)
{
	struct guard guard;

	if (!wire_is_large(size))
		return sending->send(session->conn, sending);
	/* What is left of earlier ones goes first. */
	guard_begin(&guard, session);
	const bool is_sent =
	    libpq.setnonblocking(session->conn, 0) == 0 && sending->send(session->conn, sending) == 1;
	const bool is_back = libpq.setnonblocking(session->conn, 1) == 0;
	guard_end(&guard);
	return is_sent && is_back && !session->is_cut_short;
}

static int by_query(PGconn *conn, const struct sending *sending)
{
	return libpq.sendQuery(conn, sending->text);
}

static int by_params(PGconn *conn, const struct sending *sending)
{
	return libpq.sendQueryParams(conn, sending->text, sending->params.count, NULL, sending->params.values,
	                             NULL, NULL, 0);
}

static int by_name(PGconn *conn, const struct sending *sending)
{
	return libpq.sendQueryPrepared(conn, sending->text, sending->params.count, sending->params.values, NULL,
	                               NULL, 0);
}

int wire_send_query(struct session *session, const char *sql)
{
	return send_now(session, strlen(sql), &(struct sending){.send = by_query, .text = sql});
}

int wire_send_params(struct session *session, const char *sql, struct params params)
{
	return send_now(session, strlen(sql) + wire_params_size(params),
	                &(struct sending){by_params, sql, params});
}

int wire_send_prepared(struct session *session, const char *name, struct params params)
{
	return send_now(session, wire_params_size(params), &(struct sending){by_name, name, params});
}

/* --- rows nobody wants ------------------------------------------------- */

void wire_drop_rows(struct session *session)
{
	/* Not right now (0) where nothing runs, or its first result is there already: then there are few. */
#ifdef LIBPQ_HAS_CHUNK_MODE
	enum { ROWS_AT_ONCE = 256 };
	(void)libpq.setChunkedRowsMode(session->conn, ROWS_AT_ONCE);
#else
	(void)libpq.setSingleRowMode(session->conn);
#endif
}

void wire_gather_rows(struct session *session)
{
	/*
	 * libpq forgets the mode when the next statement is asked outside of a pipeline, and with each further
	 * one inside, but not with the first there. One without text is refused before anything of it is sent.
	 */
	(void)libpq.sendQuery(session->conn, NULL);
}

bool wire_is_dropped(const PGresult *result)
{
	switch ((int)libpq.resultStatus(result)) {
	case PGRES_SINGLE_TUPLE:
#ifdef LIBPQ_HAS_CHUNK_MODE
	case PGRES_TUPLES_CHUNK:
#endif
		return true;
	default:
		return false;
	}
}
