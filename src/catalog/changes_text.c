/*
 * Canonical order is by kind: it would tell of a table here, of its columns further down and of its indexes
 * at the end. So changes are told by what they belong to in the end (root_of), tables in canonical order, and
 * within each as they came.
 *
 * A column that is dropped and added again moves all those behind it. Their positions are facts, and four
 * hundred lines about one column; only the one that moved farthest is told.
 */
#include "catalog/changes_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/number_text.h"
#include "catalog/difference.h"
#include "report/display.h"

enum { WIDTH = 72, FACT_WIDTH = 44, MOST_FACT_LINES = 12 };

struct entry {
	const struct object_change *change;
	const struct object *root;
	size_t at;
};

/* --- which of them have a line ------------------------------------------- */

static const struct object *root_of(const struct object *object)
{
	while (object->parent)
		object = object->parent;
	return object;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;
	const int order = object_compare(&left->root, &right->root);

	return order ? order : (left->at > right->at) - (left->at < right->at);
}

static int compare_by_object(const void *key, const void *item)
{
	const struct object *const *object = key;
	const struct object_change *change = item;
	const struct object *other = object_change_object(change);

	return object_compare(object, &other);
}

static const struct object_change *change_of(const struct catalog_changes *changes,
                                             const struct object *object)
{
	return bsearch(&object, changes->items, changes->count, sizeof(*changes->items), compare_by_object);
}

static bool is_on_one_side(const struct object_change *change)
{
	return !change->before || !change->after;
}

/* It came or went with its parent, or is the index behind a constraint, which is told. */
static bool goes_along(const struct catalog_changes *changes, const struct object_change *change)
{
	const struct object *object = object_change_object(change);

	if (!is_on_one_side(change))
		return false;
	if (object->kind == &object_kinds[OBJECT_INDEX] && object_attribute(object, "constraint"))
		return true;
	const struct object_change *parent = object->parent ? change_of(changes, object->parent) : NULL;
	return parent && !parent->before == !change->before && !parent->after == !change->after;
}

/* How far a column moved, when that is all that is told of it; 0 otherwise. */
static long moved_by(const struct object_change *change)
{
	const struct fact_change *fact = change->fact_count == 1 ? object_change_fact(change, "position") : NULL;

	return fact && change->before->kind == &object_kinds[OBJECT_COLUMN]
	           ? labs(strtol(fact->after, NULL, 10) - strtol(fact->before, NULL, 10))
	           : 0;
}

/* Of columns that do nothing but move, the first of those that moved farthest stays. */
static size_t keep_farthest(struct entry *entries, size_t count)
{
	size_t kept = 0;
	size_t farthest = 0; /* 1 + where it is */

	for (size_t i = 0; i < count; i++) {
		const long moved = moved_by(entries[i].change);
		const bool is_same = farthest && object_compare(&entries[farthest - 1].root, &entries[i].root) == 0;

		if (!moved || !is_same) {
			entries[kept++] = entries[i];
			farthest = moved ? kept : is_same ? farthest : 0;
		} else if (moved > moved_by(entries[farthest - 1].change)) {
			entries[farthest - 1] = entries[i];
		}
	}
	return kept;
}

static struct entry *entries_of(const struct catalog_changes *changes, struct arena *arena, size_t *count)
{
	struct entry *entries = arena_array(arena, struct entry, changes->count + 1);

	*count = 0;
	for (size_t i = 0; i < changes->count; i++)
		if (!goes_along(changes, &changes->items[i]))
			entries[(*count)++] =
			    (struct entry){&changes->items[i], root_of(object_change_object(&changes->items[i])), i};
	qsort(entries, *count, sizeof(*entries), compare_entries);
	*count = keep_farthest(entries, *count);
	return entries;
}

/* --- what an object is, in short ------------------------------------------- */

static const struct object *child_of(const struct object *object, enum object_kind_number kind)
{
	for (const struct object *child = object->first_child; child; child = child->next_sibling)
		if (child->kind == &object_kinds[kind])
			return child;
	return NULL;
}

static void add_column(struct buffer *out, const struct object *column)
{
	const struct object *value = child_of(column, OBJECT_DEFAULT);
	const char *type = object_attribute(column, "type");

	buffer_printf(out, "%s%s", type ? type : "", object_attribute(column, "not_null") ? " not null" : "");
	if (value)
		buffer_printf(out, "%s%s", object_attribute(column, "generated") ? " generated as " : " default ",
		              value->definition);
}

static bool is_column(const struct object *object)
{
	return object->kind == &object_kinds[OBJECT_COLUMN] || object->kind == &object_kinds[OBJECT_ATTRIBUTE];
}

/* By name, as they are in canonical order. */
static void add_columns(struct buffer *out, const struct object *table)
{
	for (const struct object *child = table->first_child; child; child = child->next_sibling)
		if (is_column(child))
			buffer_printf(out, "%s%s", out->len ? ", " : "", child->name);
}

