/*
 * same_options.h - what of the command line the next command needs again
 *
 * "Continue with "rung upgrade"" has to mean the same project and database as
 * the command that says so. Options that name these are repeated in each
 * command we advise: -C, and the settings of [database], [files], [backup] and
 * [local]. Not how a run goes or what it shows (--lock-wait, --json), which
 * people choose anew each time.
 *
 * A value that is or may be a secret is never repeated: a URL with a password,
 * and whatever --set gives. Then the option alone is named; so it is where a
 * value has characters that are not printed as they are. Of an option given
 * more than once the value that counts is repeated.
 */
#ifndef RUNG_COMMAND_LINE_SAME_OPTIONS_H
#define RUNG_COMMAND_LINE_SAME_OPTIONS_H

#include "command/line/arguments.h"

/* From here on what we advise has the options of `arguments`; `arena` has to live until the last word. */
void same_options_keep(const struct arguments *arguments, struct arena *arena);

#endif
