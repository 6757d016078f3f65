/*
 * repair_log.h - "rung repair --log": accepts a log that somebody wrote to
 *
 * Shows what is wrong, asks, and adds to the log: a row for each applied
 * migration that it does not tell of, and one that accepts all before it
 * (history/accepted_log.h). No row that is there is touched.
 */
#ifndef RUNG_COMMAND_REPAIR_LOG_H
#define RUNG_COMMAND_REPAIR_LOG_H

#include "command/command.h"

MUST_USE bool repair_log(struct context *context, struct error *err);

#endif
