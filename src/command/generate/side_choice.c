/*
 * Silence is the fault of every tool that compares catalogs: what it does not look at seems to be equal. So
 * whatever is left out without having been asked for is named here, for all verbs alike: kinds that are not
 * known, indexes that are invalid, schemas of extensions, and secrets.
 *
 * A subscription of one side only is left alone, as the SQL for it would have to say how it connects. That is
 * part of a database and not of its schema, usually with a password, and only superusers may read it. The
 * same is true of a user mapping with a password. One that both sides have is compared like everything else.
 */
#include "command/generate/side_choice.h"

#include <string.h>

#include "base/number_text.h"
#include "catalog/fingerprint.h"
#include "report/display.h"
#include "report/event.h"

static const char *shown(const struct side_choice *choice, const char *text)
{
	return display_line(choice->context->arena, text);
}

/* --- kinds that are not known, invalid indexes ----------------------------------- */

static void warn_of_side(const struct side_choice *choice, const struct side *side)
{
	struct reporter *reporter = choice->context->reporter;
	const struct catalog *catalog = &side->catalog;

	for (size_t i = 0; i < catalog->unmodelled_count; i++)
		event_warning(reporter, "not compared, because rung does not know its kind: %s, in %s",
		              shown(choice, catalog->unmodelled[i]), side->title);
	for (size_t i = 0; i < catalog->count; i++)
		if (!object_counts(catalog->objects[i]))
			event_warning(reporter, "treated as missing, because it is invalid: index %s, in %s",
			              shown(choice, catalog->objects[i]->identity), side->title);
}

static bool warn(const struct side_choice *choice, struct error *err)
{
	const size_t count = choice->from->catalog.unmodelled_count + choice->to->catalog.unmodelled_count;

	warn_of_side(choice, choice->from);
	warn_of_side(choice, choice->to);
	if (!count || !choice->is_strict)
		return true;
	error_set(err, ERROR_VERDICT, "%zu object%s of a kind that rung does not know", count, plural(count));
	return error_hint(err, "Without --strict everything else is compared.");
}

/* --- secrets ----------------------------------------------------------------------- */

/* What its SQL would need and the catalog does not have; NULL for everything else. */
static const char *secret_of(const struct object *object)
{
	const char *options = object_attribute(object, "options");

	if (object->kind == &object_kinds[OBJECT_SUBSCRIPTION])
		return "how it connects";
	if (object->kind == &object_kinds[OBJECT_USER_MAPPING] && options && strstr(options, "'sha256:"))
		return "its password";
	return NULL;
}

static void leave_alone(const struct side_choice *choice, const struct side *side, const struct side *other)
{
	struct catalog_filter *filter = choice->filter;
	const struct catalog *catalog = &side->catalog;

	for (size_t i = 0; i < catalog->count; i++) {
		const struct object *object = catalog->objects[i];
		const char *secret = secret_of(object);

		if (!secret || catalog_find(&other->catalog, (enum object_kind_number)(object->kind - object_kinds),
		                            object->identity))
			continue;
		*ARENA_PUSH(choice->context->arena, filter->left_alone, filter->left_alone_count) = object;
		event_warning(choice->context->reporter,
		              "%s %s is left alone: it is in %s only, and %s is not part of a schema",
		              object->kind->name, shown(choice, object->identity), side->title, secret);
	}
}

/* --- all of them ------------------------------------------------------------------- */

bool sides_choose(const struct side_choice *choice, struct error *err)
{
	struct arena *arena = choice->context->arena;
	struct name_list left_alone = {0};

	if (!warn(choice, err))
		return false;
	leave_alone(choice, choice->from, choice->to);
	leave_alone(choice, choice->to, choice->from);
	catalog_filter_apply(choice->filter, arena, &choice->from->catalog, &left_alone);
	catalog_filter_apply(choice->filter, arena, &choice->to->catalog, &left_alone);
	for (size_t i = 0; i < left_alone.count; i++)
		event_note(choice->context->reporter, "schema %s is left alone: it belongs to an extension",
		           shown(choice, left_alone.items[i]));
	return true;
}
