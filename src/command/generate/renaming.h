/*
 * renaming.h - what is only called otherwise, before two sides are compared
 *
 * On a copy of FROM each rename that is said (generate/rename_hint.h) is run,
 * one at a time: the server writes anew every definition in which the name
 * stands. What differs is then told of the copy.
 */
#ifndef RUNG_COMMAND_GENERATE_RENAMING_H
#define RUNG_COMMAND_GENERATE_RENAMING_H

#include "command/generate/catalog_filter.h"
#include "command/generate/side.h"
#include "generate/change_script.h"

struct renaming {
	struct catalog catalog; /* of FROM, with the new names; its own where nothing is renamed */
	struct rename_step *steps;
	size_t count;
	struct scratch_database scratch;
};

struct renaming_options {
	struct side_room *room;
	struct side *from;
	const struct side *to;
	const struct rename_hints *hints;
	const struct catalog_filter *filter; /* that both catalogs went through */
	int parts;                           /* what a copy of FROM has to have of it */
};

/* Says what is renamed, and which hint of the command line is about nothing. */
MUST_USE bool renaming_make(const struct renaming_options *options, struct renaming *out, struct error *err);
void renaming_clear(struct renaming *renaming);

/* Up renames before all else, down behind it. */
void renaming_add_up(const struct renaming *renaming, struct arena *arena, struct change_script *script);
void renaming_add_down(const struct renaming *renaming, struct arena *arena, struct change_script *script);

#endif
