#include "base/worker_pair.h"

#include <stdatomic.h>

#include "test.h"

enum { TASKS = 1000 };

struct tasks {
	atomic_int calls;
	int done[TASKS];
};

static void do_task(void *context, size_t index)
{
	struct tasks *tasks = context;

	tasks->calls++;
	tasks->done[index]++;
}

TEST(every_task_is_done_once)
{
	struct worker_pair *workers = worker_pair_open();

	for (int round = 0; round < 100; round++) {
		struct tasks tasks = {0};

		worker_pair_share(workers, do_task, &tasks, TASKS);
		CHECK_INT(tasks.calls, TASKS);
		for (size_t i = 0; i < TASKS; i++)
			CHECK_ROW(i, tasks.done[i] == 1);
	}
	worker_pair_close(&workers);
	CHECK(!workers);
}

TEST(no_task_is_soon_done)
{
	struct tasks tasks = {0};
	struct worker_pair *workers = worker_pair_open();

	worker_pair_share(workers, do_task, &tasks, 0);
	CHECK_INT(tasks.calls, 0);
	worker_pair_close(&workers);
}

struct pair {
	atomic_int arrived;
};

/* Returns when both tasks run: one thread alone would wait for ever. */
static void meet(void *context, size_t index)
{
	struct pair *pair = context;

	(void)index;
	pair->arrived++;
	while (pair->arrived < 2)
		;
}

TEST(two_tasks_run_at_the_same_time)
{
	struct pair pair = {0};
	struct worker_pair *workers = worker_pair_open();

	worker_pair_share(workers, meet, &pair, 2);
	CHECK_INT(pair.arrived, 2);
	worker_pair_close(&workers);
}
