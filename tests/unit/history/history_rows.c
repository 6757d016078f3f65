/* What the tables answer, in the order of load.sql and run_load.sql, as the records a plan is made of. */
#include "history/history_rows.h"

#include "history/history_store.h"
#include "pg/answer.h"
#include "test.h"

enum { RECORD_WIDTH = 15, RUN_WIDTH = 9 };

/* A row of one text a column, each the column's own but for numbers. */
static const char *const whole[RECORD_WIDTH] = {
    "7",
    "add users",
    "2026-11-20T10:00:00Z",
    "07_add_users",
    "c7",
    "applied",
    "3",
    "250",
    "app/anna",
    "host1",
    "1.2.3",
    "b1",
    "r7",
    "f7",
    "v7",
};

/* As a table written by hand shows it, before an agreement. */
static const char *const adopted[RECORD_WIDTH] = {"3", "by hand", "2020-01-01T00:00:00Z"};

TEST(every_column_of_the_history_finds_its_member)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = answer_of(whole, 1, RECORD_WIDTH);
	struct history history = {0};

	history_read_records(rows, &arena, &history);
	CHECK_INT(history.count, 1);
	const struct record *record = &history.records[0];
	CHECK(record->version == 7 && record->state == RECORD_APPLIED && record->statements_done == 3);
	CHECK(record->duration_ms == 250 && record->has_rollback);

	const struct {
		const char *is;
		const char *expected;
	} texts[] = {
	    {record->description, "add users"}, {record->applied_at, "2026-11-20T10:00:00Z"},
	    {record->name, "07_add_users"},     {record->checksum, "c7"},
	    {record->applied_by, "app/anna"},   {record->applied_from, "host1"},
	    {record->tool_version, "1.2.3"},    {record->backup, "b1"},
	    {record->rollback_checksum, "r7"},  {record->fingerprint, "f7"},
	    {record->variables, "v7"},
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		CHECK_STR(texts[i].is, texts[i].expected);
}

TEST(row_of_a_table_written_by_hand_counts_as_applied_and_knows_no_more)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = answer_of(adopted, 1, RECORD_WIDTH);
	struct history history = {0};

	history_read_records(rows, &arena, &history);
	const struct record *record = &history.records[0];
	CHECK(record->version == 3 && record->state == RECORD_APPLIED);
	CHECK(!record->name && !record->checksum && !record->has_rollback && !record->rollback_checksum);
	CHECK(!record->applied_by && !record->backup && !record->variables);
	CHECK(record->statements_done == 0 && record->duration_ms == 0);
}

TEST(state_of_a_record_is_told_by_its_name)
{
	static const struct {
		const char *name;
		enum record_state state;
	} rows[] = {
	    {"applied", RECORD_APPLIED},         {"partial", RECORD_PARTIAL}, {"unwinding", RECORD_UNWINDING},
	    {"of a later rung", RECORD_APPLIED}, {"", RECORD_APPLIED},        {NULL, RECORD_APPLIED},
	    {"Partial", RECORD_APPLIED},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const char *texts[RECORD_WIDTH] = {[0] = "1", [5] = rows[i].name};
		scoped_rows struct rows *answer = answer_of(texts, 1, RECORD_WIDTH);
		struct history history = {0};

		history_read_records(answer, &arena, &history);
		CHECK_ROW(i, history.records[0].state == rows[i].state);
	}
	for (size_t i = 0; i < 3; i++)
		CHECK_STR(record_state_name(rows[i].state), rows[i].name);
}

TEST(records_come_lowest_number_first_and_outlive_the_rows)
{
	scoped_arena struct arena arena = {0};
	const char *texts[3 * RECORD_WIDTH] = {
	    [0] = "10", [RECORD_WIDTH] = "2", [RECORD_WIDTH + 1] = "two", [2 * RECORD_WIDTH] = "1"};
	struct rows *rows = answer_of(texts, 3, RECORD_WIDTH);
	struct history history = {0};

	history_read_records(rows, &arena, &history);
	rows_clear(&rows);
	CHECK_INT(history.count, 3);
	CHECK(history.records[0].version == 1 && history.records[1].version == 2 &&
	      history.records[2].version == 10);
	CHECK_STR(history.records[1].description, "two");
}

TEST(a_run_that_was_not_finished_is_read_with_what_it_set_out_to_do)
{
	static const char *const texts[RUN_WIDTH] = {"id1",
	                                             "downgrade",
	                                             "-2",
	                                             "08_b",
	                                             "06_z",
	                                             "rollback 8 08_b, rollback 7 07_a",
	                                             "2026-11-20T10:00:00Z",
	                                             "app/anna",
	                                             "host1"};
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = answer_of(texts, 1, RUN_WIDTH);
	scoped_rows struct rows *none = answer_of(NULL, 0, RUN_WIDTH);
	const struct run_record *run = history_read_run(rows, &arena);

	CHECK(run != NULL);
	const char *const members[RUN_WIDTH] = {run->id,    run->command,  run->target,   run->from, run->to,
	                                        run->steps, run->begun_at, run->begun_by, run->host};
	for (size_t i = 0; i < RUN_WIDTH; i++)
		CHECK_STR(members[i], texts[i]);
	CHECK(!history_read_run(none, &arena));
	CHECK(!history_read_run(NULL, &arena));
}
