/*
 * pipe.h - a stage that is another program
 *
 * What is written goes to its standard input; what it prints goes to the next
 * stage, or nowhere without one. finish() waits until it has ended, and a bad
 * end is an error with its last words.
 */
#ifndef RUNG_BACKUP_PIPE_H
#define RUNG_BACKUP_PIPE_H

#include "backup/stream.h"

struct pipe_options {
	const char *const *argv;        /* NULL-terminated */
	const char *const *environment; /* added to ours; NULL for none */
	const char *circumstance;       /* "while restoring": added to errors */
};

/* Owns `next`, which may be NULL. What `options` points at must live as long. */
MUST_USE bool pipe_open(const struct pipe_options *options, struct sink *next, struct sink **out,
                        struct error *err);

#endif
