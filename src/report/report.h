/*
 * report.h - how events, tables and errors look
 *
 * For people: aligned, coloured on a terminal and never in a pipe, a progress
 * line only where it can be erased. For programs (--json): one object a line,
 * each with "v":1 and its "type". Results go to standard output, the rest to
 * standard error; in JSON everything but debugging goes to standard output.
 */
#ifndef RUNG_REPORT_REPORT_H
#define RUNG_REPORT_REPORT_H

#include "base/arena.h"
#include "base/error.h"
#include "report/event.h"

struct reporter_options {
	bool json;
	bool quiet; /* results, warnings and errors only */
	bool verbose;
	const char *colour;   /* "auto", "always" or "never" */
	const char *log_file; /* appended to; NULL for none */
	bool log_required;    /* a log with lines missing is an error, not a warning */
	const char *command;  /* for the log file: the verb, without arguments that could be secret */
};

/* A log file that cannot be opened is an error (storage). */
MUST_USE bool reporter_open(const struct reporter_options *options, struct reporter **out, struct error *err);
void reporter_close(struct reporter **reporter);
#define scoped_reporter SCOPED(reporter_close)

/*
 * Writes out what is buffered. A full disk is an error, a reader that went away is not. Lines that a log
 * file lost are told at the end: here, or by report_error().
 */
MUST_USE bool reporter_finish(struct reporter *reporter, struct error *err);

/* From now on people read findings on standard error: the result is something else. */
void reporter_put_findings_aside(struct reporter *reporter);

bool reporter_is_json(const struct reporter *reporter);
bool reporter_is_verbose(const struct reporter *reporter);

/*
 * The error as the person at 3 a.m. wants it: place, message, SQLSTATE, the
 * source line with a caret, DETAIL and HINT, context, the state the database
 * is in. As JSON the same, by field. A NULL reporter prints it plainly.
 */
void report_error(struct reporter *reporter, const struct error *err);

/* Asks a question on the terminal; false without one. `expected` NULL: y or yes; else that very word. */
bool report_confirm(struct reporter *reporter, const char *question, const char *expected);

/* Whether a person is there to be asked. */
bool report_can_ask(void);

/* Plain text to standard output, such as a page of help; in JSON an object of type "text". */
void report_text(struct reporter *reporter, const char *text);

/* The same byte for byte, for other programs: a script, a completion. */
void report_verbatim(struct reporter *reporter, const char *text);

#endif
