/* What is written of a run: each value under its parameter of run_begin.sql and run_finish.sql. */
#include "history/run_record.h"

#include <string.h>

#include "test.h"

static const struct qualified_name history = {"app", "v"};
static const struct author author = {
    .run_id = "other", .os_user = "anna", .host = "host1", .tool_version = "1.2.3"};

TEST(run_record_writes_what_it_set_out_to_do_and_who_did)
{
	static const char *const expected[] = {
	    "id1", "upgrade", "+2", "05_a", "07_c", "apply 6 06_b, apply 7 07_c", "anna", "host1", "1.2.3"};
	enum { COUNT = sizeof(expected) / sizeof(*expected) };
	const struct run_record record = {.id = "id1",
	                                  .command = "upgrade",
	                                  .target = "+2",
	                                  .from = "05_a",
	                                  .to = "07_c",
	                                  .steps = "apply 6 06_b, apply 7 07_c"};
	scoped_arena struct arena arena = {0};
	const struct request request = run_record_begin(&history, &author, &record, &arena);
	const char *sql = request_sql(&request, &arena);

	CHECK_INT(request.params.count, COUNT);
	for (size_t i = 0; i < COUNT; i++)
		CHECK_STR(request.params.values[i], expected[i]);
	CHECK(!request.prepared);
	CHECK(strstr(sql, "insert into \"app\".\"v_run\"") && strstr(sql, "$9") && !strstr(sql, "$10"));
}

TEST(run_record_is_finished_by_its_id_alone)
{
	scoped_arena struct arena arena = {0};
	const struct request request = run_record_finish(&history, "id1", &arena);

	CHECK_INT(request.params.count, 1);
	CHECK_STR(request.params.values[0], "id1");
	CHECK(strstr(request_sql(&request, &arena), "\"app\".\"v_run\""));
}
