/*
 * Edges are kept as one array of parents with an index into it, and every question is answered in one pass
 * over `order`, in which parents come first: upwards for what builds on something, downwards for what it
 * builds on. Nothing recurses but the sort, and that only along edges that lead from a lower number to a
 * higher one; for files in a line its depth is one.
 *
 * Of all possible orders the sort finds the one that is nearest to the numbers, since it starts at the
 * lowest that is left. It has to be the same on every machine, so it depends on the files' heads and
 * numbers alone, not on how a directory lists them.
 *
 * A graph is made of whatever is there, circles and missing numbers included, because status and check have
 * to show the rest of it. Such edges are left out or noted, and graph_check() tells of them afterwards.
 */
#include "migration/graph.h"

#include <inttypes.h>
#include <string.h>

size_t migration_index(const struct migration *migrations, size_t count, int64_t number)
{
	size_t from = 0;
	size_t to = count;

	while (from < to) {
		const size_t middle = from + (to - from) / 2;

		if (migrations[middle].number == number)
			return middle;
		if (migrations[middle].number < number)
			from = middle + 1;
		else
			to = middle;
	}
	return count;
}

bool migration_replaces(const struct migration *migration, int64_t number)
{
	for (size_t i = 0; i < migration->directives.replace_count; i++)
		if (migration->directives.replaces[i].number == number)
			return true;
	return false;
}

size_t migration_index_of_required(const struct migration *migrations, size_t count, int64_t number)
{
	const size_t index = migration_index(migrations, count, number);

	if (index < count)
		return index;
	for (size_t i = 0; i < count; i++)
		if (migration_replaces(&migrations[i], number))
			return i;
	return count;
}

/* The newest migration of each branch seen so far; the trunk's has no name. */
struct tips {
	struct tip {
		const char *branch;
		size_t newest;
	} * items;
	size_t count;
};

