/*
 * How it looks to people. What is aligned is aligned by columns of the
 * terminal, and nothing of what servers and files say reaches it uncleaned.
 *
 * Every event is made as one text and written by one call, progress included, as several programs and
 * threads may share a terminal. The progress line is on standard error and is erased before anything
 * else is written to either stream; where it cannot be erased, progress is a line of its own, and rare
 * (report.c). The beginning of a step is shown only where it vanishes again.
 *
 * Steps are results and go to standard output; notes, warnings, notices and progress to standard error, so
 * that a pipe gets what was done and nothing else.
 *
 * Names are aligned to the longest so far, since the steps to come are not known here. Colours and marks
 * are decided for each stream by itself.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "report/display.h"
#include "report/excerpt.h"
#include "report/reporter.h"

enum {
	LEAST_NAME_WIDTH = 20,
	DURATION_WIDTH = 9, /* "4 min 10 s" may stick out, "59.9 s" must not */
	USUAL_WIDTH = 80,   /* where the terminal does not say */
};

static const char *clean(struct reporter *reporter, const char *text)
{
	return display_line(&reporter->arena, text ? text : "");
}

/* Steps. */

static const struct {
	const char *mark;
	const char *ascii;
	const char *colour;
} step_marks[] = {
    [EVENT_PLANNED] = {"+", "+", CYAN},
    [EVENT_STEP_DONE] = {"✓", "ok", GREEN},
    [EVENT_STEP_FAILED] = {"✗", "!!", RED},
};

/* To apply is what one expects; the others are said. */
static const struct {
	const char *action;
	const char *planned;
	const char *done;
} step_words[] = {
    {"apply", NULL, NULL},           {"reapply", "apply again", "applied again"},
    {"resume", "resume", "resumed"}, {"rollback", "roll back", "rolled back"},
    {"stamp", "stamp", "stamped"},   {"converge", "converge", "converged"},
};

/* What goes down is told apart from what goes up before the word at the end is read. */
static const char *step_mark(const struct reporter *reporter, const struct event *event)
{
	if (event->kind == EVENT_PLANNED && event->action && strcmp(event->action, "rollback") == 0)
		return "-";
	return reporter->is_utf8 ? step_marks[event->kind].mark : step_marks[event->kind].ascii;
}

static const char *step_word(const struct event *event)
{
	for (size_t i = 0; event->action && i < sizeof(step_words) / sizeof(*step_words); i++)
		if (strcmp(event->action, step_words[i].action) == 0)
			return event->kind == EVENT_STEP_DONE ? step_words[i].done : step_words[i].planned;
	return event->action;
}

static void add_step_name(struct buffer *line, struct reporter *reporter, const char *name)
{
	const int width = display_width(str_of(name));

	if (reporter->name_width < LEAST_NAME_WIDTH)
		reporter->name_width = LEAST_NAME_WIDTH;
	if (reporter->name_width < width)
		reporter->name_width = width;
	display_pad(line, name, reporter->name_width, false);
}

/* What follows the name; spaces at the end of a line are nobody's friend. */
static void add_step_tail(struct buffer *line, struct reporter *reporter, const struct event *event)
{
	struct buffer tail = {.arena = &reporter->arena};
	const char *word = step_word(event);

	if (event->duration_ms >= 0) {
		buffer_text(&tail, "  ");
		display_pad(&tail, duration_text(&reporter->arena, event->duration_ms), DURATION_WIDTH, true);
	}
	if (word)
		buffer_printf(&tail, "  %s", clean(reporter, word));
	if (event->text && *event->text)
		buffer_printf(&tail, "  %s", clean(reporter, event->text));
	if (event->breaking) {
		buffer_text(&tail, "  ");
		reporter_add_coloured(&tail, reporter, stdout, YELLOW, "BREAKING:");
		buffer_printf(&tail, " %s", clean(reporter, event->breaking));
	}
	buffer_add(line, tail.len ? buffer_str(&tail) : STR(""));
}

enum { SQL_INDENT = 6 };

