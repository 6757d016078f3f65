/*
 * A thousand migrations are a thousand round trips one by one, and one in a pipeline. What makes it hard is
 * that neither side may wait for the other: the server stops reading when nobody takes its answers, and
 * libpq keeps what it cannot send. So answers are taken in as statements go out, every few statements and
 * not each time, as a look costs a system call; and what is on its way is bounded, which bounds the memory
 * of both.
 *
 * Each statement has exactly one reply, counted in `received`, and the end of the pipeline is reached only
 * when both counts are the same (leave). A missing answer is never taken for success. After the first error
 * the server skips all that follows up to the end, and replies say so.
 *
 * With a large statement nothing else is on its way (keep_window), because it may be cut short by closing
 * the connection (sending.c).
 */
#include "pg/pipeline.h"

#include <string.h>

#include "base/interrupt.h"
#include "pg/session_internal.h"

/*
 * What may be on its way at once, libpq's own bookkeeping included. Large
 * enough that two hundred migrations over a slow line are one round trip, small
 * enough that ten thousand need no more memory than those.
 */
enum { WINDOW = 512 * 1024, BOOKKEEPING = 128 };

/* libpq sends by itself what is more than 8 kB. */
enum { READ_EVERY = 16, READ_EVERY_BYTES = 6 * 1024 };

bool pipeline_begin(struct pipeline *pipeline, struct session *session, pipeline_receive receive,
                    void *context, struct error *err)
{
	*pipeline = (struct pipeline){.session = session, .receive = receive, .context = context};
	session->error_position = 0;
	wire_asked(session);
	if (!session_is_alive(session))
		return wire_not_sent(session, err);
	wire_gather_rows(session);
	if (!libpq.enterPipelineMode(session->conn))
		return wire_not_sent(session, err);
	pipeline->is_open = true;
	return true;
}

struct rows *reply_take(const struct reply *reply)
{
	return TAKE(*reply->owned);
}

/* What libpq complains of, as a number to compare; 0: of nothing. */
static uint64_t complaint_of(const PGconn *conn)
{
	uint64_t sum = 0;

	for (const char *c = libpq.errorMessage(conn); *c; c++)
		sum = sum * 31 + (unsigned char)*c;
	return sum;
}

static void hand_over(struct pipeline *pipeline, PGresult **owned)
{
	const PGresult *result = *owned;
	struct session *session = pipeline->session;
	struct error error; /* large, and rarely needed */
	struct reply reply = {.index = pipeline->received++, .owned = (struct rows **)owned};

	switch (libpq.resultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY:
		reply.rows = (const struct rows *)result;
		reply.tag = libpq.cmdStatus(*owned);
		break;
	case PGRES_PIPELINE_ABORTED:
		reply.is_skipped = true;
		break;
	default:
		error = (struct error){0};
		wire_failed(session, result, &error);
		reply.error = &error;
		if (!pipeline->first_error.kind)
			pipeline->first_error = error;
	}
	wire_answered(session);
	pipeline->said = complaint_of(session->conn);
	pipeline->receive(pipeline->context, &reply);
}

/*
 * The end of the pipeline was asked for, and libpq will never say that it is there, as it had no memory to:
 * it expects nothing any more; or all answers are in, and it has a complaint that none of them was.
 */
static bool has_lost_end(const struct pipeline *pipeline)
{
	PGconn *conn = pipeline->session->conn;
	const uint64_t complaint = complaint_of(conn);

	return !libpq.isBusy(conn) || (pipeline->received == pipeline->sent && pipeline->sent > 0 && complaint &&
	                               complaint != pipeline->said);
}

/* A row by itself is one of a statement whose rows nobody wants; of any other it would be missing. */
static void take_dropped(struct pipeline *pipeline)
{
	if (!pipeline->drops_rows && !pipeline->first_error.kind)
		error_set(&pipeline->first_error, ERROR_SQL,
		          "the rows of an answer came singly, and nobody kept them");
}

