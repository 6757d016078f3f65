/*
 * Old clients call things by name, so what breaks them is what is gone afterwards, renamed or not. A view
 * that is replaced is there again. What loses data is told first, as it is the one thing that no rollback
 * brings back.
 *
 * A line of a head is one line, whatever a name holds.
 */
#include "command/generate/pair_head.h"

#include <string.h>

#include "command/generate/pair_series.h"
#include "report/display.h"

enum { MOST_BROKEN = 6, MOST_TOLD = 25 };

/* A list in one line, of which the rest is counted. */
struct listing {
	struct buffer text;
	size_t count;
};

static void add_item(struct listing *listing, const char *words)
{
	if (listing->count++ < MOST_BROKEN)
		buffer_printf(&listing->text, "%s%s", listing->text.len ? ", " : "",
		              display_line(listing->text.arena, words));
}

/* --- what breaks --------------------------------------------------------------------- */

static bool is_called(const struct object *object)
{
	const enum object_kind_number kind = object_kind_number(object->kind);

	return kind == OBJECT_SCHEMA || (kind >= OBJECT_BASE_TYPE && kind <= OBJECT_AGGREGATE) ||
	       (kind >= OBJECT_SEQUENCE && kind <= OBJECT_COLUMN);
}

static bool is_gone(const struct catalog_changes *changes, const struct object *object)
{
	for (size_t i = 0; i < changes->count; i++)
		if (changes->items[i].before == object && !changes->items[i].after)
			return true;
	return false;
}

static void add_removed(const struct catalog_changes *changes, struct listing *listing)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct object *object = changes->items[i].before;

		if (changes->items[i].after || !is_called(object) ||
		    (object->parent && is_gone(changes, object->parent)))
			continue;
		add_item(listing,
		         arena_printf(listing->text.arena, "removes %s %s", object->kind->name, object->identity));
	}
}

/* Columns of narrower types: what is dropped is told already. */
static void add_narrowed(const struct change_script *script, struct listing *listing)
{
	for (size_t i = 0; i < script->count; i++) {
		const struct change_statement *statement = &script->statements[i];

		if (statement->hazards & HAZARD_DATA_LOSS && strstr(statement->sql, " TYPE "))
			add_item(listing, arena_printf(listing->text.arena, "narrows %s %s",
			                               statement->object->kind->name, statement->object->identity));
	}
}

static void add_renamed(const struct renaming *renaming, struct listing *listing)
{
	for (size_t i = 0; renaming && i < renaming->count; i++) {
		const struct rename_hint *hint = renaming->steps[i].hint;

		if (is_called(renaming->steps[i].object))
			add_item(listing, arena_printf(listing->text.arena, "renames %s %s to %s", hint->kind, hint->old,
			                               hint->name));
	}
}

static bool loses_data(const struct change_script *script)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].hazards & HAZARD_DATA_LOSS)
			return true;
	return false;
}

static void add_breaking(const struct pair_change *change, struct buffer *out)
{
	struct listing listing = {.text = {.arena = out->arena}};

	add_removed(change->changes, &listing);
	add_narrowed(change->script, &listing);
	add_renamed(change->renaming, &listing);
	if (!listing.count)
		return;
	buffer_printf(out, "-- rung: breaking: %s%s", loses_data(change->script) ? "loses data: " : "",
	              buffer_cstr(&listing.text));
	if (listing.count > MOST_BROKEN)
		buffer_printf(out, " and %zu more", listing.count - MOST_BROKEN);
	buffer_char(out, '\n');
}

/* --- directives ------------------------------------------------------------------------ */

static void add_manner(const struct change_script *script, struct buffer *out)
{
	if (!script->count)
		buffer_text(out, "-- rung: empty: nothing is left to be done\n");
	else if (change_script_is_alone(script))
		buffer_text(out, "-- rung: transaction: none\n");
}

const char *pair_head_up(const struct pair_change *change, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	add_manner(change->script, &text);
	add_breaking(change, &text);
	return text.len ? buffer_cstr(&text) : NULL;
}

const char *pair_head_down(const struct change_script *script, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	add_manner(script, &text);
	return text.len ? buffer_cstr(&text) : NULL;
}

/* --- summary ----------------------------------------------------------------------------- */

/* It came or went with its parent. */
static bool goes_along(const struct catalog_changes *changes, const struct object_change *change)
{
	const struct object *object = object_change_object(change);

	if (change->before && change->after)
		return false;
	for (size_t i = 0; object->parent && i < changes->count; i++)
		if (object_change_object(&changes->items[i]) == object->parent)
			return !changes->items[i].before == !change->before && !changes->items[i].after == !change->after;
	return false;
}

static const char *facts_of(const struct object_change *change, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; change->before && change->after && i < change->fact_count; i++)
		buffer_printf(&text, "%s%s", text.len ? ", " : ": ", change->facts[i].name);
	return buffer_cstr(&text);
}

static void add_change(const struct object_change *change, struct buffer *out)
{
	const struct object *object = object_change_object(change);
	const char sign = !change->before ? '+' : !change->after ? '-' : '~';
	const char *words = arena_printf(out->arena, "%s %s%s", object->kind->name, object->identity,
	                                 facts_of(change, out->arena));

	buffer_printf(out, "--   %c %s\n", sign, display_line(out->arena, words));
}

static void add_renames(const struct renaming *renaming, struct buffer *out)
{
	for (size_t i = 0; renaming && i < renaming->count; i++) {
		const struct rename_hint *hint = renaming->steps[i].hint;

		buffer_printf(out, "--   ~ %s %s: renamed to %s\n", hint->kind, display_line(out->arena, hint->old),
		              display_line(out->arena, hint->name));
	}
}

const char *pair_head_summary(const struct pair_change *change, struct arena *arena)
{
	const struct catalog_changes *changes = change->changes;
	struct buffer text = {.arena = arena};
	size_t count = 0;

	add_renames(change->renaming, &text);
	for (size_t i = 0; i < changes->count; i++)
		if (!goes_along(changes, &changes->items[i]) && count++ < MOST_TOLD)
			add_change(&changes->items[i], &text);
	if (count > MOST_TOLD)
		buffer_printf(&text, "--   and %zu more\n", count - MOST_TOLD);
	if (text.len)
		buffer_text(&text, "--\n");
	return buffer_cstr(&text);
}
