/*
 * Two threads and a counter under a lock: each takes the next index and works without the lock. There is no
 * queue and no hand-over, so a row of a single task costs one lock and wakes nobody, and a second thread
 * that was not to be had costs nothing but its help.
 *
 * worker_pair_share() returns when the counter has come to its end and the other thread is not busy. Both
 * are looked at under the lock, and `is_busy` is set before it is given up: a task can never run on after
 * the return.
 */
#include "base/worker_pair.h"

#include "base/arena.h"
#include "base/thread.h"

struct worker_pair {
	struct arena arena; /* this lies on it */
	pthread_t thread;
	bool is_running;

	/* What follows is under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	void (*task)(void *context, size_t index);
	void *context;
	size_t next;
	size_t count;
	bool is_busy; /* the other thread, with a task */
	bool is_closing;
};

/* Takes one and does it, without the lock. */
static void do_next(struct worker_pair *workers)
{
	const size_t index = workers->next++;

	pthread_mutex_unlock(&workers->lock);
	workers->task(workers->context, index);
	pthread_mutex_lock(&workers->lock);
}

static void *help(void *context)
{
	struct worker_pair *workers = context;

	pthread_mutex_lock(&workers->lock);
	while (!workers->is_closing) {
		workers->is_busy = workers->next < workers->count;
		if (workers->is_busy) {
			do_next(workers);
		} else {
			pthread_cond_broadcast(&workers->changed);
			pthread_cond_wait(&workers->changed, &workers->lock);
		}
	}
	pthread_mutex_unlock(&workers->lock);
	return NULL;
}

void worker_pair_share(struct worker_pair *workers, void (*task)(void *context, size_t index), void *context,
                       size_t count)
{
	pthread_mutex_lock(&workers->lock);
	workers->task = task;
	workers->context = context;
	workers->next = 0;
	workers->count = count;
	if (count > 1)
		pthread_cond_broadcast(&workers->changed);
	while (workers->next < workers->count)
		do_next(workers);
	while (workers->is_busy)
		pthread_cond_wait(&workers->changed, &workers->lock);
	pthread_mutex_unlock(&workers->lock);
}

struct worker_pair *worker_pair_open(void)
{
	struct arena arena = {0};
	struct worker_pair *workers = arena_new(&arena, struct worker_pair);

	workers->arena = arena;
	pthread_mutex_init(&workers->lock, NULL);
	pthread_cond_init(&workers->changed, NULL);
	workers->is_running = thread_start(&workers->thread, help, workers);
	return workers;
}

static void join(struct worker_pair *workers)
{
	pthread_mutex_lock(&workers->lock);
	workers->is_closing = true;
	pthread_cond_broadcast(&workers->changed);
	pthread_mutex_unlock(&workers->lock);
	if (workers->is_running)
		pthread_join(workers->thread, NULL);
}

void worker_pair_close(struct worker_pair **workers)
{
	if (!*workers)
		return;
	join(*workers);
	pthread_cond_destroy(&(*workers)->changed);
	pthread_mutex_destroy(&(*workers)->lock);
	struct arena arena = (*workers)->arena;
	arena_clear(&arena);
	*workers = NULL;
}
