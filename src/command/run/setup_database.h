/*
 * setup_database.h - from nothing to a database one can work with
 */
#ifndef RUNG_COMMAND_RUN_SETUP_DATABASE_H
#define RUNG_COMMAND_RUN_SETUP_DATABASE_H

#include "command/command.h"

/* The files are looked at first, so that a bad one stops everything before anything was touched. */
MUST_USE bool setup_database(struct context *context, bool with_seeds, struct error *err);

#endif