static void print_step(struct reporter *reporter, const struct event *event)
{
	struct buffer line = {.arena = &reporter->arena};
	const char *mark = step_mark(reporter, event);
	const bool has_tail =
	    event->duration_ms >= 0 || step_word(event) || (event->text && *event->text) || event->breaking;

	buffer_text(&line, "  ");
	reporter_add_coloured(&line, reporter, stdout, step_marks[event->kind].colour, mark);
	buffer_char(&line, ' ');
	if (has_tail)
		add_step_name(&line, reporter, clean(reporter, event->name));
	else
		buffer_text(&line, clean(reporter, event->name));
	add_step_tail(&line, reporter, event);
	buffer_char(&line, '\n');
	if (event->sql)
		buffer_printf(&line, "%*s%s\n", SQL_INDENT, "",
		              display_block(&reporter->arena, event->sql, SQL_INDENT));
	reporter_write(reporter, stdout, buffer_cstr(&line));
}

/* The progress line. */

static int terminal_width(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL_WIDTH;
}

/* One column is left free: a cursor behind the last one would wrap. */
static void draw_line(struct reporter *reporter, const char *text)
{
	const size_t len = display_fit(str_of(text), terminal_width() - 1);

	reporter_write(reporter, stderr, arena_strndup(&reporter->arena, text, len));
	reporter->line_is_drawn = true;
}

static const char *progress_text(struct reporter *reporter, const struct event *event)
{
	struct buffer line = {.arena = &reporter->arena};

	buffer_printf(&line, "  %s ", reporter->is_utf8 ? "…" : "..");
	if (event->name)
		buffer_printf(&line, "%s  ", clean(reporter, event->name));
	if (event->fraction >= 0)
		buffer_printf(&line, "%3.0f %%  ", event->fraction * 100);
	if (event->text)
		buffer_text(&line, clean(reporter, event->text));
	return str_copy(&reporter->arena, str_slice(buffer_str(&line), 0, str_trim(buffer_str(&line)).len + 2));
}

static void show_progress(struct reporter *reporter, const struct event *event)
{
	const char *text = progress_text(reporter, event);

	if (reporter->can_erase)
		draw_line(reporter, text);
	else if (event->kind != EVENT_STEP_BEGIN)
		reporter_write(reporter, stderr, arena_printf(&reporter->arena, "%s\n", text));
}

/* Sentences. */

/* "schema/06_x.sql:17:8: warning: text" on one stream, lines of the text indented alike. */
static void print_sentence(struct reporter *reporter, FILE *stream, const struct event *event,
                           const char *label, const char *colour)
{
	struct buffer line = {.arena = &reporter->arena};

	if (event->place)
		buffer_printf(&line, "%s: ", clean(reporter, event->place));
	else if (event->name)
		buffer_printf(&line, "%s: ", clean(reporter, event->name));
	if (label) {
		reporter_add_coloured(&line, reporter, stream, colour, label);
		buffer_text(&line, ": ");
	}
	buffer_printf(&line, "%s\n", display_block(&reporter->arena, event->text ? event->text : "", 2));
	reporter_write(reporter, stream, buffer_cstr(&line));
}

/* Idempotent files make the server say this of every object; it is news to nobody. */
static bool is_chatter(const struct event *event)
{
	return event->text && event->action && !event->is_news && strcmp(event->action, "NOTICE") == 0 &&
	       str_ends(str_of(event->text), ", skipping");
}

static void print_notice(struct reporter *reporter, const struct event *event)
{
	const bool is_warning = event->action && strcmp(event->action, "WARNING") == 0;

	if (!is_chatter(event) || reporter->options.verbose)
		print_sentence(reporter, stderr, event, event->action ? event->action : "NOTICE",
		               is_warning ? YELLOW : CYAN);
}

static void print_finding(struct reporter *reporter, const struct event *event)
{
	struct buffer line = {.arena = &reporter->arena};
	FILE *stream = reporter->findings_are_aside ? stderr : stdout;

	if (event->place || event->name) {
		reporter_add_coloured(&line, reporter, stream, BOLD,
		                      clean(reporter, event->place ? event->place : event->name));
		buffer_text(&line, ": ");
	}
	buffer_text(&line, display_block(&reporter->arena, event->text ? event->text : "", 2));
	if (event->action) {
		buffer_char(&line, ' ');
		reporter_add_coloured(&line, reporter, stream, DIM,
		                      arena_printf(&reporter->arena, "[%s]", clean(reporter, event->action)));
	}
	buffer_char(&line, '\n');
	reporter_write(reporter, stream, buffer_cstr(&line));
}

