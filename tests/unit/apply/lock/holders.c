/* Who holds what the statements of a file need: rows of holders.sql against the locks of DDL. */
#include "apply/lock/holders.h"

#include <string.h>

#include "pg/answer.h"
#include "test.h"

enum { WIDTH = 12 };

/* A row of holders.sql. */
#define HOLDER(schema, table, parent, mode, pid, is_autovacuum)                                   \
	schema, table, parent, mode, pid, "anna", "psql", "idle in transaction", "61000", "select 1", \
	    is_autovacuum, "1000"

TEST(who_is_in_the_way_is_told_by_table_and_mode)
{
	static const struct {
		struct lock_target target;
		const char *holder[4]; /* schema, table, parent, mode */
		bool is_in_the_way;
	} rows[] = {
	    {{"s", "t", LOCK_STRONG}, {"s", "t", NULL, "AccessShareLock"}, true},
	    {{NULL, "t", LOCK_STRONG}, {"s", "t", NULL, "AccessShareLock"}, true},
	    {{"s", "t", LOCK_STRONG}, {"other", "t", NULL, "AccessShareLock"}, false},
	    {{"s", "t", LOCK_STRONG}, {"s", "u", NULL, "AccessShareLock"}, false},
	    {{"s", "t", LOCK_STRONG}, {"s", "part", "t", "AccessShareLock"}, true}, /* for its parent */
	    {{"s", "t", LOCK_STRONG_WRITES}, {"s", "t", NULL, "AccessShareLock"}, false},
	    {{"s", "t", LOCK_STRONG_WRITES}, {"s", "t", NULL, "RowShareLock"}, false},
	    {{"s", "t", LOCK_STRONG_WRITES}, {"s", "t", NULL, "RowExclusiveLock"}, true},
	    {{"s", "t", LOCK_WEAK}, {"s", "t", NULL, "AccessExclusiveLock"}, false},
	    {{"s", "t", LOCK_NONE}, {"s", "t", NULL, "AccessExclusiveLock"}, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *const *holder = rows[i].holder;
		const char *texts[WIDTH] = {HOLDER(holder[0], holder[1], holder[2], holder[3], "7", "f")};
		scoped_rows struct rows *answer = answer_of(texts, 1, WIDTH);
		struct lock_target target = rows[i].target;

		CHECK_ROW(i, (holders_find_blocker(&(struct lock_target_list){&target, 1}, answer) == 0) ==
		                 rows[i].is_in_the_way);
		CHECK_ROW(i, holders_find_blocker(&(struct lock_target_list){0}, answer) == 1);
	}
}

TEST(blocker_is_the_first_row_that_is_in_the_way)
{
	static const char *const texts[] = {
	    HOLDER("s", "other", NULL, "AccessShareLock", "7", "f"),
	    HOLDER("s", "t", NULL, "AccessShareLock", "8", "t"),
	    HOLDER("s", "t", NULL, "AccessShareLock", "9", "f"),
	};
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *answer = answer_of(texts, 3, WIDTH);
	struct lock_target target = {"s", "t", LOCK_STRONG};

	CHECK_INT(holders_find_blocker(&(struct lock_target_list){&target, 1}, answer), 1);
	CHECK_STR(holders_pid_text(answer, 1), "8");
	CHECK_INT(holders_blocker(answer, 2).pid, 9);
	CHECK_STR(holders_blocker(answer, 2).state, "idle in transaction");
	CHECK_INT(holders_blocker(answer, 2).age_ms, 61000);
	CHECK_INT(holders_yield_after_ms(answer, 1), 1000);
	CHECK_INT(holders_yield_after_ms(answer, 2), -1);
	CHECK_STR(holders_describe(answer, 2, false, &arena),
	          "pid 9 (user anna, application \"psql\", idle in transaction, transaction open for 1 min 1 s) "
	          "holds AccessShareLock on \"t\"");
	CHECK(strstr(holders_describe(answer, 2, true, &arena), "\"t\": select 1"));
}
