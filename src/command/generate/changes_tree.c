/*
 * Changes come in canonical order, by kind first, which is an order for machines: a table's columns are far
 * from its indexes there. For people they are sorted by where they are: schema, then the object that has no
 * parent, then its parts. What did not change itself but has parts that did gets a heading.
 */
#include "command/generate/changes_tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "catalog/difference.h"
#include "report/changed_object.h"

/* A change, and where it stands. */
struct place {
	const struct object_change *change;
	const struct object *object;
	const struct object *top;
	const char *schema; /* NULL: in none */
};

struct tree_printer {
	struct reporter *reporter;
	struct arena *arena;
	struct place *places;
	size_t count;
	size_t at;
	const char *schema; /* whose heading was shown last */
	const struct object *top;
	bool top_is_whole; /* it was added or removed with all its parts */
};

/* --- the order ------------------------------------------------------------- */

static struct place place_of(const struct object_change *change)
{
	struct place place = {.change = change, .object = object_change_object(change)};

	place.top = place.object;
	while (place.top->parent)
		place.top = place.top->parent;
	place.schema = place.top->kind == &object_kinds[OBJECT_SCHEMA] ? place.top->name : place.top->schema;
	return place;
}

static int compare_schemas(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* Tops of both sides are the same where kind and identity are. */
static int compare_places(const void *first, const void *second)
{
	const struct place *a = first;
	const struct place *b = second;
	int order = compare_schemas(a->schema, b->schema);

	if (!order)
		order = object_compare(&a->top, &b->top);
	if (!order)
		order = (b->object == b->top) - (a->object == a->top);
	return order ? order : object_compare(&a->object, &b->object);
}

static void sort(struct tree_printer *it, const struct catalog_changes *changes)
{
	it->places = arena_array(it->arena, struct place, changes->count);
	for (size_t i = 0; i < changes->count; i++)
		it->places[it->count++] = place_of(&changes->items[i]);
	if (it->count)
		qsort(it->places, it->count, sizeof(*it->places), compare_places);
}

/* --- one line -------------------------------------------------------------- */

const char *object_change_word(const struct object_change *change)
{
	return !change->before ? "added" : !change->after ? "removed" : "changed";
}

static bool is_top_of(const struct object *top, const struct place *place)
{
	return top && object_compare(&top, &place->top) == 0;
}

/* Its name below what stands at the top. */
static const char *shown_name(const struct object *object, const struct object *top)
{
	const size_t len = strlen(top->identity);

	if (object == top)
		return object->identity;
	if (strncmp(object->identity, top->identity, len) == 0 && object->identity[len] == '.')
		return object->identity + len + 1;
	return object->name ? object->name : object->identity;
}

/* What a part is like, in a few words. */
static const char *nature_of(const struct object *object)
{
	enum { SHORT = 60 };
	const char *type = object_attribute(object, "type");
	const char *text = type ? type : object->definition;

	return text && strlen(text) <= SHORT && !strchr(text, '\n') ? text : NULL;
}

static const char *line_difference(const char *before, const char *after, struct arena *arena)
{
	struct buffer lines = {.arena = arena};

	if (!before || !after || (!strchr(before, '\n') && !strchr(after, '\n')))
		return NULL;
	difference_add(&lines, str_of(before), str_of(after));
	return buffer_cstr(&lines);
}

static void add_fact(struct changed_object *out, struct changed_fact **facts, struct arena *arena,
                     const char *name, const char *before, const char *after)
{
	if (before || after)
		*ARENA_PUSH(arena, *facts, out->fact_count) =
		    (struct changed_fact){name, before, after, line_difference(before, after, arena)};
}

/* All that is known of one that is on one side only: for programs. */
static void add_all_facts(struct tree_printer *it, struct changed_object *out, struct changed_fact **facts,
                          const struct object *object, bool is_added)
{
	const struct {
		const char *name;
		const char *value;
	} remarks[] = {{"definition", object->definition},
	               {"owner", object->owner},
	               {"grants", object_grants_text(object, it->arena)},
	               {"comment", object->comment}};

	for (uint32_t i = 0; i < object->attribute_count; i++)
		add_fact(out, facts, it->arena, object->attributes[i].name,
		         is_added ? NULL : object->attributes[i].value,
		         is_added ? object->attributes[i].value : NULL);
	for (size_t i = 0; i < sizeof(remarks) / sizeof(*remarks); i++)
		add_fact(out, facts, it->arena, remarks[i].name, is_added ? NULL : remarks[i].value,
		         is_added ? remarks[i].value : NULL);
}

static const struct changed_fact *facts_of(struct tree_printer *it, const struct object_change *change,
                                           struct changed_object *out)
{
	struct changed_fact *facts = NULL;

	if ((!change->before || !change->after) && reporter_is_json(it->reporter))
		add_all_facts(it, out, &facts, object_change_object(change), !change->before);
	for (size_t i = 0; i < change->fact_count; i++)
		add_fact(out, &facts, it->arena, change->facts[i].name, change->facts[i].before,
		         change->facts[i].after);
	return facts;
}

/* "5 columns, 1 index": what follows and belongs to the whole that is added or removed. */
static const char *content_of(const struct tree_printer *it, const struct object *top)
{
	struct buffer text = {.arena = it->arena};
	size_t i = it->at + 1;

	while (i < it->count && is_top_of(top, &it->places[i])) {
		const struct object_kind *kind = it->places[i].object->kind;
		size_t count = 0;

		for (; i < it->count && is_top_of(top, &it->places[i]) && it->places[i].object->kind == kind; i++)
			count++;
		buffer_printf(&text, "%s%zu %s%s", text.len ? ", " : "", count, kind->name,
		              kind == &object_kinds[OBJECT_INDEX] && count > 1 ? "es" : plural(count));
	}
	return text.len ? buffer_cstr(&text) : NULL;
}

/* --- all of them ------------------------------------------------------------- */

static void print_heading(struct tree_printer *it, const char *kind, const char *name, int depth)
{
	const struct changed_object heading = {.kind = kind, .identity = name, .shown = name, .depth = depth};

	report_changed(it->reporter, &heading);
}

static void print_headings(struct tree_printer *it, const struct place *place)
{
	const bool is_schema = place->top->kind == &object_kinds[OBJECT_SCHEMA];

	if (compare_schemas(it->schema, place->schema) != 0 && place->schema && !is_schema)
		print_heading(it, "schema", place->schema, 0);
	it->schema = place->schema;
	if (is_top_of(it->top, place))
		return;
	it->top_is_whole = place->object == place->top && (!place->change->before || !place->change->after);
	it->top = place->top;
	if (place->object != place->top)
		print_heading(it, place->top->kind->name, place->top->identity, place->schema != NULL);
}

static void print_place(struct tree_printer *it, const struct place *place)
{
	const bool is_top = place->object == place->top;
	const bool is_schema = is_top && place->top->kind == &object_kinds[OBJECT_SCHEMA];
	struct changed_object line = {
	    .change = object_change_word(place->change),
	    .kind = place->object->kind->name,
	    .identity = place->object->identity,
	    .shown = shown_name(place->object, place->top),
	    .depth = (place->schema && !is_schema) + !is_top,
	    .is_folded = !is_top && it->top_is_whole && !reporter_is_verbose(it->reporter),
	};

	line.facts = facts_of(it, place->change, &line);
	if (is_top && it->top_is_whole)
		line.remark = content_of(it, place->top);
	else if (!place->change->fact_count)
		line.remark = nature_of(place->object);
	report_changed(it->reporter, &line);
}

void changes_tree_print(const struct catalog_changes *changes, struct arena *arena, struct reporter *reporter)
{
	struct tree_printer it = {.reporter = reporter, .arena = arena};

	sort(&it, changes);
	for (it.at = 0; it.at < it.count; it.at++) {
		print_headings(&it, &it.places[it.at]);
		print_place(&it, &it.places[it.at]);
	}
}

const char *changes_summary(const struct catalog_changes *changes, struct arena *arena)
{
	static const char *const words[] = {"added", "changed", "removed"};
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t count = 0;

		for (size_t j = 0; j < changes->count; j++)
			count += strcmp(object_change_word(&changes->items[j]), words[i]) == 0;
		if (count)
			buffer_printf(&text, "%s%zu %s", text.len ? ", " : "", count, words[i]);
	}
	return buffer_cstr(&text);
}
