/*
 * squash_files.h - the new files in the place of the old ones
 *
 * The new pair is written first, whole and durable; then the old files are
 * removed, or moved to where they are kept. A kill in between leaves both, which
 * every command refuses (two files of one number), and squash_files_finish()
 * ends it.
 */
#ifndef RUNG_COMMAND_SQUASH_SQUASH_FILES_H
#define RUNG_COMMAND_SQUASH_SQUASH_FILES_H

#include "command/squash/squash_range.h"

struct squash_texts {
	const char *up;
	const char *down;
};

/* Refuses, before anything is built, to remove files that are nowhere else: neither in git nor kept. */
MUST_USE bool squash_files_check(struct context *context, const struct squash_range *range,
                                 struct error *err);

MUST_USE bool squash_files_write(struct context *context, const struct squash_range *range,
                                 const struct squash_texts *texts, struct error *err);

/* What a squash that was interrupted has left; `*found` where there was anything, which is done then. */
MUST_USE bool squash_files_finish(struct context *context, bool *found, struct error *err);

/* The commit that is checked out; NULL without git. */
const char *squash_revision(const struct context *context);

#endif
