/*
 * side_choice.h - what of two sides is compared, and what a person is told that it is not
 */
#ifndef RUNG_COMMAND_GENERATE_SIDE_CHOICE_H
#define RUNG_COMMAND_GENERATE_SIDE_CHOICE_H

#include "command/generate/catalog_filter.h"
#include "command/generate/side.h"

struct side_choice {
	struct context *context;
	struct catalog_filter *filter; /* is told of subscriptions that are left alone */
	struct side *from;
	struct side *to;
	bool is_strict; /* an object of a kind that is not known is an error (ERROR_VERDICT) */
};

/* Takes what is not compared out of both catalogs. */
MUST_USE bool sides_choose(const struct side_choice *choice, struct error *err);

#endif
