/*
 * boundary.h - which files belong to a project
 *
 * One rule for all that a project's files can lead to (includes, \copy, and
 * the files and directories themselves where they are links): once links are
 * resolved it lies in the project, or in a directory that the settings name
 * outright. What is in there travels with the project; /etc does not.
 */
#ifndef RUNG_BASE_BOUNDARY_H
#define RUNG_BASE_BOUNDARY_H

#include <sys/stat.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/scope.h"

/* A file that was found; what is looked at is what is read. */
struct found_file {
	int fd; /* open to be read; -1 for what is a link or no regular file: it is opened by its name */
	struct stat info;
	const char *real; /* its path with all links resolved; NULL for what is not there */
};

struct boundary {
	const char *const *directories; /* NULL-terminated; links in them are resolved here */
	bool is_open;                   /* everything belongs to it */
	/* Whether a file may be read no matter who could write to it (config/voucher.h); NULL: any may. */
	bool (*vouch)(void *voucher, const char *path, const struct found_file *file, struct error *err);
	void *voucher;
};

/* The path with all links resolved, as realpath() has it; NULL, with errno, for what is not there. */
char *path_resolve(struct arena *arena, const char *path);

/*
 * Whether the file at `path` lies inside; one that does not exist is looked at
 * by its text alone. The error (ERROR_FILES) says how to allow it. What lies
 * inside must be vouched for as well.
 */
MUST_USE bool boundary_check(const struct boundary *boundary, const char *path, struct error *err);

/*
 * Finds the file at `path`, which is to be read, and checks it likewise. Nearly
 * all are plain files in one of a few directories: those are open then, and were
 * opened in a directory that was resolved once, so that each costs one openat()
 * and one fstat(). One that is not there is no error, says errno, and is not checked.
 */
MUST_USE bool boundary_find(const struct boundary *boundary, const char *path, struct arena *arena,
                            struct found_file *out, struct error *err);

void found_file_close(struct found_file *file);
#define scoped_found_file SCOPED(found_file_close)

/* The same for what may be a link and mostly is none: those cost one question. */
MUST_USE bool boundary_check_link(const struct boundary *boundary, const char *path, struct error *err);

#endif
