/*
 * graph.h - what builds on what
 *
 * Normally the files are a straight line by number. A file with "branch: x"
 * leaves it: it builds on the one before it on its branch, and the branch's
 * first one on what it requires or else on the trunk below it. The trunk
 * itself always continues along its own numbers. "requires" adds edges, across
 * branches as well; a file of the trunk that requires a branch's last one
 * merges it. A file with "order: last" is beside all lines: it comes after
 * whatever else there is, and nothing builds on it.
 *
 * Migrations are indices into the array the graph was made from.
 */
#ifndef RUNG_MIGRATION_GRAPH_H
#define RUNG_MIGRATION_GRAPH_H

#include "base/arena.h"
#include "base/error.h"
#include "migration/tree.h"

struct graph {
	const struct migration *migrations; /* lowest number first, no number twice */
	size_t count;
	size_t *parents;   /* of all, one after the other */
	size_t *parent_at; /* those of i: from parent_at[i] up to parent_at[i + 1] */
	size_t *order;     /* every index after its parents, lowest number first wherever that is free;
	                      those of "order: last" after all others */
	size_t *circle;    /* the parent that makes i build on itself, plus one; 0 for none */
};

/* Always succeeds: what is wrong with the edges is left out of them and told by graph_check(). */
void graph_build(const struct migration *migrations, size_t count, struct arena *arena, struct graph *out);

/* Whether what migration `i` requires exists and is not, in the end, itself. */
MUST_USE bool graph_check(const struct graph *graph, size_t i, struct error *err);

/*
 * `i` with everything it builds on, or everything that builds on it: one claim per migration. One of "order:
 * last" counts as built on all that is before it in the order, on every branch.
 */
bool *graph_ancestors(const struct graph *graph, size_t i, struct arena *arena);
bool *graph_descendants(const struct graph *graph, size_t i, struct arena *arena);

/* Everything that some member builds on, members of members included: one claim per migration. */
bool *graph_below(const struct graph *graph, const bool *members, struct arena *arena);

/*
 * Members (one claim per migration) on which no other member builds, however far; by number. Those of
 * "order: last" are no heads.
 */
size_t graph_heads(const struct graph *graph, const bool *members, struct arena *arena, size_t **out);

/* The same, or of the one that stands for it (directive.h, replaces). */
size_t migration_index_of_required(const struct migration *migrations, size_t count, int64_t number);

/* The index of a number in an array sorted by number; `count` when it is not there. */
size_t migration_index(const struct migration *migrations, size_t count, int64_t number);

#endif