static void drop_rows(const struct pipeline *pipeline)
{
	if (pipeline->drops_rows)
		wire_drop_rows(pipeline->session);
}

/*
 * Reads answers while there are any without waiting. libpq puts a NULL after
 * each statement's results; two in a row mean that nothing more was asked.
 */
static bool read_ready(struct pipeline *pipeline, bool *synced, struct error *err)
{
	PGconn *conn = pipeline->session->conn;

	for (int nothing = 0; nothing < 2 && !*synced && !libpq.isBusy(conn);) {
		scoped_result PGresult *result = libpq.getResult(conn);

		if (!result) {
			nothing++;
			drop_rows(pipeline);
			continue;
		}
		nothing = 0;
		if (libpq.resultStatus(result) == PGRES_PIPELINE_SYNC)
			*synced = true;
		else if (wire_is_dropped(result))
			take_dropped(pipeline);
		else if (pipeline->received < pipeline->sent)
			hand_over(pipeline, &result);
	}
	return libpq.status(conn) == CONNECTION_OK || wire_failed(pipeline->session, NULL, err);
}

static bool take_in(struct pipeline *pipeline, struct error *err)
{
	bool synced = false;

	if (!libpq.consumeInput(pipeline->session->conn))
		return wire_failed(pipeline->session, NULL, err);
	return read_ready(pipeline, &synced, err);
}

/* By the mean of all so far: which of them were answered is known, their single sizes are not kept. */
static size_t bytes_on_the_way(const struct pipeline *pipeline)
{
	const size_t usual = pipeline->sent ? pipeline->bytes_sent / pipeline->sent : 0;

	return (pipeline->sent - pipeline->received) * (usual + BOOKKEEPING);
}

/*
 * Waits until no more than `most` is on its way; the server need not be told to answer before something is.
 */
static bool wait_for_answers(struct pipeline *pipeline, size_t most, struct error *err)
{
	if (bytes_on_the_way(pipeline) <= most)
		return true;
	if (!pipeline_flush(pipeline, err))
		return false;
	while (bytes_on_the_way(pipeline) > most && !pipeline->first_error.kind) {
		const int unsent = libpq.flush(pipeline->session->conn);

		if (unsent < 0 || !wire_wait(pipeline->session, unsent == 1, err))
			return wire_failed(pipeline->session, NULL, err);
		if (!take_in(pipeline, err))
			return false;
	}
	return true;
}

/*
 * What the socket has no room for stays with libpq, which then tries to send it again with each message: two
 * system calls for nothing. The server has more to do than it can at that moment, so nobody loses by waiting.
 */
static bool wait_for_room(struct pipeline *pipeline, struct error *err)
{
	int unsent;

	while ((unsent = libpq.flush(pipeline->session->conn)) == 1) {
		if (!wire_wait(pipeline->session, true, err))
			return wire_failed(pipeline->session, NULL, err);
		if (!take_in(pipeline, err))
			return false;
	}
	return unsent == 0 || wire_failed(pipeline->session, NULL, err);
}

/*
 * With a whole window on its way: until the server has worked through half of it. Nothing but itself is on
 * its way with a large statement: should that be cut short, it is known what came before.
 */
static bool keep_window(struct pipeline *pipeline, size_t size, struct error *err)
{
	if (wire_is_large(size))
		return wait_for_answers(pipeline, 0, err);
	return bytes_on_the_way(pipeline) < WINDOW || wait_for_answers(pipeline, WINDOW / 2, err);
}

/* Whatever its caller does with it: pipeline_end() fails too. */
static bool not_sent(struct pipeline *pipeline, struct error *err)
{
	wire_not_sent(pipeline->session, err);
	if (!pipeline->send_error.kind)
		pipeline->send_error = *err;
	return false;
}

