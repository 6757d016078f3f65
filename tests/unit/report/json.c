#include <string.h>

#include "report/capture.h"
#include "report/reporter.h"
#include "test.h"

static char *event_json(struct capture *capture, const struct event *event)
{
	scoped_reporter struct reporter *reporter = reporter_for_test(&(struct reporter_options){.json = true});

	capture_begin(capture);
	event_emit(reporter, event);
	return capture_end(capture);
}

TEST(json_has_one_object_a_line)
{
	static const struct {
		struct event event;
		const char *json;
	} rows[] = {
	    {{EVENT_STEP_DONE, "apply", 6, "06_cache", NULL, NULL, 124, -1, -1, NULL, NULL, false, NULL},
	     "{\"v\":1,\"type\":\"step\",\"phase\":\"done\",\"action\":\"apply\",\"version\":6,\"name\":\"06_"
	     "cache\","
	     "\"duration_ms\":124}\n"},
	    {{EVENT_PLANNED, "rollback", 20260209114500, "20260209114500_x", NULL, NULL, -1, -1, -1, NULL, NULL,
	      false, NULL},
	     "{\"v\":1,\"type\":\"step\",\"phase\":\"planned\",\"action\":\"rollback\",\"version\":"
	     "20260209114500,"
	     "\"name\":\"20260209114500_x\"}\n"},
	    {{.kind = EVENT_PLANNED,
	      .action = "apply",
	      .version = 6,
	      .name = "06_x",
	      .duration_ms = -1,
	      .count = -1,
	      .breaking = "old logins"},
	     "{\"v\":1,\"type\":\"step\",\"phase\":\"planned\",\"action\":\"apply\",\"version\":6,"
	     "\"name\":\"06_x\",\"breaking\":\"old logins\"}\n"},
	    {{EVENT_NOTE, NULL, 0, NULL, "two\nlines \"quoted\"", NULL, -1, -1, -1, NULL, NULL, false, NULL},
	     "{\"v\":1,\"type\":\"note\",\"text\":\"two\\nlines \\\"quoted\\\"\"}\n"},
	    {{EVENT_NOTICE, "WARNING", 0, NULL, "look out", NULL, -1, -1, -1, NULL, NULL, false, NULL},
	     "{\"v\":1,\"type\":\"notice\",\"severity\":\"WARNING\",\"text\":\"look out\"}\n"},
	    {{EVENT_FINDING, "duplicate-number", 0, NULL, "one number twice", "schema/06_x.sql:1:1", -1, -1, -1,
	      NULL, NULL, false, NULL},
	     "{\"v\":1,\"type\":\"finding\",\"rule\":\"duplicate-number\",\"text\":\"one number twice\","
	     "\"place\":\"schema/06_x.sql:1:1\"}\n"},
	    {{EVENT_DONE, NULL, 0, NULL, "applied", NULL, 5, -1, 3, NULL, NULL, false, NULL},
	     "{\"v\":1,\"type\":\"done\",\"text\":\"applied\",\"duration_ms\":5,\"count\":3}\n"},
	    {{EVENT_NOTE, NULL, 0, NULL, "Latin-1: \xE9t\xE9", NULL, -1, -1, -1, NULL, NULL, false, NULL},
	     "{\"v\":1,\"type\":\"note\",\"text\":\"Latin-1: \xEF\xBF\xBDt\xEF\xBF\xBD\"}\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct capture capture;

		CHECK_STR(event_json(&capture, &rows[i].event), rows[i].json);
		capture_clear(&capture);
	}
}

TEST(json_leaves_out_what_the_kind_of_event_has_not)
{
	scoped_reporter struct reporter *reporter = reporter_for_test(&(struct reporter_options){.json = true});
	const struct event step = event_of_step(EVENT_STEP_BEGIN, "apply", 6, "06_x");
	const struct event finding = event_of_finding("duplicate-number", "schema/06_x.sql", "one number twice");
	struct capture capture;

	capture_begin(&capture);
	event_echo(reporter, "hello");
	event_notice(reporter, "WARNING", "06_x", "look out", false);
	event_waiting(reporter, NULL, "for somebody", 7);
	event_done(reporter, "done", -1, 0);
	event_emit(reporter, &step);
	event_emit(reporter, &finding);
	CHECK_STR(
	    capture_end(&capture),
	    "{\"v\":1,\"type\":\"echo\",\"text\":\"hello\"}\n"
	    "{\"v\":1,\"type\":\"notice\",\"severity\":\"WARNING\",\"name\":\"06_x\",\"text\":\"look out\"}\n"
	    "{\"v\":1,\"type\":\"waiting\",\"text\":\"for somebody\",\"duration_ms\":7}\n"
	    "{\"v\":1,\"type\":\"done\",\"text\":\"done\",\"count\":0}\n"
	    "{\"v\":1,\"type\":\"step\",\"phase\":\"begin\",\"action\":\"apply\",\"version\":6,\"name\":\"06_x\"}"
	    "\n"
	    "{\"v\":1,\"type\":\"finding\",\"rule\":\"duplicate-number\",\"text\":\"one number twice\","
	    "\"place\":\"schema/06_x.sql\"}\n");
	capture_clear(&capture);
}

TEST(json_errors_have_their_fields)
{
	static const struct error err = {
	    .kind = ERROR_SQL,
	    .sqlstate = "42P01",
	    .message = "m",
	    .place = "f:1:2",
	    .excerpt = "\tx",
	    .caret = 2,
	    .hint = "h",
	    .context = "a\nb",
	    .state = "unchanged",
	};
	scoped_reporter struct reporter *reporter = reporter_for_test(&(struct reporter_options){.json = true});
	struct capture capture;

	capture_begin(&capture);
	report_error(reporter, &err);
	CHECK_STR(capture_end(&capture),
	          "{\"v\":1,\"type\":\"error\",\"kind\":\"sql\",\"exit_code\":1,\"message\":\"m\",\"sqlstate\":"
	          "\"42P01\","
	          "\"place\":\"f:1:2\",\"excerpt\":\"\\tx\",\"caret\":2,\"hint\":\"h\",\"context\":[\"a\",\"b\"],"
	          "\"state\":\"unchanged\"}\n");
	capture_clear(&capture);
}
