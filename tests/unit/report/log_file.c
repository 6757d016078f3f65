#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "report/capture.h"
#include "report/reporter.h"
#include "test.h"

/* The seven fields of the next line. */
static bool line_fields(struct str *rest, struct str fields[7])
{
	struct str line;

	if (!str_line_next(rest, &line))
		return false;
	for (size_t i = 0; i < 7; i++)
		if (!str_split_next(&line, '\t', &fields[i]))
			return false;
	return line.len == 0;
}

TEST(log_has_a_line_for_each_outcome)
{
	char path[] = "/tmp/rung-log-XXXXXX";
	scoped_arena struct arena arena = {0};
	scoped_fd int fd = mkstemp(path);
	struct reporter *reporter = NULL;
	struct capture capture;
	struct error err = {0};
	struct str text;
	struct str f[7];

	CHECK(fd >= 0);
	CHECK(reporter_open(&(struct reporter_options){.log_file = path, .command = "upgrade"}, &reporter, &err));
	capture_begin(&capture);
	event_emit(reporter, &(struct event){.kind = EVENT_STEP_BEGIN, .action = "apply", .name = "06_x"});
	event_emit(reporter, &(struct event){
	                         .kind = EVENT_STEP_DONE, .action = "apply", .name = "06_x", .duration_ms = 124});
	event_emit(reporter, &(struct event){
	                         .kind = EVENT_STEP_FAILED, .action = "apply", .name = "07_y", .duration_ms = 5});
	error_set(&err, ERROR_SQL, "two\nlines\tand a tab");
	strcpy(err.sqlstate, "42P01");
	strcpy(err.place, "schema/07_y.sql:1:1");
	report_error(reporter, &err);
	reporter_close(&reporter);
	capture_end(&capture);
	capture_clear(&capture);

	CHECK(file_read(path, 4096, ERROR_STORAGE, &arena, &text, &err));
	CHECK(line_fields(&text, f));
	CHECK(f[0].len == strlen("2026-11-20T23:15:00Z") && str_index(f[1], '@') < f[1].len);
	CHECK(str_is(f[2], "upgrade") && str_is(f[3], "06_x") && str_is(f[4], "applied"));
	CHECK(str_is(f[5], "124 ms") && str_is(f[6], "-"));
	CHECK(line_fields(&text, f));
	CHECK(str_is(f[3], "07_y") && str_is(f[4], "failed") && str_is(f[5], "5 ms"));
	CHECK(str_is(f[6], "schema/07_y.sql:1:1: two lines and a tab (42P01)"));
	CHECK(!line_fields(&text, f));
	unlink(path);
}

TEST(log_that_cannot_be_opened_is_an_error)
{
	struct reporter *reporter = NULL;
	struct error err = {0};

	CHECK(!reporter_open(&(struct reporter_options){.log_file = "/nonexistent/x.log"}, &reporter, &err));
	CHECK(err.kind == ERROR_STORAGE && reporter == NULL);
}