static bool was_sent(struct pipeline *pipeline, int ok, size_t bytes, struct error *err)
{
	if (!ok)
		return not_sent(pipeline, err);
	pipeline->bytes_sent += bytes;
	pipeline->sent++;
	if (pipeline->received + 1 == pipeline->sent)
		drop_rows(pipeline);
	if (pipeline->sent % READ_EVERY != 0 && pipeline->bytes_sent < pipeline->read_at + READ_EVERY_BYTES)
		return true;
	pipeline->read_at = pipeline->bytes_sent;
	return wait_for_room(pipeline, err) && take_in(pipeline, err);
}

bool pipeline_send(struct pipeline *pipeline, const char *sql, struct params params, struct error *err)
{
	const size_t size = strlen(sql) + wire_params_size(params);

	return keep_window(pipeline, size, err) &&
	       was_sent(pipeline, wire_send_params(pipeline->session, sql, params), size, err);
}

bool pipeline_prepare(struct pipeline *pipeline, const char *name, const char *sql, struct error *err)
{
	return was_sent(pipeline, libpq.sendPrepare(pipeline->session->conn, name, sql, 0, NULL), strlen(sql),
	                err);
}

bool pipeline_send_prepared(struct pipeline *pipeline, const char *name, struct params params,
                            struct error *err)
{
	const size_t size = wire_params_size(params);

	return keep_window(pipeline, size, err) &&
	       was_sent(pipeline, wire_send_prepared(pipeline->session, name, params), size, err);
}

bool pipeline_flush(struct pipeline *pipeline, struct error *err)
{
	return libpq.sendFlushRequest(pipeline->session->conn) || not_sent(pipeline, err);
}

static bool land(struct pipeline *pipeline, struct error *err)
{
	PGconn *conn = pipeline->session->conn;
	bool synced = false;

	if (!libpq.pipelineSync(conn)) {
		wire_not_sent(pipeline->session, err);
		wire_abandon(pipeline->session);
		return false;
	}
	for (;;) {
		const int unsent = libpq.flush(conn);

		if (!read_ready(pipeline, &synced, err))
			return false;
		if (synced)
			return true;
		if (has_lost_end(pipeline))
			return wire_failed(pipeline->session, NULL, err);
		if (unsent < 0 || !wire_wait(pipeline->session, unsent == 1, err))
			return wire_failed(pipeline->session, NULL, err);
		if (!libpq.consumeInput(conn) && (libpq.status(conn) == CONNECTION_OK || libpq.isBusy(conn)))
			return wire_failed(pipeline->session, NULL, err);
	}
}

/* Every answer is in, one for each statement, or what we know of them is wrong. */
static bool leave(struct pipeline *pipeline, struct error *err)
{
	pipeline->is_open = false;
	if (pipeline->received == pipeline->sent && libpq.exitPipelineMode(pipeline->session->conn))
		return true;
	wire_failed(pipeline->session, NULL, err);
	return error_detail(err, "%zu statements were sent in a pipeline, and %zu answers came.", pipeline->sent,
	                    pipeline->received);
}

bool pipeline_end(struct pipeline *pipeline, struct error *err)
{
	if (!land(pipeline, err)) {
		/* Why it was lost, where the server still said so, is worth more than that it was. */
		if (pipeline->first_error.kind == ERROR_SERVER)
			*err = pipeline->first_error;
		return false;
	}
	if (!leave(pipeline, err))
		return false;
	const struct error *first = pipeline->first_error.kind ? &pipeline->first_error : &pipeline->send_error;
	if (first->kind)
		*err = *first;
	return !first->kind;
}

void pipeline_clear(struct pipeline *pipeline)
{
	struct error ignored;

	if (pipeline->is_open && session_is_alive(pipeline->session) &&
	    (!land(pipeline, &ignored) || !leave(pipeline, &ignored)))
		wire_abandon(pipeline->session);
	pipeline->is_open = false;
}
