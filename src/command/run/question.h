/*
 * question.h - asking a person before something is lost
 */
#ifndef RUNG_COMMAND_RUN_QUESTION_H
#define RUNG_COMMAND_RUN_QUESTION_H

#include "command/command.h"

/*
 * True when the person says yes, or types `expected` where that is not NULL,
 * or when --force has said so before: every verb that asks has that option.
 * Without a terminal the error is about `deed` ("rolling back 2 migrations
 * of ..."), with `hint` or the usual one (NULL). Anyone who calls names in the
 * question what is lost and where, and changes nothing before: the error says
 * so.
 */
MUST_USE bool question_settle(struct context *context, const char *deed, const char *question,
                              const char *expected, const char *hint, struct error *err);

#endif
