/*
 * SET LOCAL, all of it: what the file chose must come back, and only the end of a transaction restores it
 * without anybody having to know what it was. The user comes before the role, as setting the session's
 * user resets the role. The encoding is set because the texts we send are UTF-8.
 *
 * BEGIN READ WRITE, because the file may have made its session read only by default.
 *
 * One request of a session that has not changed goes without any of this and costs one round trip, as most
 * do.
 */
#include "apply/as_session_user.h"

#include "pg/pipeline.h"

/* The role is the session's default, unless one was asked for that could not become it. */
static const char *role_command(const struct run *run, struct arena *arena)
{
	const char *role = run->connection.role;

	return role ? arena_printf(arena, "SET LOCAL ROLE %s", quote_name(arena, role))
	            : "SET LOCAL ROLE TO DEFAULT";
}

static bool is_open(const struct run *run)
{
	return session_transaction(run->db) == SESSION_IN_TRANSACTION;
}

/* Who, before what: the server reads each message as the one before it left the session. */
static bool send_as_session_user(struct run *run, struct pipeline *pipeline, bool begins, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (begins && !pipeline_send(pipeline, "BEGIN READ WRITE", NO_PARAMS, err))
		return false;
	return !run->may_be_other ||
	       (pipeline_send(pipeline, "SET LOCAL SESSION AUTHORIZATION DEFAULT", NO_PARAMS, err) &&
	        pipeline_send(pipeline, role_command(run, &arena), NO_PARAMS, err) &&
	        pipeline_send(pipeline, "SET LOCAL client_encoding TO 'UTF8'", NO_PARAMS, err));
}

static void receive(void *context, const struct reply *reply)
{
	(void)context;
	(void)reply; /* what fails fails the whole */
}

static bool send_all(struct run *run, struct pipeline *pipeline, const struct request *requests, size_t count,
                     struct error *err)
{
	const bool begins = !is_open(run);
	scoped_arena struct arena arena = {0};

	if (!send_as_session_user(run, pipeline, begins, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!pipeline_send(pipeline, request_sql(&requests[i], &arena), requests[i].params, err))
			return false;
	return !begins || pipeline_send(pipeline, "COMMIT", NO_PARAMS, err);
}

bool as_session_user_run(struct run *run, const struct request *requests, size_t count, struct error *err)
{
	scoped_pipeline struct pipeline pipeline = {0};

	if (count == 1 && !run->may_be_other)
		return request_run(run->db, requests, err);
	return (pipeline_begin(&pipeline, run->db, receive, NULL, err) &&
	        send_all(run, &pipeline, requests, count, err) && pipeline_end(&pipeline, err)) ||
	       (count > 0 && request_explain(run->db, requests, err));
}

bool as_session_user_begin(struct run *run, struct error *err)
{
	scoped_pipeline struct pipeline pipeline = {0};

	return !run->may_be_other ||
	       (pipeline_begin(&pipeline, run->db, receive, NULL, err) &&
	        send_as_session_user(run, &pipeline, true, err) && pipeline_end(&pipeline, err));
}

void as_session_user_end(struct run *run)
{
	if (run->may_be_other)
		session_rollback(run->db);
}