static bool is_same_branch(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static struct tip *find_tip(const struct tips *tips, const char *branch)
{
	for (size_t i = 0; i < tips->count; i++)
		if (is_same_branch(tips->items[i].branch, branch))
			return &tips->items[i];
	return NULL;
}

/* What `i` follows without saying so. */
static const struct tip *tip_below(const struct tips *tips, const struct migration *migration)
{
	const struct tip *tip = find_tip(tips, migration->directives.branch);

	if (migration->directives.order_last)
		return NULL;
	if (tip || migration->directives.require_count > 0)
		return tip;
	return find_tip(tips, NULL);
}

static void move_tip(struct tips *tips, const char *branch, size_t newest, struct arena *arena)
{
	struct tip *tip = find_tip(tips, branch);

	if (!tip)
		tip = ARENA_PUSH(arena, tips->items, tips->count);
	*tip = (struct tip){branch, newest};
}

static void connect(struct graph *graph, struct arena *arena)
{
	struct tips tips = {0};
	size_t edge_count = 0;

	for (size_t i = 0; i < graph->count; i++) {
		const struct migration *migration = &graph->migrations[i];
		const struct directives *said = &migration->directives;
		const struct tip *below = tip_below(&tips, migration);

		graph->parent_at[i] = edge_count;
		if (below)
			*ARENA_PUSH(arena, graph->parents, edge_count) = below->newest;
		for (size_t j = 0; j < said->require_count; j++) {
			const size_t parent =
			    migration_index_of_required(graph->migrations, graph->count, said->requires[j]);

			if (parent < graph->count && parent != i)
				*ARENA_PUSH(arena, graph->parents, edge_count) = parent;
		}
		if (!said->order_last)
			move_tip(&tips, said->branch, i, arena);
	}
	graph->parent_at[graph->count] = edge_count;
}

enum visit { VISIT_NONE, VISIT_OPEN, VISIT_DONE };

struct sorting {
	struct graph *graph;
	enum visit *visits;
	size_t *came_from; /* the child whose parent an open one is */
	size_t ordered;
};

/*
 * `child` has just found its parent `open`, on which it builds already. In a
 * circle at least one edge leads to a higher number, and that one was written
 * by somebody: it is the one to complain about.
 */
static void note_circle(struct sorting *sorting, size_t child, size_t open)
{
	size_t parent = open;

	while (child > parent) {
		parent = child;
		child = sorting->came_from[child];
	}
	sorting->graph->circle[child] = parent + 1;
}

/*
 * Depth first, parents first. Visited in ascending order nearly every parent
 * is done already, so the depth is that of edges leading upwards only.
 */
static void visit(struct sorting *sorting, size_t i)
{
	struct graph *graph = sorting->graph;

	sorting->visits[i] = VISIT_OPEN;
	for (size_t edge = graph->parent_at[i]; edge < graph->parent_at[i + 1]; edge++) {
		const size_t parent = graph->parents[edge];

		if (sorting->visits[parent] == VISIT_OPEN)
			note_circle(sorting, i, parent);
		if (sorting->visits[parent] != VISIT_NONE)
			continue;
		sorting->came_from[parent] = i;
		visit(sorting, parent);
	}
	sorting->visits[i] = VISIT_DONE;
	graph->order[sorting->ordered++] = i;
}

/*
 * Those of "order: last" come after all others by being visited last, and have no edge to them: that would
 * be an edge to each, and the last of them would be the only head. Every question treats them separately.
 */
static void visit_all(struct sorting *sorting, bool order_last)
{
	const struct graph *graph = sorting->graph;

	for (size_t i = 0; i < graph->count; i++)
		if (sorting->visits[i] == VISIT_NONE && graph->migrations[i].directives.order_last == order_last)
			visit(sorting, i);
}

void graph_build(const struct migration *migrations, size_t count, struct arena *arena, struct graph *out)
{
	scoped_arena struct arena scratch = {0};
	struct graph graph = {
	    .migrations = migrations,
	    .count = count,
	    .parent_at = arena_array(arena, size_t, count + 1),
	    .order = arena_array(arena, size_t, count),
	    .circle = arena_array(arena, size_t, count),
	};
	struct sorting sorting = {
	    .graph = &graph,
	    .visits = arena_array(&scratch, enum visit, count),
	    .came_from = arena_array(&scratch, size_t, count),
	};

	connect(&graph, arena);
	visit_all(&sorting, false);
	visit_all(&sorting, true);
	*out = graph;
}

static bool check_number(const struct graph *graph, const struct migration *migration, int64_t number,
                         struct error *err)
{
	if (number == migration->number) {
		error_set(err, ERROR_FILES, "migration \"%s\" requires itself", migration->name);
		return error_hint(err, "Remove %" PRId64 " from its \"requires\".", number);
	}
	const size_t parent = migration_index_of_required(graph->migrations, graph->count, number);
	if (parent < graph->count &&
	    (migration->directives.order_last || !graph->migrations[parent].directives.order_last))
		return true;
	if (parent < graph->count) {
		error_set(err, ERROR_FILES,
		          "migration \"%s\" cannot require %" PRId64 ", which comes after all others",
		          migration->name, number);
		return error_hint(err, "Remove %" PRId64 " from its \"requires\", or \"order: last\" from that one.",
		                  number);
	}
	error_set(err, ERROR_FILES, "migration \"%s\" requires %" PRId64 ", which does not exist",
	          migration->name, number);
	return error_hint(err, "Add the missing file, or correct \"requires\" at its top.");
}

bool graph_check(const struct graph *graph, size_t i, struct error *err)
{
	const struct migration *migration = &graph->migrations[i];

	for (size_t j = 0; j < migration->directives.require_count; j++)
		if (!check_number(graph, migration, migration->directives.requires[j], err))
			return false;
	if (graph->circle[i] == 0)
		return true;
	const struct migration *parent = &graph->migrations[graph->circle[i] - 1];
	error_set(err, ERROR_FILES, "migration \"%s\" cannot require \"%s\", which depends on it",
	          migration->name, parent->name);
	return error_hint(
	    err,
	    "A migration depends on those before it on its branch and on what it requires; remove %" PRId64
	    " from its \"requires\", or give it a higher number.",
	    parent->number);
}

bool *graph_below(const struct graph *graph, const bool *members, struct arena *arena)
{
	bool *below = arena_array(arena, bool, graph->count);

	for (size_t at = graph->count; at-- > 0;) {
		const size_t child = graph->order[at];

		if (!members[child] && !below[child])
			continue;
		for (size_t edge = graph->parent_at[child]; edge < graph->parent_at[child + 1]; edge++)
			below[graph->parents[edge]] = true;
	}
	return below;
}

/* What runs last comes after all that is before it in the order, whatever it builds on. */
static bool *before_in_order(const struct graph *graph, size_t i, struct arena *arena)
{
	bool *claims = arena_array(arena, bool, graph->count);
	size_t at = 0;

	do
		claims[graph->order[at]] = true;
	while (graph->order[at++] != i);
	return claims;
}

static bool *after_in_order(const struct graph *graph, size_t i, struct arena *arena)
{
	bool *claims = arena_array(arena, bool, graph->count);
	size_t at = graph->count;

	do
		claims[graph->order[--at]] = true;
	while (graph->order[at] != i);
	return claims;
}

bool *graph_ancestors(const struct graph *graph, size_t i, struct arena *arena)
{
	if (graph->migrations[i].directives.order_last)
		return before_in_order(graph, i, arena);
	bool *members = arena_array(arena, bool, graph->count);

	members[i] = true;
	bool *claims = graph_below(graph, members, arena);
	claims[i] = true;
	return claims;
}

bool *graph_descendants(const struct graph *graph, size_t i, struct arena *arena)
{
	if (graph->migrations[i].directives.order_last)
		return after_in_order(graph, i, arena);
	bool *claims = arena_array(arena, bool, graph->count);

	claims[i] = true;
	for (size_t at = 0; at < graph->count; at++) {
		const size_t child = graph->order[at];

		claims[child] |= graph->migrations[child].directives.order_last;
		for (size_t edge = graph->parent_at[child]; edge < graph->parent_at[child + 1]; edge++)
			claims[child] |= claims[graph->parents[edge]];
	}
	return claims;
}

size_t graph_heads(const struct graph *graph, const bool *members, struct arena *arena, size_t **out)
{
	const bool *below = graph_below(graph, members, arena);
	size_t *heads = NULL;
	size_t count = 0;

	for (size_t i = 0; i < graph->count; i++)
		if (members[i] && !below[i] && !graph->migrations[i].directives.order_last)
			*ARENA_PUSH(arena, heads, count) = i;
	*out = heads;
	return count;
}
