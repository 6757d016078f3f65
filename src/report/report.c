/*
 * All that rung says passes two places. In event_emit() and report_error() it is put into words that may
 * leave: the program's own name as it was called, passwords hidden; and it is decided whether it is shown
 * at all. How it looks is human.c's and json.c's business, and the log file gets its line in any case,
 * quiet or not. The others are reporter_write() and what is beside it, which alone write to the two
 * streams (scripts/check_output.sh): there what no terminal should get is cleaned, unless the text is for
 * another program.
 *
 * Threads of a backup speak too, so event_emit() holds a lock and its arena is rewound in it. Errors,
 * tables and questions are the main thread's and take no lock.
 *
 * That standard output is gone is noted and not acted on: a migration does not stop half-way because its
 * reader has gone. reporter_finish() tells, at the end, of all but a closed pipe. It is the same with the
 * log file.
 */
#include "report/report.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/number_text.h"
#include "base/program_name.h"
#include "report/display.h"
#include "report/mask.h"
#include "report/reporter.h"

enum {
	PROGRESS_ERASABLE_MS = 50,   /* a terminal's progress line may change this often */
	PROGRESS_LASTING_MS = 10000, /* a CI log wants a sign of life, not a flood */
	PROGRESS_JSON_MS = 1000,
};

static bool terminal_is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !*term || strcmp(term, "dumb") == 0;
}

/* https://no-color.org: set and not empty. */
static bool stream_is_coloured(const char *choice, int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (choice && strcmp(choice, "auto") != 0)
		return strcmp(choice, "always") == 0;
	return isatty(fd) && !(no_color && *no_color) && !terminal_is_dumb();
}

bool reporter_open(const struct reporter_options *options, struct reporter **out, struct error *err)
{
	scoped_reporter struct reporter *reporter = calloc(1, sizeof(*reporter));

	if (!reporter)
		return error_set(err, ERROR_STORAGE, "out of memory");
	*reporter = (struct reporter){
	    .options = *options,
	    .look = options->json ? &json_look : &human_look,
	    .is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	    .out_is_coloured = stream_is_coloured(options->colour, STDOUT_FILENO),
	    .err_is_coloured = stream_is_coloured(options->colour, STDERR_FILENO),
	    .speaking = PTHREAD_MUTEX_INITIALIZER,
	    .can_erase = isatty(STDERR_FILENO) && !terminal_is_dumb(),
	    .last_progress_ms = clock_now_ms(),
	};
	if (options->log_file && !log_file_open(options->log_file, options->command, &reporter->log, err))
		return false;
	*out = TAKE(reporter);
	return true;
}

void reporter_close(struct reporter **reporter)
{
	if (!*reporter)
		return;
	reporter_erase(*reporter);
	fflush(stdout);
	log_file_close(&(*reporter)->log);
	pthread_mutex_destroy(&(*reporter)->speaking);
	arena_clear(&(*reporter)->arena);
	free(*reporter);
	*reporter = NULL;
}

/* What is to be said of a log that misses lines, once; NULL for nothing. */
static const char *log_complaint(struct reporter *reporter)
{
	const size_t lost = reporter->log && !reporter->log_was_judged ? log_file_lost(reporter->log) : 0;

	if (lost == 0)
		return NULL;
	reporter->log_was_judged = true;
	errno = log_file_errno(reporter->log);
	return arena_printf(&reporter->arena,
	                    "the log file \"%s\" is incomplete: %zu line%s could not be written: %m",
	                    reporter->options.log_file, lost, plural(lost));
}

static void warn_of_log(struct reporter *reporter)
{
	const char *complaint = log_complaint(reporter);

	if (complaint)
		event_warning(reporter, "%s", complaint);
}

static bool refuse_broken_log(struct reporter *reporter, struct error *err)
{
	const char *complaint = log_complaint(reporter);

	if (!complaint)
		return true;
	error_set(err, ERROR_STORAGE, "%s", complaint);
	error_hint(err, "Free some space for it. \"rung log\" also has what was applied and rolled back.");
	return error_state(err, "The command itself is done.");
}

bool reporter_finish(struct reporter *reporter, struct error *err)
{
	reporter_erase(reporter);
	if (reporter->options.log_required && !refuse_broken_log(reporter, err))
		return false;
	warn_of_log(reporter);
	reporter_write_verbatim(reporter, stdout, "");
	errno = reporter->write_errno;
	return errno == 0 || errno == EPIPE ||
	       error_set(err, ERROR_STORAGE, "could not write to standard output: %m");
}

/* Results and warnings. */
static const bool is_shown_when_quiet[] = {
    [EVENT_WARNING] = true, [EVENT_PLANNED] = true, [EVENT_ECHO] = true,
    [EVENT_FINDING] = true, [EVENT_DONE] = false,
};

/* Progress comes as often as it can be known; this is as often as it can be read. */
static bool progress_is_due(struct reporter *reporter)
{
	const int64_t now = clock_now_ms();
	const int64_t pause = reporter->options.json ? PROGRESS_JSON_MS
	                      : reporter->can_erase  ? PROGRESS_ERASABLE_MS
	                                             : PROGRESS_LASTING_MS;

	if (now - reporter->last_progress_ms < pause)
		return false;
	reporter->last_progress_ms = now;
	return true;
}

