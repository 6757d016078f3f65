/*
 * git_order.h - which files came first, as git tells
 *
 * A file came first when the reference branch has it, or had it where ours
 * began: --against names that branch, else it is origin's default branch, a
 * local main or master, or the upstream. Where it holds both of two files the
 * log of our own branch says which one was added, or merged, earlier.
 */
#ifndef RUNG_COMMAND_PROJECT_GIT_ORDER_H
#define RUNG_COMMAND_PROJECT_GIT_ORDER_H

#include "base/arena.h"
#include "base/error.h"

struct git_order {
	const char *reference; /* NULL: no git, no repository or no commit yet; the rest is empty then */
	const char **known;    /* files that came first */
	size_t known_count;
	struct added {
		const char *file_name;
		size_t age; /* 1 for those of the newest commit that added any */
	} * added;      /* newest first */
	size_t added_count;
};

/* Only a reference the user named, and that cannot be read, is an error. */
MUST_USE bool git_order_ask(const char *directory, const char *reference, struct arena *arena,
                            struct git_order *out, struct error *err);

bool git_order_knows(const struct git_order *git_order, const char *file_name);

/* 0 for a file that was never committed. */
size_t git_order_age(const struct git_order *git_order, const char *file_name);

#endif
