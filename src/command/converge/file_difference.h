/*
 * file_difference.h - whether the database is what its files make
 *
 * A file that is edited and applied again may change nothing: "create table if
 * not exists" passes over a table that is there, with whatever columns it has.
 * So the files of all that is applied are built in a scratch database, and what
 * differs is told object by object, with the file that has it.
 *
 * Owners, privileges and security labels are not compared: they may have been
 * set up beside the files. Of objects that no file makes only those count that
 * belong to one that a file makes, or lie in a schema in which files make
 * something.
 */
#ifndef RUNG_COMMAND_CONVERGE_FILE_DIFFERENCE_H
#define RUNG_COMMAND_CONVERGE_FILE_DIFFERENCE_H

#include "catalog/catalog.h"
#include "command/command.h"
#include "history/record.h"

/* Of the database, seen from the files. */
enum file_difference_kind {
	FILE_DIFFERENCE_EXTRA,
	FILE_DIFFERENCE_OTHER,
	FILE_DIFFERENCE_MISSING,
};

struct file_difference {
	const struct object *object;
	enum file_difference_kind kind;
	const struct migration *migration; /* whose file has it; NULL where none has, or nobody knows which */
	const char *text;                  /* "column public.t.a is in schema/01_x.sql and not in the database" */
};

struct file_differences {
	struct file_difference *items; /* in canonical order */
	size_t count;
	const char *why; /* nothing was compared; NULL: it was */
};

/*
 * Of the configured database, with that history. What stands in the way (no server programs, say) is told in
 * `why`; false only where somebody wants to stop. Everything lies on the context's arena.
 */
MUST_USE bool file_differences_find(struct context *context, const struct history *history,
                                    struct file_differences *out, struct error *err);

/* Says why nothing was compared, where that is so. */
void file_differences_warn(struct context *context, const struct file_differences *differences);

/*
 * After a run that applied an edited file again: the same, each difference a warning. Nothing that stands in
 * the way fails the run.
 */
void file_differences_tell(struct context *context);

#endif
