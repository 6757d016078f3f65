/*
 * arguments.h - the command line
 *
 * As GNU programs have it: options before or after the verb and its
 * operands, "--flag value" and "--flag=value", letters combined, "--" ends
 * them. A minus with digits ("downgrade -1") is an operand. Yes-or-no options
 * also exist as "--no-...". Mistakes are usage errors with a suggestion.
 *
 * A URL is wiped from argv as soon as it has been read, so that no process
 * list shows its password, and no error message repeats one.
 */
#ifndef RUNG_COMMAND_LINE_ARGUMENTS_H
#define RUNG_COMMAND_LINE_ARGUMENTS_H

#include "command/command.h"

struct arguments {
	const struct command *command; /* NULL without a verb */
	struct setting_flag *flags;
	size_t flag_count;
	const char **operands; /* NULL-terminated */
	size_t operand_count;
	const char **option_values; /* by row of command->options; NULL without options */
	const char *directory;      /* -C: where to start; NULL for here */
	bool wants_help;
	bool wants_version;
};

/* Options that belong to no setting and no verb. */
extern const struct option_row general_options[];

MUST_USE bool arguments_parse(char **argv, struct arena *arena, struct arguments *out, struct error *err);

/* Whether "--json" is among them, for errors that come before anything is known. */
bool arguments_want_json(char *const *argv);

/* The setting a flag stands for ("--color" is "--colour"); -1 for none. */
int setting_find_flag(const char *flag);

#endif