/* Who blocks us is told again and again; where lines stay, once is enough. */
static bool waiting_is_news(struct reporter *reporter, const char *text)
{
	const char *said = text ? text : "";

	if (reporter->can_erase && !reporter->options.json)
		return true;
	if (strncmp(reporter->last_waiting, said, sizeof(reporter->last_waiting) - 1) == 0)
		return false;
	strncpy(reporter->last_waiting, said, sizeof(reporter->last_waiting) - 1);
	return true;
}

/*
 * In JSON all remains but progress and waiting, which are thinned out: a program chooses by "type" for
 * itself.
 */
static bool is_shown(struct reporter *reporter, const struct event *event)
{
	if (event->kind == EVENT_DEBUG)
		return reporter->options.verbose;
	if (reporter->options.json && event->kind != EVENT_PROGRESS && event->kind != EVENT_WAITING)
		return true;
	if (reporter->options.quiet && !is_shown_when_quiet[event->kind])
		return false;
	if (event->kind == EVENT_PROGRESS)
		return progress_is_due(reporter);
	return event->kind != EVENT_WAITING || waiting_is_news(reporter, event->text);
}

/* Others' words may be in it too: files, servers, hooks. */
static const char *advice_in_commands(struct arena *arena, const char *text)
{
	return program_name_in_commands(arena, program_advice(arena, text));
}

void event_emit(struct reporter *reporter, const struct event *event)
{
	if (!reporter)
		return;
	pthread_mutex_lock(&reporter->speaking);
	const struct arena_mark mark = arena_mark(&reporter->arena);
	struct event spoken = *event;

	if (event->text)
		spoken.text = mask_passwords(&reporter->arena, advice_in_commands(&reporter->arena, event->text));
	if (reporter->log)
		log_file_event(reporter->log, &spoken);
	if (is_shown(reporter, &spoken))
		reporter->look->event(reporter, &spoken);
	arena_rewind(&reporter->arena, mark);
	pthread_mutex_unlock(&reporter->speaking);
}

/* Field by field: what the server said is not ours to change. */
static void speak_name(struct arena *arena, struct error *err)
{
	const struct error written = *err;

	error_hint(err, "%s",
	           *err->sqlstate ? advice_in_commands(arena, written.hint)
	                          : program_name_in_text(arena, program_advice(arena, written.hint)));
	error_state(err, "%s", program_name_in_text(arena, program_advice(arena, written.state)));
	if (*err->sqlstate)
		return;
	error_detail(err, "%s", advice_in_commands(arena, written.detail));
	snprintf(err->message, sizeof(err->message), "%s", program_name_in_commands(arena, written.message));
}

/* The place is the name of a file of the project; the excerpt is its line. */
static void mask_error(struct arena *arena, struct error *err)
{
	const struct error written = *err;

	snprintf(err->message, sizeof(err->message), "%s", mask_passwords(arena, written.message));
	error_detail(err, "%s", mask_passwords(arena, written.detail));
	error_hint(err, "%s", mask_passwords(arena, written.hint));
	error_state(err, "%s", mask_passwords(arena, written.state));
	snprintf(err->context, sizeof(err->context), "%s", mask_passwords(arena, written.context));
}

/* There is no reporter where not even the settings could be read. */
void report_error(struct reporter *reporter, const struct error *err)
{
	struct reporter plain = {.look = &human_look};
	struct error spoken = *err;

	if (!reporter)
		reporter = &plain;
	speak_name(&reporter->arena, &spoken);
	mask_error(&reporter->arena, &spoken);
	if (reporter->log)
		log_file_error(reporter->log, &spoken);
	reporter->look->error(reporter, &spoken);
	warn_of_log(reporter);
	arena_clear(&plain.arena);
}

void reporter_put_findings_aside(struct reporter *reporter)
{
	reporter->findings_are_aside = true;
}

void report_text(struct reporter *reporter, const char *text)
{
	reporter->look->text(reporter, text);
}

void report_verbatim(struct reporter *reporter, const char *text)
{
	reporter->look->verbatim(reporter, text);
}

bool report_can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/*
 * A line from standard input, byte by byte, as what follows is for anyone who reads next; false at its end or
 * when we were asked to stop.
 */
static bool read_answer(char *answer, size_t size)
{
	struct pollfd waits[] = {{.fd = STDIN_FILENO, .events = POLLIN},
	                         {.fd = interrupt_fd(), .events = POLLIN}};
	size_t len = 0;

	while (!interrupt_requested() && len < size - 1) {
		if (poll(waits, 2, -1) < 0 || waits[0].revents == 0)
			continue;
		const ssize_t got = read(STDIN_FILENO, answer + len, 1);
		if (got <= 0)
			return false;
		if (answer[len] == '\n') {
			answer[len] = '\0';
			return true;
		}
		len++;
	}
	return false;
}

/* No terminal is a "no": a script that cannot be asked must say --yes or the like by itself. */
bool report_confirm(struct reporter *reporter, const char *question, const char *expected)
{
	char answer[256];

	if (!reporter || !report_can_ask() || reporter_is_json(reporter))
		return false;
	reporter_write(reporter, stderr,
	               arena_printf(&reporter->arena, "%s %s ", display_block(&reporter->arena, question, 0),
	                            expected ? ">" : "[y/N]"));
	if (!read_answer(answer, sizeof(answer))) {
		reporter_write(reporter, stderr, "\n");
		return false;
	}
	const struct str said = str_trim(str_of(answer));
	return expected ? str_is(said, expected) : str_is_folded(said, "y") || str_is_folded(said, "yes");
}
