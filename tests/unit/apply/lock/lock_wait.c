#include "apply/lock/lock_wait.h"

#include "test.h"

TEST(rest_after_a_refused_lock_grows_by_half_up_to_ten_seconds)
{
	static const int64_t expected_ms[] = {500, 750, 1125, 1687, 2530, 3795, 5692, 8538, 10000, 10000};

	for (size_t i = 0; i < sizeof(expected_ms) / sizeof(*expected_ms); i++)
		CHECK_ROW(i, lock_wait_backoff_ms((int)i + 1) == expected_ms[i]);
	CHECK_INT(lock_wait_backoff_ms(1000000), 10000);
}
