#include "apply/flight.h"

#include <stdlib.h>
#include <string.h>

#include "apply/watch.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "pg/pipeline.h"

struct flight {
	struct run *run;
	struct pipeline pipeline;
	size_t preparations;   /* replies that belong to no passage */
	struct passage *first; /* on their way, oldest first */
	struct passage *last;
	size_t next_message; /* of `first`, to be answered next */
	bool has_failed;
	size_t failed_message; /* of `first`, once has_failed */
	bool has_unsent;       /* `last` was not sent whole */
	size_t unsent_message; /* of `last`, once has_unsent */
	int64_t began_ms;      /* when `first` began to run */
};

static void say(struct flight *flight, enum event_kind kind, int64_t duration_ms)
{
	const struct step *step = flight->first->step;

	event_emit(flight->run->climb->reporter, &(struct event){
	                                             .kind = kind,
	                                             .action = step_action_name(step->action),
	                                             .version = step_version(step),
	                                             .name = step_name(step),
	                                             .duration_ms = duration_ms,
	                                             .fraction = -1,
	                                             .count = -1,
	                                         });
}

/* What the server says from here on, it says of this one. */
static void begin_first(struct flight *flight)
{
	watch_subject(flight->run, step_name(flight->first->step));
	say(flight, EVENT_STEP_BEGIN, -1);
}

/* The oldest passage has arrived: committed and recorded. */
static void arrive(struct flight *flight)
{
	struct passage *arrived = flight->first;
	const int64_t now_ms = clock_now_ms();

	say(flight, EVENT_STEP_DONE, now_ms - flight->began_ms);
	run_arrived(flight->run);
	flight->began_ms = now_ms;
	flight->next_message = 0;
	flight->first = arrived->next;
	if (!flight->first)
		flight->last = NULL;
	else
		begin_first(flight);
	passage_close(&arrived);
}

/* \echo travels nowhere; it is said when everything before it has been answered. */
static void say_echoes(struct flight *flight)
{
	while (flight->first && flight->next_message < flight->first->count) {
		const struct statement *statement = flight->first->messages[flight->next_message].statement;

		if (!statement || !statement->echo)
			return;
		event_emit(flight->run->climb->reporter,
		           &(struct event){.kind = EVENT_ECHO, .text = statement->echo});
		flight->next_message++;
	}
}

static void receive(void *context, const struct reply *reply)
{
	struct flight *flight = context;

	if (flight->has_failed || reply->is_skipped || reply->index < flight->preparations)
		return;
	if (reply->error) {
		flight->has_failed = true;
		flight->failed_message = flight->next_message;
		return;
	}
	flight->next_message++;
	say_echoes(flight);
	if (flight->next_message == flight->first->count)
		arrive(flight);
}

/* What every passage says is parsed and planned once a session, under names no file is likely to choose. */
static const struct {
	const char *name;
	const char *sql;
	int since; /* server version */
} prepared[] = {
    {"rung_begin", "BEGIN", 0},
    {"rung_commit", "COMMIT", 0},
    {"rung_restore_user", "SET SESSION AUTHORIZATION DEFAULT", 0},
    {"rung_restore_role", "RESET ROLE", 0},
    {"rung_restore_settings", "RESET ALL", 0},
    {"rung_settle", "SET CONSTRAINTS ALL IMMEDIATE", 0},
    {"rung_close_cursors", "CLOSE ALL", 0},
    {"rung_discard_temporary", "DISCARD TEMP", 0},
    {"rung_discard_sequences", "DISCARD SEQUENCES", 0},
    {"rung_unlisten", "UNLISTEN *", 0},
    {"rung_check_user", SQL_apply_check_user, 0},
    {"rung_check_session", SQL_apply_check_session, 0},
    {"rung_record", SQL_history_record, 0},
    {"rung_log", SQL_history_log, 0},
    {"rung_limits", SQL_apply_limits, 140000},
    {"rung_limits_before_14", SQL_apply_limits_before_14, 0},
};

enum { PREPARED_COUNT = sizeof(prepared) / sizeof(*prepared) };

