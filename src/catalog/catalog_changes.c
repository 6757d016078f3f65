/*
 * Both catalogs are in canonical order, so one walk along both finds what is on one side only. What counts is
 * what a fingerprint counts, by the same rules (object_counts, object_attribute_counts): else a database
 * could have changed in ways that nobody can name.
 */
#include "catalog/catalog_changes.h"

#include <string.h>

#include "base/buffer.h"
#include "catalog/fact_text.h"

static bool differ(const char *a, const char *b)
{
	return a != b && (!a || !b || strcmp(a, b) != 0);
}

static void add_fact(struct object_change *change, struct arena *arena, const char *name, const char *before,
                     const char *after)
{
	if (differ(before, after) &&
	    differ(fact_text_settle(arena, name, before), fact_text_settle(arena, name, after)))
		*ARENA_PUSH(arena, change->facts, change->fact_count) = (struct fact_change){name, before, after};
}

/* --- facts of one object ---------------------------------------------------- */

/* Attributes are sorted on both sides. */
static void compare_attributes(struct object_change *change, int parts, struct arena *arena)
{
	const struct object *a = change->before;
	const struct object *b = change->after;
	uint32_t i = 0;
	uint32_t j = 0;

	while (i < a->attribute_count || j < b->attribute_count) {
		const int order = i == a->attribute_count   ? 1
		                  : j == b->attribute_count ? -1
		                                            : strcmp(a->attributes[i].name, b->attributes[j].name);
		const char *before = order <= 0 ? a->attributes[i].value : NULL;
		const char *after = order >= 0 ? b->attributes[j].value : NULL;
		const char *name = order <= 0 ? a->attributes[i].name : b->attributes[j].name;

		if (object_attribute_counts(a, name, parts))
			add_fact(change, arena, name, before, after);
		i += order <= 0;
		j += order >= 0;
	}
}

const char *object_grants_text(const struct object *object, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	if (!object->has_grants)
		return NULL;
	for (uint32_t i = 0; i < object->grant_count; i++) {
		const struct grant *grant = &object->grants[i];

		buffer_printf(&text, "%s%s=%s", i ? "; " : "", *grant->grantee ? grant->grantee : "PUBLIC",
		              grant->privileges);
		if (grant->grantor)
			buffer_printf(&text, " by %s", grant->grantor);
	}
	return object->grant_count ? buffer_cstr(&text) : "nobody";
}

static const char *labels_text(const struct object *object, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (uint32_t i = 0; i < object->label_count; i++)
		buffer_printf(&text, "%s%s=%s", i ? "; " : "", object->labels[i].provider, object->labels[i].label);
	return object->label_count ? buffer_cstr(&text) : NULL;
}

static const char *owner_of(const struct object *object, const struct catalog *catalog)
{
	return object->owner && strcmp(object->owner, catalog->self) == 0 ? "@self" : object->owner;
}

static void compare_remarks(struct object_change *change, const struct catalog *before,
                            const struct catalog *after, int parts, struct arena *arena)
{
	const struct object *a = change->before;
	const struct object *b = change->after;

	if (parts & PART_OWNER && differ(owner_of(a, before), owner_of(b, after)))
		*ARENA_PUSH(arena, change->facts, change->fact_count) =
		    (struct fact_change){"owner", a->owner, b->owner};
	if (parts & PART_GRANTS)
		add_fact(change, arena, "grants", object_grants_text(a, arena), object_grants_text(b, arena));
	if (parts & PART_COMMENT)
		add_fact(change, arena, "comment", a->comment, b->comment);
	if (parts & PART_LABELS)
		add_fact(change, arena, "labels", labels_text(a, arena), labels_text(b, arena));
}

/* --- both catalogs -------------------------------------------------------- */

static void compare_both(struct object_change *change, const struct catalog *before,
                         const struct catalog *after, int parts, struct arena *arena)
{
	compare_attributes(change, parts, arena);
	add_fact(change, arena, "definition", change->before->definition, change->after->definition);
	compare_remarks(change, before, after, parts, arena);
}

/* The next that counts, or NULL. */
static const struct object *next_of(const struct catalog *catalog, size_t *at)
{
	while (*at < catalog->count && !object_counts(catalog->objects[*at]))
		(*at)++;
	return *at < catalog->count ? catalog->objects[*at] : NULL;
}

void catalog_compare(const struct catalog *before, const struct catalog *after, int parts,
                     struct arena *arena, struct catalog_changes *out)
{
	struct catalog_changes changes = {0};
	size_t i = 0;
	size_t j = 0;

	for (;;) {
		const struct object *a = next_of(before, &i);
		const struct object *b = next_of(after, &j);

		if (!a && !b)
			break;
		const int order = !a ? 1 : !b ? -1 : object_compare(&a, &b);
		struct object_change change = {.before = order <= 0 ? a : NULL, .after = order >= 0 ? b : NULL};
		if (order == 0)
			compare_both(&change, before, after, parts, arena);
		if (order != 0 || change.fact_count)
			*ARENA_PUSH(arena, changes.items, changes.count) = change;
		i += order <= 0;
		j += order >= 0;
	}
	*out = changes;
}

const struct fact_change *object_change_fact(const struct object_change *change, const char *name)
{
	for (size_t i = 0; i < change->fact_count; i++)
		if (strcmp(change->facts[i].name, name) == 0)
			return &change->facts[i];
	return NULL;
}

const struct object *object_change_object(const struct object_change *change)
{
	return change->after ? change->after : change->before;
}
