/*
 * error.h - the one way to fail
 *
 * What can fail returns bool and fills a struct error that its caller owns:
 *
 *	return error_set(err, ERROR_FILES, "could not read \"%s\": %m", path);
 *
 * Everything here returns false, so that failing is one line. An error keeps
 * its text in place: it can be made when memory is gone, copied by assignment
 * and needs no clearing. Text that does not fit ends in "...".
 *
 * Messages are written for the person at 3 a.m.: lower case, no full stop,
 * what and why. Detail and hint are sentences. Nobody but main prints them.
 */
#ifndef RUNG_BASE_ERROR_H
#define RUNG_BASE_ERROR_H

#include <stdbool.h>

#include "base/attribute.h"

/* Each kind has its exit code (error_exit_code), documented in docs/exit-codes.md. */
enum error_kind {
	ERROR_NONE,
	ERROR_SQL,       /* the server refused a statement; everything rolled back */
	ERROR_USAGE,     /* command line */
	ERROR_CONFIG,    /* a setting */
	ERROR_FILES,     /* migrations that cannot be used as they are */
	ERROR_FOUND,     /* files and history are out of step */
	ERROR_VERDICT,   /* the last line of what a command was asked to find: its result, no failure */
	ERROR_SERVER,    /* unreachable, or the connection is gone */
	ERROR_LOCK,      /* not obtained in time */
	ERROR_HOOK,      /* a hook of the project failed */
	ERROR_STORAGE,   /* reading or writing what is not a migration; crypto; backup */
	ERROR_PARTIAL,   /* failed and left partial */
	ERROR_CANCELLED, /* by Ctrl-C, a signal or a "no" */
};

struct error {
	enum error_kind kind;
	char sqlstate[6]; /* "" unless the server spoke */
	char message[1024];
	char detail[2048];
	char hint[1024];
	char context[1024]; /* circumstances, innermost first, a line each */
	char place[512];    /* schema/06_x.sql:17:8 */
	char excerpt[512];  /* the source line `place` points at */
	int caret;          /* column in `excerpt`, in characters from 1; 0 for none */
	char state[1024];   /* what state the database is in now */
};

bool error_set(struct error *err, enum error_kind kind, const char *format, ...) PRINTF_LIKE(3, 4);
bool error_detail(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);
bool error_hint(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);
bool error_state(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds the circumstance the caller alone knows, such as "while applying 06_x". */
bool error_context(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* The place of another error, with excerpt and caret. */
bool error_put_at(struct error *err, const struct error *other);

int error_exit_code(enum error_kind kind);

/* The kind's name in JSON, such as "sql" or "lock". */
const char *error_kind_name(enum error_kind kind);

#endif
