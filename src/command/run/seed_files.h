/*
 * seed_files.h - loading the files of schema/seed
 *
 * Every file in the order of names, each in one transaction and a session of
 * its own. Nothing is recorded: seeds are written to be loaded again.
 */
#ifndef RUNG_COMMAND_RUN_SEED_FILES_H
#define RUNG_COMMAND_RUN_SEED_FILES_H

#include "command/command.h"

/* A missing directory is no seeds. `count` receives how many files were loaded. */
MUST_USE bool seed_files_run(struct context *context, size_t *count, struct error *err);

#endif
