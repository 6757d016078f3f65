/*
 * The file has no name from its first moment (O_TMPFILE), or, where the file system cannot do that, from
 * its second. So nothing is left over by kill -9, and nobody else can open what may be a decrypted
 * archive.
 *
 * Space is asked for before: a restore that fails after an hour of fetching should have failed at once. It
 * is only a look; what fills the disk meanwhile is found by the write.
 */
#include "base/scratch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"

static const char *scratch_directory(void)
{
	const char *asked = getenv("TMPDIR");

	return asked && *asked ? asked : directory_exists("/var/tmp") ? "/var/tmp" : "/tmp";
}

static bool check_space(const char *directory, int64_t size, struct error *err)
{
	struct statvfs info;

	if (size == 0 || statvfs(directory, &info) < 0 || (int64_t)info.f_bavail * (int64_t)info.f_frsize > size)
		return true;
	error_set(err, ERROR_STORAGE, "\"%s\" has too little space for %lld bytes", directory, (long long)size);
	return error_hint(err, "Name another directory with TMPDIR.");
}

/* Without a name from the start; where the system does not know that, without one at once. */
static int open_nameless(const char *directory)
{
#ifdef O_TMPFILE
	const int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
#endif
	scoped_arena struct arena arena = {0};
	char *path = path_join(&arena, directory, "rung.XXXXXX");
	const int named = mkostemp(path, O_CLOEXEC);

	if (named >= 0)
		unlink(path);
	return named;
}

bool scratch_open(int64_t size, int *fd, struct error *err)
{
	const char *directory = scratch_directory();

	if (!check_space(directory, size, err))
		return false;
	*fd = open_nameless(directory);
	return *fd >= 0 ||
	       error_set(err, ERROR_STORAGE, "could not create a temporary file in \"%s\": %m", directory);
}
