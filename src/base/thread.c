#include "base/thread.h"

#include <signal.h>

bool thread_start(pthread_t *out, void *(*run)(void *context), void *context)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	const bool is_started = pthread_create(out, NULL, run, context) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return is_started;
}
