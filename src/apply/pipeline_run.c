/*
 * Many steps in one pipeline, with one Sync at its end. libpq gives the answers in the order of the
 * messages, so a count of them tells which message of which step an answer belongs to; nothing else is
 * kept.
 *
 * After the first error the server skips everything up to the Sync. Each step is a transaction of its own,
 * so the steps before the one that failed are committed, that one is rolled back, and those after it
 * never ran. That is the whole of error handling on the server's side.
 *
 * What every step says is prepared once a session under names of ours: parsing them a thousand times is
 * what otherwise costs most on the server. A pooler, or a file with DEALLOCATE ALL, takes them away; then
 * they are sent as text.
 */
#include "apply/pipeline_run.h"

#include <stdlib.h>
#include <string.h>

#include "apply/lock/watch.h"
#include "apply/step/step_query.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "pg/pipeline.h"

struct pipeline_run {
	struct run *run;
	struct pipeline pipeline;
	size_t preparations;       /* replies that belong to no step */
	struct step_script *first; /* on their way, oldest first */
	struct step_script *last;
	size_t next_message; /* of `first`, to be answered next */
	size_t next_echo;    /* of `first`, to be said next */
	bool has_failed;
	size_t failed_message; /* of `first`, once has_failed */
	bool has_unsent;       /* `last` was not sent whole */
	size_t unsent_message; /* of `last`, once has_unsent */
	struct error unread;   /* why the rest of `last` could not be read; kind ERROR_NONE while all is well */
	bool is_adding;        /* `last` is being sent: answers to all of it cannot be there */
	int64_t began_ms;      /* when `first` began to run */
};

/* What the server says from here on, it says of this one. */
static void begin_first(struct pipeline_run *pipeline_run)
{
	watch_subject(pipeline_run->run, pipeline_run->first->step);
	run_say_step(pipeline_run->run, pipeline_run->first->step, EVENT_STEP_BEGIN, -1);
}

/* The oldest step is done: committed and recorded. */
static void arrive(struct pipeline_run *pipeline_run)
{
	struct step_script *arrived = pipeline_run->first;
	const int64_t now_ms = clock_now_ms();

	run_say_step(pipeline_run->run, arrived->step, EVENT_STEP_DONE, now_ms - pipeline_run->began_ms);
	run_arrived(pipeline_run->run);
	pipeline_run->began_ms = now_ms;
	pipeline_run->next_message = 0;
	pipeline_run->next_echo = 0;
	pipeline_run->first = arrived->next;
	if (!pipeline_run->first)
		pipeline_run->last = NULL;
	else
		begin_first(pipeline_run);
	step_script_close(&arrived);
}

/* \echo travels nowhere; it is said when everything before it has been answered. */
static void say_echoes(struct pipeline_run *pipeline_run)
{
	const struct step_script *first = pipeline_run->first;

	for (; first && pipeline_run->next_echo < first->echo_count;
	     pipeline_run->next_echo++, pipeline_run->next_message++) {
		const struct step_script_echo *echo = &first->echoes[pipeline_run->next_echo];

		if (first->statements_at + echo->index != pipeline_run->next_message)
			return;
		event_echo(pipeline_run->run->options->reporter, echo->text);
	}
}

static bool has_arrived(const struct pipeline_run *pipeline_run)
{
	return pipeline_run->next_message >= pipeline_run->first->total &&
	       !(pipeline_run->is_adding && pipeline_run->first == pipeline_run->last);
}

static void receive(void *context, const struct reply *reply)
{
	struct pipeline_run *pipeline_run = context;

	if (pipeline_run->has_failed || reply->is_skipped || reply->index < pipeline_run->preparations)
		return;
	if (reply->error) {
		pipeline_run->has_failed = true;
		pipeline_run->failed_message = pipeline_run->next_message;
		return;
	}
	pipeline_run->next_message++;
	say_echoes(pipeline_run);
	if (has_arrived(pipeline_run))
		arrive(pipeline_run);
}

static bool prepare_each(struct pipeline_run *pipeline_run, const struct prepared_query *queries,
                         size_t count, struct error *err)
{
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < count; i++) {
		const char *sql = query_render(&arena, queries[i].sql, &pipeline_run->run->options->history);

		if (session_server_version(pipeline_run->run->db) < queries[i].since)
			continue;
		if (!pipeline_prepare(&pipeline_run->pipeline, queries[i].name, sql, err))
			return false;
		pipeline_run->preparations++;
	}
	return true;
}

/* First in the pipeline, outside any transaction, so that nothing before it can fail. */
static bool prepare(struct pipeline_run *pipeline_run, struct error *err)
{
	if (!prepare_each(pipeline_run, step_queries, STEP_QUERY_COUNT, err) ||
	    !prepare_each(pipeline_run, history_queries, HISTORY_QUERY_COUNT, err))
		return false;
	pipeline_run->run->is_prepared = true;
	return true;
}

