/* Whether the history shows that a step was done: asked where another process began the run. */
#include "plan/plan.h"

#include "test.h"

TEST(a_step_is_settled_by_what_the_history_would_say_of_it)
{
	enum { NONE = -1 }; /* no record */
	static const struct {
		enum step_action action;
		int state;
		const char *recorded; /* checksum; the file's is "new" */
		bool is_settled;
	} rows[] = {
	    {STEP_APPLY, NONE, NULL, false},
	    {STEP_APPLY, RECORD_APPLIED, "new", true},
	    {STEP_APPLY, RECORD_APPLIED, NULL, true}, /* adopted */
	    {STEP_APPLY, RECORD_PARTIAL, "new", false},
	    {STEP_APPLY, RECORD_UNWINDING, "new", false},
	    {STEP_RESUME, RECORD_PARTIAL, "new", false},
	    {STEP_RESUME, RECORD_APPLIED, "new", true},
	    {STEP_REAPPLY, RECORD_APPLIED, "old", false},
	    {STEP_REAPPLY, RECORD_APPLIED, NULL, false},
	    {STEP_REAPPLY, RECORD_APPLIED, "new", true},
	    {STEP_REAPPLY, NONE, NULL, false},
	    {STEP_ROLLBACK, RECORD_APPLIED, "new", false},
	    {STEP_ROLLBACK, RECORD_UNWINDING, "new", false},
	    {STEP_ROLLBACK, NONE, NULL, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct migration migration = {.number = 7, .name = "07_x", .checksum = "new"};
		const struct step step = {.action = rows[i].action, .migration = &migration};
		struct record records[] = {
		    {.version = 6, .state = RECORD_APPLIED, .checksum = "new"},
		    {.version = 7,
		     .state = (enum record_state)(rows[i].state == NONE ? 0 : rows[i].state),
		     .checksum = rows[i].recorded},
		};
		const struct history history = {.records = records, .count = rows[i].state == NONE ? 1 : 2};

		CHECK_ROW(i, step_is_settled(&step, &history) == rows[i].is_settled);
	}
}

TEST(a_step_without_a_file_goes_by_its_record)
{
	const struct record named = {.version = 4, .name = "04_orders", .description = "orders"};
	const struct record adopted = {.version = 5, .description = "by hand"};
	const struct step gone = {.action = STEP_ROLLBACK, .record = &named};
	const struct step older = {.action = STEP_ROLLBACK, .record = &adopted};

	CHECK_INT(step_version(&gone), 4);
	CHECK_STR(step_name(&gone), "04_orders");
	CHECK_STR(step_name(&older), "by hand");
	CHECK(!step_breaking(&gone));
}
