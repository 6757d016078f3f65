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
	size_t next_echo;    /* of `first`, to be said next */
	bool has_failed;
	size_t failed_message; /* of `first`, once has_failed */
	bool has_unsent;       /* `last` was not sent whole */
	size_t unsent_message; /* of `last`, once has_unsent */
	struct error unread;   /* why the rest of `last` could not be read; kind ERROR_NONE while all is well */
	bool is_boarding;      /* `last` is being sent: answers to all of it cannot be there */
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
	watch_subject(flight->run, flight->first->step);
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
	flight->next_echo = 0;
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
	const struct passage *first = flight->first;

	for (; first && flight->next_echo < first->echo_count; flight->next_echo++, flight->next_message++) {
		const struct passage_echo *echo = &first->echoes[flight->next_echo];

		if (first->statements_at + echo->index != flight->next_message)
			return;
		event_emit(flight->run->climb->reporter, &(struct event){.kind = EVENT_ECHO, .text = echo->text});
	}
}

static bool has_arrived(const struct flight *flight)
{
	return flight->next_message >= flight->first->total &&
	       !(flight->is_boarding && flight->first == flight->last);
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
	if (has_arrived(flight))
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
    {"rung_record_logged", SQL_history_record_logged, 0},
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

static bool send_message(struct flight *flight, const struct message *message, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request *request = &message->request;

	const char *sql = NULL;

	if (message->statement)
		return statement_sql(message->statement, &arena, &sql, err) &&
		       pipeline_send(&flight->pipeline, sql, NO_PARAMS, err);
	if (is_prepared(flight->run, request))
		return pipeline_send_prepared(&flight->pipeline, request->name, request->params, err);
	return pipeline_send(&flight->pipeline, request_sql(request, &arena), request->params, err);
}

/* An answer may end the flight while we are still sending; the passage is there as long as it is boarding. */
static bool send_all(struct flight *flight, struct message_walk *walk, struct error *err)
{
	for (;;) {
		const struct message *message;

		if (!message_next(walk, &message, &flight->unread))
			return false;
		if (!message)
			return true;
		if (flight->has_failed || interrupt_requested())
			return false;
		if (message->statement && message->statement->echo)
			continue;
		if (!send_message(flight, message, err)) {
			flight->has_unsent = true;
			flight->unsent_message = walk->done - 1;
			return false;
		}
	}
}

bool flight_board(struct flight *flight, struct passage **passage, struct error *err)
{
	scoped_message_walk struct message_walk walk = {.passage = *passage};

	flight->is_boarding = true;
	join(flight, TAKE(*passage));
	if (!send_all(flight, &walk, err))
		return false;
	flight->is_boarding = false;
	if (flight->first && has_arrived(flight))
		arrive(flight);
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

	const bool all_good = pipeline_end(&flight->pipeline, err);
	const bool is_unread = all_good && flight->first && flight->unread.kind;

	if (all_good && !is_unread)
		return check_arrived(flight, err);
	if (!is_unread && !find_failed(flight, &message))
		return false;
	if (is_unread)
		*err = flight->unread;
	else
		(void)!passage_blame_at(flight->run, flight->first, message, err);
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