/* Its columns say more than a view's definition; that of a function is an attribute, and long. */
static const char *brief(const struct object *object, struct arena *arena)
{
	struct buffer text = {.arena = arena};
	const char *labels = object_attribute(object, "labels");

	if (is_column(object))
		add_column(&text, object);
	else
		add_columns(&text, object);
	if (!text.len && (object->definition || labels))
		buffer_text(&text, object->definition ? object->definition : labels);
	return buffer_cstr(&text);
}

static void add_cut(struct buffer *out, const char *text, int width, struct arena *arena)
{
	const struct str line = str_trim(str_of(display_line(arena, text)));
	const size_t fits = display_fit(line, width);

	buffer_printf(out, "%.*s%s", (int)fits, line.text, fits < line.len ? "..." : "");
}

/* --- what of it changed ----------------------------------------------------- */

static bool is_short(const char *text)
{
	return !text || (!strchr(text, '\n') && display_width(str_of(text)) <= FACT_WIDTH);
}

static void add_words(struct buffer *out, const char *name)
{
	for (; *name; name++)
		buffer_char(out, *name == '_' ? ' ' : *name);
}

static void add_lines(struct buffer *out, const struct fact_change *fact, struct arena *arena)
{
	struct buffer text = {.arena = arena};
	struct str line;
	size_t count = 0;

	difference_add(&text, str_of(fact->before), str_of(fact->after));
	for (struct str rest = buffer_str(&text); str_line_next(&rest, &line); count++)
		if (count < MOST_FACT_LINES)
			buffer_printf(out, "      %.*s\n", STR_ARGS(line));
	if (count > MOST_FACT_LINES)
		buffer_printf(out, "      and %zu more line%s\n", count - MOST_FACT_LINES,
		              plural(count - MOST_FACT_LINES));
}

static void add_fact(struct buffer *out, const struct fact_change *fact, struct arena *arena)
{
	buffer_text(out, "    ");
	add_words(out, fact->name);
	if (!is_short(fact->before) || !is_short(fact->after)) {
		buffer_text(out, ":\n");
		add_lines(out, fact, arena);
		return;
	}
	buffer_printf(out, ": %s -> %s\n", fact->before ? fact->before : "not set",
	              fact->after ? fact->after : "not set");
}

static void add_change(struct buffer *out, const struct object_change *change, struct arena *arena)
{
	const struct object *object = object_change_object(change);
	const char sign = !change->before ? '+' : !change->after ? '-' : '~';

	buffer_printf(out, "%c %s%s%s", sign, object->kind->name, *object->identity ? " " : "", object->identity);
	if (sign != '~' && *brief(object, arena)) {
		buffer_text(out, ": ");
		add_cut(out, brief(object, arena), WIDTH, arena);
	}
	buffer_char(out, '\n');
	for (size_t i = 0; i < change->fact_count; i++)
		add_fact(out, &change->facts[i], arena);
}

/* --- all of them -------------------------------------------------------------- */

static void add_kind(struct buffer *out, const char *name, size_t count)
{
	const struct str all = str_of(name);

	if (count == 1 || str_ends(all, "s") || str_ends(all, "null"))
		buffer_text(out, name);
	else if (str_ends(all, "y"))
		buffer_printf(out, "%.*sies", (int)all.len - 1, name);
	else
		buffer_printf(out, "%s%s", name, str_ends(all, "x") ? "es" : "s");
}

static void add_counts(struct buffer *out, const struct entry *entries, size_t count)
{
	size_t counts[OBJECT_KIND_COUNT] = {0};
	const char *joint = "";

	for (size_t i = 0; i < count; i++)
		counts[object_kind_number(object_change_object(entries[i].change)->kind)]++;
	for (size_t kind = 0; kind < OBJECT_KIND_COUNT; kind++) {
		if (!counts[kind])
			continue;
		buffer_printf(out, "%s%zu ", joint, counts[kind]);
		add_kind(out, object_kinds[kind].name, counts[kind]);
		joint = ", ";
	}
}

void changes_count_text(const struct catalog_changes *changes, struct buffer *out)
{
	scoped_arena struct arena arena = {0};
	size_t count;
	const struct entry *entries = entries_of(changes, &arena, &count);

	add_counts(out, entries, count);
}

void changes_text(const struct catalog_changes *changes, size_t most_objects, struct buffer *out)
{
	scoped_arena struct arena arena = {0};
	size_t count;
	const struct entry *entries = entries_of(changes, &arena, &count);
	const size_t told = most_objects && count > most_objects ? most_objects : count;

	for (size_t i = 0; i < told; i++)
		add_change(out, entries[i].change, &arena);
	if (told == count)
		return;
	buffer_text(out, "and ");
	add_counts(out, &entries[told], count - told);
	buffer_text(out, " more\n");
}
