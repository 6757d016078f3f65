/*
 * event.h - what happens, said once
 *
 * Lower floors emit events; report.h turns them into coloured lines and a
 * progress line for people, or into one JSON object a line for programs, and
 * into the log file. The code that emits them knows nothing of terminals.
 */
#ifndef RUNG_REPORT_EVENT_H
#define RUNG_REPORT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attribute.h"
#include "base/error.h"

enum event_kind {
	EVENT_NOTE, /* a sentence worth saying */
	EVENT_WARNING,
	EVENT_DEBUG,   /* for us; shown with --verbose only, promises nothing */
	EVENT_PLANNED, /* a step of a dry run */
	EVENT_STEP_BEGIN,
	EVENT_STEP_DONE,
	EVENT_STEP_FAILED, /* the error itself follows from main */
	EVENT_NOTICE,      /* the server's NOTICE or WARNING while a step ran; severity in `action` */
	EVENT_ECHO,        /* an \echo in a migration */
	EVENT_WAITING,     /* for a lock; who holds it in `text` */
	EVENT_PROGRESS,    /* of long work; replaces the last one on a terminal */
	EVENT_FINDING,     /* check, test: one thing found; its rule in `action` */
	EVENT_DONE,        /* the command's last word */
};

struct changed_fact;

/* What a finding says of an object of the database. */
struct event_object {
	const char *kind;                 /* "column" */
	const char *identity;             /* "public.t.a" */
	const char *change;               /* added, changed, removed */
	const struct changed_fact *facts; /* what differs of it, where that is known */
	size_t fact_count;
};

struct event {
	enum event_kind kind;
	const char *action;   /* apply, reapply, resume, rollback, stamp ...; see the kinds above */
	int64_t version;      /* 0 when no migration is meant */
	const char *name;     /* of the migration, or NULL */
	const char *text;     /* for people; NULL where the kind says it all */
	const char *place;    /* schema/06_x.sql:17:8, or NULL */
	int64_t duration_ms;  /* -1 when it means nothing */
	double fraction;      /* of progress, 0 to 1; negative when unknown */
	int64_t count;        /* of what `text` speaks of, for programs; -1 when it means nothing */
	const char *breaking; /* what a planned step takes from old clients, or NULL */
	const char *sql; /* that ends what was found, or that a planned step runs and no file holds; or NULL */
	bool is_news;    /* a notice that is shown also where the server only skips what is there */
	const struct event_object *object; /* of a finding; or NULL */
};

struct reporter;

/* The kind's "type" in JSON; steps also have a "phase": planned, begin, done or failed. */
const char *event_type(enum event_kind kind);

/* A NULL reporter is a silent one. Several threads may speak; they are heard one after the other. */
void event_emit(struct reporter *reporter, const struct event *event);

/*
 * Every event is made by a function of its kind, which says by what it takes what
 * such an event is made of; all else means nothing in it. Of a kind that often
 * has more to say the event is returned, for the caller to add that by name.
 */
struct event event_of_step(enum event_kind phase, const char *action, int64_t version, const char *name);
struct event event_of_finding(const char *rule, const char *place, const char *text);
struct event event_of_note(const char *text);
struct event event_of_warning(const char *text);

void event_echo(struct reporter *reporter, const char *text);
void event_notice(struct reporter *reporter, const char *severity, const char *name, const char *text,
                  bool is_news);
void event_waiting(struct reporter *reporter, const char *name, const char *text, int64_t waited_ms);
void event_progress(struct reporter *reporter, const char *name, const char *text, int64_t spent_ms,
                    double fraction, int64_t count);
void event_done(struct reporter *reporter, const char *text, int64_t duration_ms, int64_t count);

/* The short forms, for sentences. */
void event_note(struct reporter *reporter, const char *format, ...) PRINTF_LIKE(2, 3);
void event_warning(struct reporter *reporter, const char *format, ...) PRINTF_LIKE(2, 3);
void event_debug(struct reporter *reporter, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