bool pipeline_run_open(struct run *run, struct pipeline_run **out, struct error *err)
{
	scoped_pipeline_run struct pipeline_run *pipeline_run = calloc(1, sizeof(*pipeline_run));

	if (!pipeline_run)
		return error_set(err, ERROR_STORAGE, "out of memory");
	pipeline_run->run = run;
	if (!pipeline_begin(&pipeline_run->pipeline, run->db, receive, pipeline_run, err))
		return false;
	pipeline_run->pipeline.drops_rows = true;
	if (!run->is_prepared && !run->avoids_prepared && !prepare(pipeline_run, err))
		return false;
	*out = TAKE(pipeline_run);
	return true;
}

static void join(struct pipeline_run *pipeline_run, struct step_script *step_script)
{
	if (pipeline_run->last) {
		pipeline_run->last->next = step_script;
		pipeline_run->last = step_script;
		return;
	}
	pipeline_run->first = pipeline_run->last = step_script;
	pipeline_run->began_ms = clock_now_ms();
	begin_first(pipeline_run);
	say_echoes(pipeline_run);
}

static bool send_message(struct pipeline_run *pipeline_run, const struct message *message, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request *request = &message->request;

	const char *sql = NULL;

	if (message->statement)
		return statement_sql(message->statement, &arena, &sql, err) &&
		       pipeline_send(&pipeline_run->pipeline, sql, NO_PARAMS, err);
	if (request->prepared && pipeline_run->run->is_prepared)
		return pipeline_send_prepared(&pipeline_run->pipeline, request->prepared->name, request->params, err);
	return pipeline_send(&pipeline_run->pipeline, request_sql(request, &arena), request->params, err);
}

/* An answer may end the pipeline while we are still sending; the script is there as long as it is being
 * added. */
static bool send_all(struct pipeline_run *pipeline_run, struct message_cursor *cursor, struct error *err)
{
	for (;;) {
		const struct message *message;

		if (!message_next(cursor, &message, &pipeline_run->unread))
			return false;
		if (!message)
			return true;
		if (pipeline_run->has_failed || interrupt_requested())
			return false;
		if (message->statement && message->statement->echo)
			continue;
		if (!send_message(pipeline_run, message, err)) {
			pipeline_run->has_unsent = true;
			pipeline_run->unsent_message = cursor->done - 1;
			return false;
		}
	}
}

bool pipeline_run_add(struct pipeline_run *pipeline_run, struct step_script **step_script, struct error *err)
{
	scoped_message_cursor struct message_cursor cursor = {.step_script = *step_script};

	pipeline_run->is_adding = true;
	join(pipeline_run, TAKE(*step_script));
	if (!send_all(pipeline_run, &cursor, err))
		return false;
	pipeline_run->is_adding = false;
	if (pipeline_run->first && has_arrived(pipeline_run))
		arrive(pipeline_run);
	return pipeline_flush(&pipeline_run->pipeline, err);
}

/* What stopped the pipeline; false when it was the connection, and nobody knows. */
static bool find_failed(const struct pipeline_run *pipeline_run, size_t *message)
{
	const bool is_unsent = pipeline_run->has_unsent && pipeline_run->first == pipeline_run->last;

	if (!pipeline_run->first || !(pipeline_run->has_failed || is_unsent))
		return false;
	*message = pipeline_run->has_failed ? pipeline_run->failed_message : pipeline_run->unsent_message;
	return true;
}

/* All answers are good: then either all steps are done, or we were asked to stop while one was being added.
 */
static bool check_arrived(const struct pipeline_run *pipeline_run, struct error *err)
{
	if (!pipeline_run->first)
		return true;
	return interrupt_check(err) && error_set(err, ERROR_PARTIAL, "\"%s\" was not sent completely",
	                                         step_name(pipeline_run->first->step));
}

bool pipeline_run_finish(struct pipeline_run *pipeline_run, struct step_script **failed, struct error *err)
{
	size_t message;

	const bool all_good = pipeline_end(&pipeline_run->pipeline, err);
	const bool is_unread = all_good && pipeline_run->first && pipeline_run->unread.kind;

	if (all_good && !is_unread)
		return check_arrived(pipeline_run, err);
	if (!is_unread && !find_failed(pipeline_run, &message))
		return false;
	if (is_unread)
		*err = pipeline_run->unread;
	else
		(void)!step_script_locate_error_at(pipeline_run->run, pipeline_run->first, message, err);
	if (failed) {
		*failed = pipeline_run->first;
		pipeline_run->first = pipeline_run->first->next;
		(*failed)->next = NULL;
	}
	return false;
}

void pipeline_run_close(struct pipeline_run **pipeline_run)
{
	if (!*pipeline_run)
		return;
	pipeline_clear(&(*pipeline_run)->pipeline);
	while ((*pipeline_run)->first) {
		struct step_script *step_script = (*pipeline_run)->first;

		(*pipeline_run)->first = step_script->next;
		step_script_close(&step_script);
	}
	free(*pipeline_run);
	*pipeline_run = NULL;
}
