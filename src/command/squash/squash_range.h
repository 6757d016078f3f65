/*
 * squash_range.h - which migrations become one
 *
 * What is named last with all it builds on, from the first one on or from the
 * one that is named. Nothing that stays may lie between them, as one file has
 * one place. Refused is what is edited in place, what depends on variables, and
 * what has effects that one file cannot have.
 */
#ifndef RUNG_COMMAND_SQUASH_SQUASH_RANGE_H
#define RUNG_COMMAND_SQUASH_SQUASH_RANGE_H

#include "command/command.h"

struct squash_range {
	const struct migration **members; /* by number */
	size_t count;
	struct tree before; /* what they build on; those that run last are in none of the trees */
	struct tree whole;  /* that, and they */
	int64_t *requires;  /* of what is before them and not below the first one anyhow */
	size_t require_count;
	const char *name;    /* of what replaces them: "40_squashed_from_01" */
	const char *carried; /* statements about roles and the database, which are in no schema: as they are */
};

MUST_USE bool squash_range_choose(struct context *context, struct squash_range *out, struct error *err);

#endif
