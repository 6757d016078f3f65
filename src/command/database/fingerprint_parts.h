/*
 * fingerprint_parts.h - --ignore and --with: which facts of objects count
 */
#ifndef RUNG_COMMAND_DATABASE_FINGERPRINT_PARTS_H
#define RUNG_COMMAND_DATABASE_FINGERPRINT_PARTS_H

#include "command/command.h"

/* Adds the parts (catalog/fingerprint.h) that the option lists to `*out`; none where it is not given. */
MUST_USE bool fingerprint_parts_read(const struct context *context, const char *flag, int *out,
                                     struct error *err);

/* The usual ones, with those of --with and without those of --ignore. */
MUST_USE bool fingerprint_parts_choose(const struct context *context, int *out, struct error *err);

#endif
