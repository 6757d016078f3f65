/*
 * tree_ahead.h - a tree that is read while something else is done
 *
 * Loading libpq and waiting for a server take as long as reading a thousand
 * files, and neither needs the other. The files are read by a thread, with an
 * arena and an error of its own; taking the tree waits for it. Where no
 * thread can be had, it is read then.
 */
#ifndef RUNG_MIGRATION_TREE_AHEAD_H
#define RUNG_MIGRATION_TREE_AHEAD_H

#include <pthread.h>

#include "base/scope.h"
#include "migration/tree.h"

/* Zeroed, it has not begun. */
struct tree_ahead {
	struct tree_options options;
	struct arena arena; /* of the tree and what belongs to it */
	struct tree tree;
	struct error error;
	pthread_t thread;
	bool is_good;
	bool is_running;
};

/* `options` and what they point to stay as they are until the tree is taken or dropped. */
void tree_ahead_begin(struct tree_ahead *ahead, const struct tree_options *options);

/* What tree_load() says of the same options; begun or not. The tree stays until tree_ahead_drop(). */
MUST_USE bool tree_ahead_take(struct tree_ahead *ahead, const struct tree_options *options, struct tree *out,
                              struct error *err);

/* Waits for one that nobody took. */
void tree_ahead_drop(struct tree_ahead *ahead);
#define scoped_tree_ahead SCOPED(tree_ahead_drop)

#endif
