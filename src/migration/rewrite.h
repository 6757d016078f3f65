/*
 * rewrite.h - several files changed together, all of them or none
 *
 * Files are made, moved and given another text as one: when one of the steps
 * fails, those before it are taken back. Nothing is ever overwritten but a
 * file that is itself part of the rewrite. A kill in the middle leaves what
 * was moved aside as ".NAME.PID.aside" in its directory, and of new files
 * ".NAME.PID.made"; either is a finding of the tree from then on (FINDING_ASIDE).
 */
#ifndef RUNG_MIGRATION_REWRITE_H
#define RUNG_MIGRATION_REWRITE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct change {
	const char *from; /* NULL: a new file */
	const char *to;   /* where it is in the end; may be the same */
	struct str text;  /* what it says in the end */
	bool keeps_text;  /* only moved; `text` means nothing */
};

struct rewrite {
	struct arena *arena;
	struct change *changes;
	size_t count;
};

void rewrite_create(struct rewrite *rewrite, const char *path, struct str text);
void rewrite_move(struct rewrite *rewrite, const char *from, const char *to);
void rewrite_move_with(struct rewrite *rewrite, const char *from, const char *to, struct str text);

/* The NAME in ".NAME.PID.aside", or ".NAME.PID.made" of one that is new; NULL for any other name of a file.
 */
const char *rewrite_aside_name(const char *file_name, bool *is_new, struct arena *arena);

/* Missing directories of new files are created, and stay. */
MUST_USE bool rewrite_perform(const struct rewrite *rewrite, struct error *err);

#endif
