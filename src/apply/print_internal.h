/*
 * print_internal.h - what the files that print a script share
 *
 * print.c prints what a run does, print_brief.c the same for people to read,
 * print_statement.c the statements of the files, print_request.c what is ours.
 */
#ifndef RUNG_APPLY_PRINT_INTERNAL_H
#define RUNG_APPLY_PRINT_INTERNAL_H

#include "apply/run_internal.h"

struct printing {
	void (*print)(void *context, const char *text);
	void *context;
	struct run *run;
};

/* --- print_statement.c --- */

void print_text(const struct printing *printing, const char *text);
void print_str(const struct printing *printing, struct str text);

/* Statements that are one message, with their data; an \echo, or a \copy, is one by itself. */
void print_statements(const struct printing *printing, const struct statement *statements, size_t count);

/* Every statement of the script, one message after the other. */
void print_all_statements(const struct printing *printing, const struct script *script);

/* Whether psql would do with it what we do; else the place and the way out. */
MUST_USE bool print_check_statement(const struct statement *statement, struct error *err);

/* --- print_request.c --- */

/* A request with its values in their places: $1 becomes a literal. */
char *print_request_text(struct arena *arena, const struct request *request);

void print_request(const struct printing *printing, const struct request *request);

/* What the program's own sessions have from the start: text is UTF-8, the role is the one asked for. */
void print_session(const struct printing *printing);

/* --- print_brief.c --- */

/* What is before all steps: the table, where there is none. */
void print_brief_head(const struct printing *printing, const struct history *history);

/* One step: its file as it is where that is possible, and a line for the history. */
void print_brief_script(const struct printing *printing, struct step_script *step_script,
                        struct step_script_ends ends);

#endif
