/*
 * env.h - .env files
 *
 *	# a comment
 *	export NAME=value          # a comment again
 *	NAME="with \n, \" and \\"
 *	NAME='as it is'
 *
 * Quoted values may span lines. Nothing is expanded: a dollar sign is a
 * dollar sign, as passwords want it. A line with a bare name, which other
 * readers take for "pass it on", is skipped; of two lines with one name the
 * later counts.
 */
#ifndef RUNG_CONFIG_ENV_H
#define RUNG_CONFIG_ENV_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct env_pair {
	const char *name;
	const char *value;
	bool is_exported; /* by env_export(): the environment did not have it */
};

struct env {
	struct env_pair *pairs;
	size_t count;
};

/* `path` is for messages. */
MUST_USE bool env_parse(struct str text, const char *path, struct arena *arena, struct env *out,
                        struct error *err);

/*
 * Adds to our environment what it does not hold yet, of the names that `names`
 * (NULL-terminated) lists; one that ends in "*" stands for all that begin so.
 * Variables of the loader and the shell are never among them.
 */
void env_export(struct env *env, const char *const *names);

/* Whether env_export() is where our environment has `name` from. */
bool env_has(const struct env *env, const char *name);

#endif
