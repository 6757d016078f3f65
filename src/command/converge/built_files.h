/*
 * built_files.h - what migrations make, file by file, in a scratch database
 *
 * The database is like another one: of its major version, with its extensions
 * where it has them, made by a role of the same name. The catalog is read behind
 * the files that are asked for, so that what a file makes can be told from what
 * others make.
 */
#ifndef RUNG_COMMAND_CONVERGE_BUILT_FILES_H
#define RUNG_COMMAND_CONVERGE_BUILT_FILES_H

#include "command/generate/side.h"
#include "history/record.h"

/* One file in the order in which they run. */
struct built_file {
	const struct migration *migration;
	bool is_looked_at;
	struct catalog after; /* where it is looked at */
};

struct built_files {
	struct built_file *items;
	size_t count;
	struct catalog nothing; /* before the first */
};

/* The files of `tree` whose number is in `chosen`, in order; none is looked at yet. */
void built_files_choose(const struct tree *tree, const struct history *chosen, struct arena *arena,
                        struct built_files *out);

/* The server that the command's option --server names, where it has one; NULL: a scratch server of our own.
 */
const char *built_files_server(const struct context *context);

/*
 * Runs them all, in a scratch database that is dropped again; catalogs lie on the context's arena. `like` is
 * open.
 */
MUST_USE bool built_files_run(struct side_room *room, const struct side *like, struct built_files *files,
                              struct error *err);

#endif
