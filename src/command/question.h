/*
 * question.h - asking a person before something is lost
 */
#ifndef RUNG_COMMAND_QUESTION_H
#define RUNG_COMMAND_QUESTION_H

#include "command/command.h"

/*
 * True when the person says yes, or types `expected` where that is not NULL.
 * Whoever calls has seen to report_can_ask(), and changes nothing before: the
 * error says so.
 */
MUST_USE bool question_ask(struct context *context, const char *question, const char *expected,
                           struct error *err);

#endif
