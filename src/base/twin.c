#include "base/twin.h"

#include "base/arena.h"
#include "base/thread.h"

struct twin {
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
static void do_next(struct twin *twin)
{
	const size_t index = twin->next++;

	pthread_mutex_unlock(&twin->lock);
	twin->task(twin->context, index);
	pthread_mutex_lock(&twin->lock);
}

static void *help(void *context)
{
	struct twin *twin = context;

	pthread_mutex_lock(&twin->lock);
	while (!twin->is_closing) {
		twin->is_busy = twin->next < twin->count;
		if (twin->is_busy) {
			do_next(twin);
		} else {
			pthread_cond_broadcast(&twin->changed);
			pthread_cond_wait(&twin->changed, &twin->lock);
		}
	}
	pthread_mutex_unlock(&twin->lock);
	return NULL;
}

void twin_share(struct twin *twin, void (*task)(void *context, size_t index), void *context, size_t count)
{
	pthread_mutex_lock(&twin->lock);
	twin->task = task;
	twin->context = context;
	twin->next = 0;
	twin->count = count;
	if (count > 1)
		pthread_cond_broadcast(&twin->changed);
	while (twin->next < twin->count)
		do_next(twin);
	while (twin->is_busy)
		pthread_cond_wait(&twin->changed, &twin->lock);
	pthread_mutex_unlock(&twin->lock);
}

struct twin *twin_open(void)
{
	struct arena arena = {0};
	struct twin *twin = arena_new(&arena, struct twin);

	twin->arena = arena;
	pthread_mutex_init(&twin->lock, NULL);
	pthread_cond_init(&twin->changed, NULL);
	twin->is_running = thread_start(&twin->thread, help, twin);
	return twin;
}

static void join(struct twin *twin)
{
	pthread_mutex_lock(&twin->lock);
	twin->is_closing = true;
	pthread_cond_broadcast(&twin->changed);
	pthread_mutex_unlock(&twin->lock);
	if (twin->is_running)
		pthread_join(twin->thread, NULL);
}

void twin_close(struct twin **twin)
{
	if (!*twin)
		return;
	join(*twin);
	pthread_cond_destroy(&(*twin)->changed);
	pthread_mutex_destroy(&(*twin)->lock);
	struct arena arena = (*twin)->arena;
	arena_clear(&arena);
	*twin = NULL;
}
