/*
 * manual.h - rung(1), from the same tables as the help
 */
#ifndef RUNG_COMMAND_HELP_MANUAL_H
#define RUNG_COMMAND_HELP_MANUAL_H

#include "base/arena.h"

/* The headings of command groups, by enum command_group, shared with the help. */
extern const char *const command_group_titles[];

/* The manual page in mdoc. */
char *manual_text(struct arena *arena);

#endif
