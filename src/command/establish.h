/*
 * establish.h - from nothing to a database one can work with
 */
#ifndef RUNG_COMMAND_ESTABLISH_H
#define RUNG_COMMAND_ESTABLISH_H

#include "command/command.h"

/* The files are looked at first, so that a bad one stops everything before anything was touched. */
MUST_USE bool establish_run(struct context *context, bool with_seeds, struct error *err);

#endif
