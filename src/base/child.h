/*
 * child.h - running other programs
 *
 * Never through a shell unless the command is the user's own (hooks): the
 * arguments are a list. A child is in a process group of its own, so that
 * Ctrl-C reaches it through us, in order; when we are asked to stop the group
 * is sent TERM and waited for, and KILL when it does not listen. It has our
 * environment, but not what is in it for us alone (child_keep_from).
 */
#ifndef RUNG_BASE_CHILD_H
#define RUNG_BASE_CHILD_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct child_result {
	int exit_code;     /* 128 + signal when it was killed, as shells say */
	struct str output; /* what it printed, when captured */
	struct str errors; /* what it printed on its standard error, the same */
};

struct child_options {
	const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
	const char *const
	    *environment;      /* NULL-terminated "NAME=value" added to ours, "NAME" taken away; may be NULL */
	const char *directory; /* to run in; NULL for ours */
	const char *user;      /* run as this user, for a root that must not be root; NULL for ours */
	struct str input;      /* its standard input; empty for /dev/null */
	bool capture;          /* keep its output, else it goes to our standard error */
	bool must_finish;      /* cleans up: continues even though we were asked to stop */
	bool stops_rest;       /* with its end, whatever it has left running is stopped and not waited for */
	bool dies_with_us;     /* is sent TERM when we are gone, however that happened; Linux only */
	int inherited;         /* a descriptor it keeps, or 0 for none */
	int directory_fd;      /* to run in, where a name could lead elsewhere meanwhile; 0 for none */
	/* Is handed its output as it comes instead of keeping it; false stops the child. Implies `capture`. */
	bool (*receive)(void *context, struct str bytes, struct error *err);
	void *context;
	/* Is shown all of its standard error so far whenever there is more; false stops the child. */
	bool (*watch)(const void *watcher, struct str errors, struct error *err);
	/* Whether a bad exit code means no failure; NULL: it always does. */
	bool (*excuse)(const void *watcher, const struct child_result *result);
	const void *watcher;
};

/* The variables whose values are secrets in every project: no child of ours has any use for them. */
extern const char *const child_secrets[];

/*
 * Variables of our environment that children do not get, unless their own
 * `environment` says them: NULL-terminated, kept as it is; a name that ends in
 * "*" stands for all that begin so. Said once, before any child is started; until
 * then they are `child_secrets`.
 */
void child_keep_from(const char *const *names);

/*
 * Runs to the end. False only when it could not be started or we were asked
 * to stop; a non-zero exit code is a result.
 */
MUST_USE bool child_run(const struct child_options *options, struct arena *arena, struct child_result *out,
                        struct error *err);

/* The same, but a non-zero exit is an error that carries its last words as detail. */
MUST_USE bool child_must_run(const struct child_options *options, struct arena *arena,
                             struct child_result *out, struct error *err);

/*
 * A program that is written to piece by piece, while what it prints is taken
 * in. One that wants no more input and failed is an error with its last
 * words; one that wants no more and is content loses the rest.
 */
struct child;
MUST_USE bool child_open(const struct child_options *options, struct arena *arena, struct child **out,
                         struct error *err);
MUST_USE bool child_write(struct child *child, struct str bytes, struct error *err);

/* The end of its input: waits for its own end, and that must be a good one. */
MUST_USE bool child_finish(struct child *child, struct child_result *out, struct error *err);

/* Stops it where it still runs. */
void child_close(struct child **child);

/*
 * Starts a program that continues beside us, in a session of its own: no
 * terminal, no input, output appended to `log_path` (created by and for the
 * child's user). With `death_signal` the system sends it that signal when we
 * are gone, however that happened; Linux only, elsewhere it stays.
 */
MUST_USE bool child_launch(const struct child_options *options, const char *log_path, int death_signal,
                           pid_t *pid, struct error *err);

/* Whether the process exists; one that we launched and that has ended does not. */
bool child_is_alive(pid_t pid);

/* Waits until it is gone; false when that takes longer. Deaf to Ctrl-C: for what was told to end. */
bool child_wait_gone(pid_t pid, int64_t patience_ms);

#endif
