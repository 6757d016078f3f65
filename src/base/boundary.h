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

#include "base/arena.h"
#include "base/error.h"

struct boundary {
	const char *const *directories; /* NULL-terminated; links in them are resolved here */
	bool is_open;                   /* everything belongs to it */
	/* Whether a file may be read whoever could write to it (config/voucher.h); NULL: any may. */
	bool (*vouch)(void *voucher, const char *path, struct error *err);
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

/* The same for who has resolved it already: `real` is what path_resolve() made of `path`. */
MUST_USE bool boundary_check_resolved(const struct boundary *boundary, const char *path, const char *real,
                                      struct error *err);

/* The same for what may be a link and mostly is none: those cost one question. */
MUST_USE bool boundary_check_link(const struct boundary *boundary, const char *path, struct error *err);

#endif
