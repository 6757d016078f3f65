/*
 * A handler may do next to nothing, so it notes the wish and writes a byte into a pipe. The byte is never
 * read: a wait that begins after the signal must end as well, and so must every one after that. Anyone who
 * may wait for long has the pipe among their descriptors.
 *
 * SIGPIPE and SIGXFSZ are ignored, so that a reader that went away and a file that may not grow are errors
 * of the call, with a message. Children get the usual behaviour back (child.c).
 */
#include "base/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* Lock-free, so a handler may set it; atomic, because threads that upload look at it too. */
static atomic_bool requested;
static int wake_pipe[2] = {-1, -1};

static void on_signal(int number)
{
	const int saved = errno;

	(void)number;
	requested = true;
	/* The byte stays in the pipe: once asked to stop, every later wait wakes too. */
	if (write(wake_pipe[1], "", 1) < 0) {
		/* full: there is a byte already */
	}
	errno = saved;
}

/*
 * What a caller leaves to its children. With SIGCHLD ignored the system takes our
 * children's exit codes away; a blocked signal would stop nothing.
 */
static void inherit_nothing(const sigset_t *unblocked)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};

	sigaction(SIGCHLD, &usual, NULL);
	sigprocmask(SIG_UNBLOCK, unblocked, NULL);
}

void interrupt_install(void)
{
	static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction stop = {.sa_handler = on_signal};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t unblocked;

	if (pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		wake_pipe[0] = wake_pipe[1] = -1;
	sigemptyset(&unblocked);
	for (size_t i = 0; i < sizeof(stopping) / sizeof(*stopping); i++) {
		struct sigaction before;

		sigaddset(&unblocked, stopping[i]);
		/* Under nohup the caller wants HUP ignored: leave it so. */
		if (sigaction(stopping[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(stopping[i], &stop, NULL);
	}
	inherit_nothing(&unblocked);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL); /* a limit of file sizes is an error of the write, too */
}

bool interrupt_requested(void)
{
	return requested;
}

int interrupt_fd(void)
{
	return wake_pipe[0];
}

bool interrupt_check(struct error *err)
{
	return !requested || error_set(err, ERROR_CANCELLED, "cancelled");
}
