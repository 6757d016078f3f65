#include "base/clock.h"
#include "command/test/judge.h"

void judge_say(struct judge_line *line, const char *word)
{
	buffer_printf(&line->text, "%s%s", line->text.len ? ", " : "", word);
}

void judge_find(struct judge *judge, struct judge_line *line, const char *rule, const char *place,
                const char *text)
{
	judge->found++;
	line->is_failed = true;
	const struct event event = event_of_finding(rule, place, text);

	event_emit(judge->context->reporter, &event);
}

const char *judge_words(const struct error *err, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_text(&text, err->message);
	if (err->sqlstate[0])
		buffer_printf(&text, " (%s)", err->sqlstate);
	if (err->detail[0])
		buffer_printf(&text, "\n%s", err->detail);
	/* What is wrong with a file, and no statement of it: the hint says what to write. */
	if (!err->sqlstate[0] && !err->detail[0] && err->hint[0])
		buffer_printf(&text, "\n%s", err->hint);
	return buffer_cstr(&text);
}

struct judge_line judge_begin(struct judge *judge, const char *name, double fraction)
{
	struct event event = event_of_step(EVENT_STEP_BEGIN, NULL, 0, name);

	event.fraction = fraction;
	event_emit(judge->context->reporter, &event);
	return (struct judge_line){
	    .text = {.arena = judge->context->arena}, .name = name, .began_ms = clock_now_ms()};
}

void judge_end(struct judge *judge, const struct judge_line *line)
{
	struct event event =
	    event_of_step(line->is_failed ? EVENT_STEP_FAILED : EVENT_STEP_DONE, NULL, 0, line->name);

	event.text = line->text.text;
	event.duration_ms = clock_now_ms() - line->began_ms;
	event_emit(judge->context->reporter, &event);
}
