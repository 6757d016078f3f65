/*
 * change_run.h - a generated script on a database that is for trying
 *
 * Part by part, as the files it becomes would run: each in a transaction, but
 * for what cannot run in one.
 */
#ifndef RUNG_COMMAND_GENERATE_CHANGE_RUN_H
#define RUNG_COMMAND_GENERATE_CHANGE_RUN_H

#include "command/generate/prerequisite.h"
#include "generate/change_script.h"

/* What was refused is in `*failed`, NULL where it was none of the statements. Missing roles are made where
 * they may be. */
MUST_USE bool change_run(struct session *db, const struct change_script *script,
                         const struct prerequisites *prerequisites, const struct change_statement **failed,
                         struct error *err);

#endif
