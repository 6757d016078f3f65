#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_NO_DESCRIPTORS = 2 };

/*
 * open() takes the lowest number that is free, so going upward fills exactly
 * the one that is closed. Children inherit these three: no O_CLOEXEC. Without
 * /dev (a bare chroot) the root directory keeps the number; writing to it
 * fails, which is still better than writing into a connection.
 */
void descriptors_fill(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* NOLINTNEXTLINE(android-cloexec-open) */
		if (open("/dev/null", O_RDWR) != fd && open("/", O_RDONLY) != fd)
			_Exit(EXIT_NO_DESCRIPTORS);
	}
}