/* First in the flight, outside any transaction, so that nothing before it can fail. */
static bool prepare(struct flight *flight, struct error *err)
{
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < PREPARED_COUNT; i++) {
		const char *sql = query_render(&arena, prepared[i].sql, &flight->run->climb->history);

		if (session_server_version(flight->run->db) < prepared[i].since)
			continue;
		if (!pipeline_prepare(&flight->pipeline, prepared[i].name, sql, err))
			return false;
		flight->preparations++;
	}
	flight->run->is_prepared = true;
	return true;
}

bool flight_open(struct run *run, struct flight **out, struct error *err)
{
	scoped_flight struct flight *flight = calloc(1, sizeof(*flight));

	if (!flight)
		return error_set(err, ERROR_STORAGE, "out of memory");
	flight->run = run;
	if (!pipeline_begin(&flight->pipeline, run->db, receive, flight, err))
		return false;
	flight->pipeline.drops_rows = true;
	if (!run->is_prepared && !run->avoids_prepared && !prepare(flight, err))
		return false;
	*out = TAKE(flight);
	return true;
}

static void join(struct flight *flight, struct passage *passage)
{
	if (flight->last) {
		flight->last->next = passage;
		flight->last = passage;
		return;
	}
	flight->first = flight->last = passage;
	flight->began_ms = clock_now_ms();
	begin_first(flight);
	say_echoes(flight);
}

static bool is_prepared(const struct run *run, const struct request *request)
{
	if (!run->is_prepared || !request->name)
		return false;
	for (size_t i = 0; i < PREPARED_COUNT; i++)
		if (strcmp(request->name, prepared[i].name) == 0)
			return true;
	return false;
}

static bool send_request(struct flight *flight, const struct request *request, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (is_prepared(flight->run, request))
		return pipeline_send_prepared(&flight->pipeline, request->name, request->params, err);
	return pipeline_send(&flight->pipeline, request_sql(request, &arena), request->params, err);
}

bool flight_board(struct flight *flight, struct passage **passage, struct error *err)
{
	struct passage *boarding = TAKE(*passage);
	struct message *messages = boarding->messages;
	const size_t count = boarding->count;

	join(flight, boarding);
	for (size_t i = 0; i < count; i++) {
		/* An answer may end the flight, and free the passage with it, while we are still sending. */
		if (flight->has_failed || interrupt_requested())
			return false;
		if (messages[i].statement && messages[i].statement->echo)
			continue;
		if (!send_request(flight, &messages[i].request, err)) {
			flight->has_unsent = true;
			flight->unsent_message = i;
			return false;
		}
	}
	return pipeline_flush(&flight->pipeline, err);
}

/* What stopped the flight; false when it was the line, and nobody knows. */
static bool find_failed(const struct flight *flight, size_t *message)
{
	const bool is_unsent = flight->has_unsent && flight->first == flight->last;

	if (!flight->first || !(flight->has_failed || is_unsent))
		return false;
	*message = flight->has_failed ? flight->failed_message : flight->unsent_message;
	return true;
}

/* All answers are good: then either all passages arrived, or we were asked to stop while one was boarding. */
static bool check_arrived(const struct flight *flight, struct error *err)
{
	if (!flight->first)
		return true;
	return interrupt_check(err) &&
	       error_set(err, ERROR_PARTIAL, "\"%s\" was not sent whole", step_name(flight->first->step));
}

bool flight_land(struct flight *flight, struct passage **failed, struct error *err)
{
	size_t message;

	if (pipeline_end(&flight->pipeline, err))
		return check_arrived(flight, err);
	if (!find_failed(flight, &message))
		return false;
	passage_blame(flight->run, flight->first, &flight->first->messages[message], err);
	if (failed) {
		*failed = flight->first;
		flight->first = flight->first->next;
		(*failed)->next = NULL;
	}
	return false;
}

void flight_close(struct flight **flight)
{
	if (!*flight)
		return;
	pipeline_clear(&(*flight)->pipeline);
	while ((*flight)->first) {
		struct passage *passage = (*flight)->first;

		(*flight)->first = passage->next;
		passage_close(&passage);
	}
	free(*flight);
	*flight = NULL;
}
