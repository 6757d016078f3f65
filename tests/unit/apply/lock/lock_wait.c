#include "apply/lock/lock_wait.h"

#include "test.h"

TEST(rest_after_a_refused_lock_grows_by_half_up_to_ten_seconds)
{
	static const int64_t expected_ms[] = {500, 750, 1125, 1687, 2530, 3795, 5692, 8538, 10000, 10000};

	for (size_t i = 0; i < sizeof(expected_ms) / sizeof(*expected_ms); i++)
		CHECK_ROW(i, lock_wait_backoff_ms((int)i + 1) == expected_ms[i]);
	CHECK_INT(lock_wait_backoff_ms(1000000), 10000);
}

TEST(a_wait_is_told_of_after_two_seconds_then_every_ten_and_ends_at_its_deadline)
{
	static const struct {
		int64_t now_ms;
		enum lock_patience_state state;
	} rows[] = {
	    {1000, LOCK_PATIENCE_SILENT},  {2999, LOCK_PATIENCE_SILENT},
	    {3000, LOCK_PATIENCE_SPEAKS},  {3001, LOCK_PATIENCE_SILENT},
	    {12999, LOCK_PATIENCE_SILENT}, {21000, LOCK_PATIENCE_SPEAKS}, /* a late look: once, not twice */
	    {30999, LOCK_PATIENCE_SILENT}, {31000, LOCK_PATIENCE_SPEAKS},
	    {60999, LOCK_PATIENCE_SPEAKS}, {61000, LOCK_PATIENCE_OVER},
	    {99999, LOCK_PATIENCE_OVER},
	};
	struct lock_patience patience = lock_patience_begin(1000, 61000);

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, lock_patience_at(&patience, rows[i].now_ms) == rows[i].state);
}

TEST(a_wait_without_patience_ends_at_the_first_look)
{
	struct lock_patience patience = lock_patience_begin(1000, 1000);

	CHECK(lock_patience_at(&patience, 1000) == LOCK_PATIENCE_OVER);
}
