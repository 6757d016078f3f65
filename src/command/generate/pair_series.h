/*
 * pair_series.h - a change as several pairs, each one transaction up and one down
 *
 * Each step leads from one state to the next and back, and stands for itself:
 * going down by one and up again is as if nothing had happened. What cannot
 * run in a transaction is a step of its own.
 */
#ifndef RUNG_COMMAND_GENERATE_PAIR_SERIES_H
#define RUNG_COMMAND_GENERATE_PAIR_SERIES_H

#include "command/generate/change_pair.h"

struct series_step {
	struct change_script up; /* of one part, like `down` */
	struct change_script down;
	const struct catalog *after; /* up leads there, and down from there */
};

struct pair_series {
	struct series_step *steps; /* in the order they run; none where `pair` says nothing */
	size_t count;
};

/* Whether all of it is one statement that runs in no transaction. */
bool change_script_is_alone(const struct change_script *script);

/*
 * `pair` as `options` made it. Of several parts the states between them are tried on a copy of FROM. The
 * error (ERROR_FOUND) says where no such steps are found.
 */
MUST_USE bool pair_series_make(const struct change_pair_options *options, const struct change_pair *pair,
                               struct pair_series *out, struct error *err);

#endif
