/*
 * exit_code.h - what exit codes mean
 *
 * error_exit_code() decides which one; this says it to people: in the help,
 * the manual and docs/exit-codes.md, which a test compares with it.
 */
#ifndef RUNG_COMMAND_HELP_EXIT_CODE_H
#define RUNG_COMMAND_HELP_EXIT_CODE_H

struct exit_code_row {
	int code;
	const char *meaning; /* NULL ends the list */
	const char *advice;  /* what to do about it */
};

extern const struct exit_code_row exit_code_rows[];

#endif