static void print_echo(struct reporter *reporter, const struct event *event)
{
	const char *text = display_block(&reporter->arena, event->text ? event->text : "", 0);

	reporter_write(reporter, stdout, arena_printf(&reporter->arena, "%s\n", text));
}

static void print_done(struct reporter *reporter, const struct event *event)
{
	struct buffer line = {.arena = &reporter->arena};

	buffer_text(&line, clean(reporter, event->text));
	if (event->duration_ms >= 0)
		buffer_printf(&line, " (%s)", duration_text(&reporter->arena, event->duration_ms));
	buffer_char(&line, '\n');
	reporter_write(reporter, stdout, buffer_cstr(&line));
}

static void print_event(struct reporter *reporter, const struct event *event)
{
	switch (event->kind) {
	case EVENT_NOTE:
		print_sentence(reporter, stderr, event, NULL, NULL);
		break;
	case EVENT_WARNING:
		print_sentence(reporter, stderr, event, "warning", YELLOW);
		break;
	case EVENT_DEBUG:
		print_sentence(reporter, stderr, event, "debug", DIM);
		break;
	case EVENT_PLANNED:
	case EVENT_STEP_DONE:
	case EVENT_STEP_FAILED:
		print_step(reporter, event);
		break;
	case EVENT_NOTICE:
		print_notice(reporter, event);
		break;
	case EVENT_ECHO:
		print_echo(reporter, event);
		break;
	case EVENT_STEP_BEGIN:
	case EVENT_WAITING:
	case EVENT_PROGRESS:
		show_progress(reporter, event);
		break;
	case EVENT_FINDING:
		print_finding(reporter, event);
		break;
	case EVENT_DONE:
		print_done(reporter, event);
		break;
	}
}

/* Errors. */

static void add_labelled(struct buffer *out, struct reporter *reporter, const char *label, const char *text)
{
	if (!*text)
		return;
	if (*label) {
		reporter_add_coloured(out, reporter, stderr, BOLD, label);
		buffer_char(out, ' ');
	}
	buffer_printf(out, "%s\n", display_block(&reporter->arena, text, *label ? (int)strlen(label) + 1 : 0));
}

/* Being cancelled and having found something are outcomes, not accidents. */
static bool is_accident(enum error_kind kind)
{
	return kind != ERROR_CANCELLED && kind != ERROR_VERDICT;
}

static void add_headline(struct buffer *out, struct reporter *reporter, const struct error *err)
{
	if (*err->place) {
		reporter_add_coloured(out, reporter, stderr, BOLD, clean(reporter, err->place));
		buffer_text(out, ": ");
	}
	if (is_accident(err->kind)) {
		reporter_add_coloured(out, reporter, stderr, RED, "error");
		buffer_text(out, ": ");
	}
	buffer_text(out, display_block(&reporter->arena, err->message, 2));
	if (*err->sqlstate)
		buffer_printf(out, " (%s)", err->sqlstate);
	buffer_char(out, '\n');
}

/* What standard output still holds was said before: on a terminal it must not come after the error. */
static void print_error(struct reporter *reporter, const struct error *err)
{
	struct buffer out = {.arena = &reporter->arena};

	add_headline(&out, reporter, err);
	if (*err->excerpt)
		excerpt_add(&out, reporter, err);
	add_labelled(&out, reporter, "DETAIL:", err->detail);
	add_labelled(&out, reporter, "HINT:", err->hint);
	add_labelled(&out, reporter, "", err->context);
	add_labelled(&out, reporter, "", err->state);
	fflush(stdout);
	reporter_write(reporter, stderr, buffer_cstr(&out));
}

static void print_text(struct reporter *reporter, const char *text)
{
	reporter_write(reporter, stdout, text);
}

static void print_verbatim(struct reporter *reporter, const char *text)
{
	reporter_write_verbatim(reporter, stdout, text);
}

const struct look human_look = {
    print_event, print_error, table_print_aligned, print_text, print_verbatim, changed_object_print, NULL};
