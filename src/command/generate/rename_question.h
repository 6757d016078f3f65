/*
 * rename_question.h - asking whether something was only renamed
 *
 * On a terminal a person is asked; elsewhere a note has the option that says
 * so. Nothing is ever taken for renamed that nobody has said.
 */
#ifndef RUNG_COMMAND_GENERATE_RENAME_QUESTION_H
#define RUNG_COMMAND_GENERATE_RENAME_QUESTION_H

#include "command/command.h"
#include "generate/rename_hint.h"

/* The option --rename: "table:app.a=b", several separated by commas; adds to `out`. */
MUST_USE bool rename_option_read(const struct context *context, struct rename_hints *out, struct error *err);

/* Adds what is answered with yes. What `hints` say already is not asked. */
MUST_USE bool rename_question_ask(const struct context *context, const struct catalog *from,
                                  const struct catalog *to, struct rename_hints *hints, struct error *err);

#endif
