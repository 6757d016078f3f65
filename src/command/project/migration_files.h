/*
 * migration_files.h - the files a verb loads by itself, writes and tells about
 */
#ifndef RUNG_COMMAND_PROJECT_MIGRATION_FILES_H
#define RUNG_COMMAND_PROJECT_MIGRATION_FILES_H

#include "command/command.h"
#include "migration/rewrite.h"

/*
 * Loads the tree into the context, by the verb and not by main: because a new
 * project has no directory yet, or because files were written just now.
 */
MUST_USE bool migration_files_load(struct context *context, struct error *err);

/* A line (or an object) a file: created, updated or renamed; or, not yet done, what would be. */
void migration_files_say(struct context *context, const struct rewrite *rewrite, bool is_done);

/* Text of 00_master_schema.sql and the like. */
MUST_USE bool migration_files_read(const char *path, struct arena *arena, struct str *out, struct error *err);

#endif
