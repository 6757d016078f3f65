/*
 * argument.h - what follows a backslash command on its line
 *
 * Arguments are separated by spaces and end at a backslash, which begins the
 * next command. 'single quotes' hold C-like escapes, "double quotes" stay part
 * of the argument, variables are replaced outside quotes, and pieces that
 * touch are one argument: all as in psql.
 */
#ifndef RUNG_SQL_ARGUMENT_H
#define RUNG_SQL_ARGUMENT_H

#include "base/arena.h"
#include "base/str.h"
#include "sql/psql_variable.h"

struct argument {
	char *text;
	size_t offset;     /* in the line */
	size_t plain_tail; /* characters at its end that were not quoted or replaced */
	bool is_quoted;    /* has some quoted or replaced part, so it may be empty */
};

struct argument_list {
	struct argument *items;
	size_t count;
	size_t end;          /* where in the line they end */
	const char *problem; /* what is wrong with them, or NULL */
	size_t problem_at;
};

/*
 * Reads all arguments in `line`. With `variables` NULL (an inactive branch)
 * nothing is replaced and nothing is wrong, the text is just passed over.
 */
struct argument_list argument_list_read(struct str line, struct variable_set *variables, struct arena *arena);

/* The text without unquoted semicolons at its end: people end even commands with one. */
const char *argument_without_semicolon(const struct argument *argument, struct arena *arena);

#endif
