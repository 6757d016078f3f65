/*
 * pg_depend speaks of rows of catalogs. Most are objects; the others are parts of one (a view's rule, the
 * triggers of a foreign key), for which that one stands. Something that is neither is of a kind that this
 * program does not know: whatever it is, it must not be passed over in silence. PostgreSQL records every
 * object that is in a schema, or made with anything of the user's, in pg_depend, so that this finds kinds of
 * versions to come as well.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"

enum { FIRST_USER_OID = 16384 };

struct edge {
	struct object *from;
	struct object *to;
	char type;
};

/* --- unmodelled ----------------------------------------------------------- */

/* Large objects are data. */
static void check_known(struct catalog_reading *reading, struct catalog_address address)
{
	if (address.oid < FIRST_USER_OID || address.class == CLASS_LARGE_OBJECT ||
	    address_map_resolve(&reading->map, address))
		return;
	address.sub = 0;
	if (address_map_add(&reading->map, &(struct address_entry){address, NULL, {0}}))
		*ARENA_PUSH(reading->scratch, reading->unmodelled, reading->unmodelled_count) = address;
}

/* --- edges ---------------------------------------------------------------- */

/* What is left out is nobody's need, unless it is an extension's: then that is. */
static struct object *stand_in(const struct catalog_reading *reading, struct object *object)
{
	for (; object && object->is_left_out; object = object->parent) {
		const struct address_entry *member = address_map_find(&reading->members, object->address);

		if (member)
			return address_map_resolve(&reading->map, member->into);
	}
	return object;
}

/* A child's copy of its parent's constraint or trigger, which comes and goes with that. */
static bool is_copy(const struct found_dependency *dependency, const struct object *stands_for)
{
	return (dependency->from.class == CLASS_CONSTRAINT || dependency->from.class == CLASS_TRIGGER) &&
	       stands_for && stands_for->kind->class == CLASS_RELATION;
}

static bool make_edge(const struct catalog_reading *reading, const struct found_dependency *dependency,
                      struct edge *out)
{
	struct object *from = address_map_resolve(&reading->map, dependency->from);
	struct object *to = stand_in(reading, address_map_resolve(&reading->map, dependency->to));

	if (!from || is_copy(dependency, from) || from->is_left_out || !to || to->is_left_out || from == to ||
	    dependency->type == 'e')
		return false;
	*out = (struct edge){from, to, dependency->type};
	return true;
}

static int compare_edges(const void *a, const void *b)
{
	const struct edge *left = a;
	const struct edge *right = b;
	const int from = object_compare(&left->from, &right->from);
	const int to = from ? 0 : object_compare(&left->to, &right->to);

	return from ? from : to ? to : left->type - right->type;
}

static size_t drop_doubles(struct edge *edges, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!kept || compare_edges(&edges[kept - 1], &edges[i]) != 0)
			edges[kept++] = edges[i];
	return kept;
}

/* Room for each object's in one piece; counts are what is filled so far. */
static void share_out(struct catalog_reading *reading, struct dependency *needs, struct dependency *needed_by)
{
	for (size_t i = 0; i < reading->count; i++) {
		struct object *object = reading->found[i].object;

		object->needs = needs;
		object->needed_by = needed_by;
		needs += object->need_count;
		needed_by += object->needed_by_count;
		object->need_count = 0;
		object->needed_by_count = 0;
	}
}

static void add_both(const struct edge *edge)
{
	edge->from->needs[edge->from->need_count++] = (struct dependency){edge->to, edge->type};
	edge->to->needed_by[edge->to->needed_by_count++] = (struct dependency){edge->from, edge->type};
}

static void link_edges(struct catalog_reading *reading, const struct edge *edges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		edges[i].from->need_count++;
		edges[i].to->needed_by_count++;
	}
	share_out(reading, arena_array(reading->arena, struct dependency, count),
	          arena_array(reading->arena, struct dependency, count));
	for (size_t i = 0; i < count; i++)
		add_both(&edges[i]);
}

void reading_link(struct catalog_reading *reading)
{
	struct edge *edges = arena_array(reading->scratch, struct edge, reading->dependency_count);
	size_t count = 0;

	for (size_t i = 0; i < reading->dependency_count; i++) {
		check_known(reading, reading->dependencies[i].from);
		check_known(reading, reading->dependencies[i].to);
		count += make_edge(reading, &reading->dependencies[i], &edges[count]);
	}
	if (!count)
		return;
	qsort(edges, count, sizeof(*edges), compare_edges);
	link_edges(reading, edges, drop_doubles(edges, count));
}
