#include <locale.h>
#include <string.h>

#include "report/capture.h"
#include "report/reporter.h"
#include "test.h"

static char *events_shown(struct capture *capture, const struct reporter_options *options,
                          const struct event *events, size_t count)
{
	scoped_reporter struct reporter *reporter = reporter_for_test(options);

	capture_begin(capture);
	for (size_t i = 0; i < count; i++)
		event_emit(reporter, &events[i]);
	return capture_end(capture);
}

static char *error_shown(struct capture *capture, const struct error *err)
{
	scoped_reporter struct reporter *reporter = reporter_for_test(&(struct reporter_options){0});

	capture_begin(capture);
	report_error(reporter, err);
	return capture_end(capture);
}

TEST(human_steps_are_aligned)
{
	static const struct event events[] = {
	    {.kind = EVENT_STEP_BEGIN, .action = "apply", .name = "06_cache", .duration_ms = -1},
	    {.kind = EVENT_STEP_DONE, .action = "apply", .name = "06_cache", .duration_ms = 124},
	    {.kind = EVENT_STEP_DONE, .action = "reapply", .name = "07_na\xC3\xAFve", .duration_ms = 3200},
	    {.kind = EVENT_STEP_FAILED, .action = "apply", .name = "08_broken", .duration_ms = 5},
	    {.kind = EVENT_PLANNED, .action = "apply", .name = "09_next", .duration_ms = -1},
	    {.kind = EVENT_PLANNED, .action = "rollback", .name = "09_next", .duration_ms = -1},
	    {.kind = EVENT_PLANNED,
	     .action = "apply",
	     .name = "10_x",
	     .duration_ms = -1,
	     .breaking = "old logins"},
	};
	struct capture capture;

	CHECK_STR(events_shown(&capture, &(struct reporter_options){0}, events, 7),
	          "  ✓ 06_cache                 124 ms\n"
	          "  ✓ 07_na\xC3\xAFve                  3.2 s  applied again\n"
	          "  ✗ 08_broken                  5 ms\n"
	          "  + 09_next\n"
	          "  - 09_next               roll back\n"
	          "  + 10_x                  BREAKING: old logins\n");
	capture_clear(&capture);
}

TEST(human_quiet_keeps_results_and_warnings)
{
	static const struct event events[] = {
	    {.kind = EVENT_NOTE, .text = "a note", .duration_ms = -1},
	    {.kind = EVENT_STEP_DONE, .action = "apply", .name = "06_cache", .duration_ms = 124},
	    {.kind = EVENT_WARNING, .text = "a warning", .place = "schema/06_x.sql:3:1", .duration_ms = -1},
	    {.kind = EVENT_FINDING, .text = "a finding", .action = "duplicate-number", .duration_ms = -1},
	    {.kind = EVENT_DONE, .text = "done", .duration_ms = -1},
	};
	struct capture capture;

	CHECK_STR(events_shown(&capture, &(struct reporter_options){.quiet = true}, events, 5),
	          "schema/06_x.sql:3:1: warning: a warning\n"
	          "a finding [duplicate-number]\n");
	capture_clear(&capture);
}

TEST(human_notices_of_idempotent_files_are_not_news)
{
	static const struct event events[] = {
	    {.kind = EVENT_NOTICE, .action = "NOTICE", .text = "relation \"x\" already exists, skipping"},
	    {.kind = EVENT_NOTICE, .action = "NOTICE", .text = "\"y\" is there, skipping", .is_news = true},
	    {.kind = EVENT_NOTICE, .action = "WARNING", .text = "look out", .name = "06_x"},
	    {.kind = EVENT_NOTICE, .action = "NOTICE", .text = "moved 7 rows\nof 9"},
	};
	struct capture capture;

	CHECK_STR(events_shown(&capture, &(struct reporter_options){0}, events, 4),
	          "NOTICE: \"y\" is there, skipping\n"
	          "06_x: WARNING: look out\n"
	          "NOTICE: moved 7 rows\n  of 9\n");
	capture_clear(&capture);
}

TEST(human_output_cannot_be_steered_by_others)
{
	static const struct event event = {.kind = EVENT_NOTE,
	                                   .text = "a\033[2Jb\xC2\x9B"
	                                           "c\td\x07",
	                                   .duration_ms = -1};
	struct capture capture;

	CHECK_STR(events_shown(&capture, &(struct reporter_options){0}, &event, 1), "a\\x1B[2Jb\\x9Bc d\\x07\n");
	capture_clear(&capture);
}

