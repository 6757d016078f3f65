/*
 * An event has a dozen fields and each kind has a use for three or four. "Nothing to say" is -1 for numbers,
 * since 0 is a value (no rows, no time), and a kind that forgot one printed a zero as if it were measured.
 * So events are made here alone, by a function of their kind whose parameters are what the kind must say;
 * scripts/check_output.sh fails on one that is filled in elsewhere.
 */
#include "report/event.h"

#include <stdarg.h>

#include "base/arena.h"
#include "report/report.h"

/* Of every kind, what it says nothing of. */
static struct event event_of(enum event_kind kind, const char *text)
{
	return (struct event){.kind = kind, .text = text, .duration_ms = -1, .fraction = -1, .count = -1};
}

struct event event_of_step(enum event_kind phase, const char *action, int64_t version, const char *name)
{
	struct event event = event_of(phase, NULL);

	event.action = action;
	event.version = version;
	event.name = name;
	return event;
}

struct event event_of_finding(const char *rule, const char *place, const char *text)
{
	struct event event = event_of(EVENT_FINDING, text);

	event.action = rule;
	event.place = place;
	return event;
}

struct event event_of_note(const char *text)
{
	return event_of(EVENT_NOTE, text);
}

const char *event_type(enum event_kind kind)
{
	static const char *const types[] = {
	    [EVENT_NOTE] = "note",        [EVENT_WARNING] = "warning",   [EVENT_DEBUG] = "debug",
	    [EVENT_PLANNED] = "step",     [EVENT_STEP_BEGIN] = "step",   [EVENT_STEP_DONE] = "step",
	    [EVENT_STEP_FAILED] = "step", [EVENT_NOTICE] = "notice",     [EVENT_ECHO] = "echo",
	    [EVENT_WAITING] = "waiting",  [EVENT_PROGRESS] = "progress", [EVENT_FINDING] = "finding",
	    [EVENT_DONE] = "done",
	};

	return types[kind];
}

struct event event_of_warning(const char *text)
{
	return event_of(EVENT_WARNING, text);
}

void event_echo(struct reporter *reporter, const char *text)
{
	const struct event event = event_of(EVENT_ECHO, text);

	event_emit(reporter, &event);
}

void event_notice(struct reporter *reporter, const char *severity, const char *name, const char *text,
                  bool is_news)
{
	struct event event = event_of(EVENT_NOTICE, text);

	event.action = severity;
	event.name = name;
	event.is_news = is_news;
	event_emit(reporter, &event);
}

void event_waiting(struct reporter *reporter, const char *name, const char *text, int64_t waited_ms)
{
	struct event event = event_of(EVENT_WAITING, text);

	event.name = name;
	event.duration_ms = waited_ms;
	event_emit(reporter, &event);
}

void event_progress(struct reporter *reporter, const char *name, const char *text, int64_t spent_ms,
                    double fraction, int64_t count)
{
	struct event event = event_of(EVENT_PROGRESS, text);

	event.name = name;
	event.duration_ms = spent_ms;
	event.fraction = fraction;
	event.count = count;
	event_emit(reporter, &event);
}

void event_done(struct reporter *reporter, const char *text, int64_t duration_ms, int64_t count)
{
	struct event event = event_of(EVENT_DONE, text);

	event.duration_ms = duration_ms;
	event.count = count;
	event_emit(reporter, &event);
}

PRINTF_LIKE(3, 0)
static void emit_sentence(struct reporter *reporter, enum event_kind kind, const char *format, va_list args)
{
	scoped_arena struct arena arena = {0};
	const struct event event = event_of(kind, arena_vprintf(&arena, format, args));

	event_emit(reporter, &event);
}

#define EMIT_SENTENCE(kind)                            \
	do {                                               \
		va_list args;                                  \
		va_start(args, format);                        \
		emit_sentence(reporter, (kind), format, args); \
		va_end(args);                                  \
	} while (0)

void event_note(struct reporter *reporter, const char *format, ...)
{
	if (reporter)
		EMIT_SENTENCE(EVENT_NOTE);
}

void event_warning(struct reporter *reporter, const char *format, ...)
{
	if (reporter)
		EMIT_SENTENCE(EVENT_WARNING);
}

void event_debug(struct reporter *reporter, const char *format, ...)
{
	if (reporter_is_verbose(reporter))
		EMIT_SENTENCE(EVENT_DEBUG);
}
