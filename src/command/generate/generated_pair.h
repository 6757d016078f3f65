/*
 * generated_pair.h - the SQL of a new migration, from a schema that is wanted
 *
 * What leads from what the project's migrations make to the wanted schema, and
 * back, proved on a scratch server. Statements that lose data are refused
 * unless they are allowed.
 */
#ifndef RUNG_COMMAND_GENERATE_GENERATED_PAIR_H
#define RUNG_COMMAND_GENERATE_GENERATED_PAIR_H

#include "command/command.h"

struct generated_pair_options {
	const char *desired;    /* a side (side_name.h) */
	const char *server_url; /* for scratch databases, as libpq has it; NULL: a server of our own */
	bool allows_data_loss;
};

struct generated_pair {
	const char *up; /* NULL: the migrations make the wanted schema already, which was said */
	const char *down;
};

/* On the context's arena. Says what is renamed and what the proof was. */
MUST_USE bool generated_pair_make(struct context *context, const struct generated_pair_options *options,
                                  struct generated_pair *out, struct error *err);

#endif