TEST(human_errors_say_where_what_and_what_next)
{
	static const struct error err = {
	    .kind = ERROR_SQL,
	    .sqlstate = "42P01",
	    .message = "relation \"nowhere\" does not exist",
	    .place = "schema/06_x.sql:17:15",
	    .excerpt = "select * from nowhere;",
	    .caret = 15,
	    .detail = "First line.\nSecond line.",
	    .hint = "Create it.",
	    .context = "in function f()\nwhile applying 06_x",
	    .state = "Nothing of 06_x was kept; 05_y is the newest applied.",
	};
	struct capture capture;

	CHECK_STR(error_shown(&capture, &err),
	          "schema/06_x.sql:17:15: error: relation \"nowhere\" does not exist (42P01)\n"
	          "   17 | select * from nowhere;\n"
	          "      |               ^\n"
	          "DETAIL: First line.\n"
	          "        Second line.\n"
	          "HINT: Create it.\n"
	          "in function f()\n"
	          "while applying 06_x\n"
	          "Nothing of 06_x was kept; 05_y is the newest applied.\n");
	capture_clear(&capture);
}

TEST(human_caret_is_under_its_character)
{
	static const struct {
		const char *excerpt;
		int caret;
		const char *shown;
	} rows[] = {
	    {"bad", 1, "    1 | bad\n      | ^\n"},
	    {"bad", 4, "    1 | bad\n      |    ^\n"},
	    {"bad", 0, "    1 | bad\n"},
	    {"na\xC3\xAFve bad", 7, "    1 | na\xC3\xAFve bad\n      |       ^\n"},
	    {"'\xE6\x97\xA5\xE6\x9C\xAC' bad", 6, "    1 | '\xE6\x97\xA5\xE6\x9C\xAC' bad\n      |        ^\n"},
	    {"e\xCC\x81 bad", 4, "    1 | e\xCC\x81 bad\n      |   ^\n"},
	    {"\tbad", 2, "    1 |     bad\n      |     ^\n"},
	    {"\t\tx bad", 5, "    1 |         x bad\n      |           ^\n"},
	    {"a\033b bad", 5, "    1 | a\\x1Bb bad\n      |        ^\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = {.kind = ERROR_FILES, .message = "m", .place = "f:1:1", .caret = rows[i].caret};
		struct capture capture;

		strcpy(err.excerpt, rows[i].excerpt);
		const char *shown = error_shown(&capture, &err);
		CHECK_STR(shown + strlen("f:1:1: error: m\n"), rows[i].shown);
		capture_clear(&capture);
	}
}

TEST(human_long_lines_are_shown_around_the_caret)
{
	struct error err = {.kind = ERROR_FILES, .message = "m", .place = "f:1:1", .caret = 301};
	struct capture capture;

	memset(err.excerpt, 'x', 400);
	err.excerpt[300] = 'B';
	const char *shown = error_shown(&capture, &err);
	const char *line = strstr(shown, " | ");
	const char *below = strstr(line + 1, " | ");
	CHECK(strncmp(line, " | …", strlen(" | …")) == 0);
	/* The mark of the cut takes three bytes and one column. */
	CHECK_INT(strchr(line, 'B') - line - 2, strchr(below, '^') - below);
	capture_clear(&capture);
}

TEST(human_marks_are_ascii_where_the_locale_is)
{
	static const struct event event = {
	    .kind = EVENT_STEP_DONE, .action = "apply", .name = "06_cache", .duration_ms = 1};
	struct reporter *reporter = NULL;
	struct capture capture;
	struct error err;

	setlocale(LC_CTYPE, "C");
	CHECK(reporter_open(&(struct reporter_options){0}, &reporter, &err));
	capture_begin(&capture);
	event_emit(reporter, &event);
	CHECK_STR(capture_end(&capture), "  ok 06_cache                   1 ms\n");
	capture_clear(&capture);
	reporter_close(&reporter);
}

TEST(human_colours_only_when_asked)
{
	static const struct event event = {
	    .kind = EVENT_STEP_DONE, .action = "apply", .name = "06_cache", .duration_ms = 1};
	struct capture capture;

	CHECK(!strchr(events_shown(&capture, &(struct reporter_options){.colour = "auto"}, &event, 1), '\033'));
	capture_clear(&capture);
	CHECK(strstr(events_shown(&capture, &(struct reporter_options){.colour = "always"}, &event, 1),
	             "\033[32m✓\033[0m"));
	capture_clear(&capture);
}

TEST(a_silent_reporter_and_a_missing_one_do_no_harm)
{
	struct capture capture;
	struct error err = {0};

	event_note(NULL, "nobody hears %d", 1);
	error_set(&err, ERROR_USAGE, "early");
	capture_begin(&capture);
	report_error(NULL, &err);
	CHECK_STR(capture_end(&capture), "error: early\n");
	capture_clear(&capture);
}
