/*
 * pipe.h - a stage that is another program
 *
 * What is written goes to its standard input; what it prints goes to the next
 * stage, or nowhere without one. finish() waits until it has ended, and a bad
 * end is an error with its last words.
 */
#ifndef RUNG_STREAM_PIPE_H
#define RUNG_STREAM_PIPE_H

#include "base/child.h"
#include "stream/stream.h"

struct pipe_options {
	const char *const *argv;        /* NULL-terminated */
	const char *const *environment; /* added to ours; NULL for none */
	const char *circumstance;       /* "while restoring": added to errors */
	int inherited;                  /* a descriptor it keeps, or 0 for none */
	/* As in child.h, all three. */
	bool (*watch)(const void *watcher, struct str errors, struct error *err);
	bool (*excuse)(const void *watcher, const struct child_result *result);
	const void *watcher;
	struct buffer *output; /* receives what it printed, at the end; NULL for nobody. Not with a next stage */
};

/* Owns `next`, which may be NULL. What `options` points at must live as long. */
MUST_USE bool pipe_open(const struct pipe_options *options, struct sink *next, struct sink **out,
                        struct error *err);

#endif
