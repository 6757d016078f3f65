/*
 * The SQL is what leads from the other side without these objects to the other side as it is, so it comes
 * from the same rules as everything else. It runs where the tables may be other ones; statements that fail
 * are tried again behind the others, until nothing more succeeds.
 *
 * A command that makes one view is taken to know views: those that it does not make are to be dropped. That
 * the last one of a kind is to go cannot be told from not knowing any, so it stays, and is named.
 */
#include "command/generate/side_rest.h"

#include <string.h>

#include "base/buffer.h"
#include "command/generate/change_run.h"
#include "pg/query.h"
#include "report/display.h"

/* What a command may not know: a kind of objects, a kind of constraints or tables, or a fact of objects. */
enum {
	REST_CHECK = OBJECT_KIND_COUNT,
	REST_EXCLUDE,
	REST_PARTITION,
	REST_OWNER,
	REST_GRANTS,
	REST_COMMENTS,
	REST_LABELS,
	REST_ROW_SECURITY,
	REST_COUNT,
	KNOWN = -1,
};

static const char *const names_of_more[] = {
    "check constraint",  "exclusion constraint", "partition", "owner", "grants", "comment", "label",
    "row-level security"};

/* --- what there is ------------------------------------------------------------- */

static bool is_of_column(const struct object *sequence)
{
	for (uint32_t i = 0; i < sequence->need_count; i++)
		if (sequence->needs[i].type == 'a' || sequence->needs[i].type == 'i')
			return true;
	return false;
}

static int rest_of_constraint(const struct object *object)
{
	const char *type = object_attribute(object, "type");

	return !type                          ? KNOWN
	       : strcmp(type, "check") == 0   ? REST_CHECK
	       : strcmp(type, "exclude") == 0 ? REST_EXCLUDE
	                                      : KNOWN;
}

static const struct object *top_of(const struct object *object)
{
	while (object->parent)
		object = object->parent;
	return object;
}

static int rest_of_kind(const struct object *object)
{
	const enum object_kind_number kind = object_kind_number(object->kind);

	switch ((int)kind) {
	case OBJECT_EXTENSION:
	case OBJECT_ENUM:
	case OBJECT_COLUMN:
	case OBJECT_ATTRIBUTE:
	case OBJECT_NOT_NULL:
	case OBJECT_INDEX:
		return KNOWN;
	case OBJECT_TABLE:
		return object_attribute(object, "partition_bound") ? REST_PARTITION : KNOWN;
	case OBJECT_SEQUENCE:
		return is_of_column(object) ? KNOWN : OBJECT_SEQUENCE;
	case OBJECT_CONSTRAINT:
		return rest_of_constraint(object);
	default:
		return (int)kind;
	}
}

/* A part goes with what it is part of. */
static int rest_of(const struct object *object)
{
	const int of_top = object->parent ? rest_of_kind(top_of(object)) : KNOWN;

	return of_top != KNOWN && of_top != OBJECT_SCHEMA ? of_top : rest_of_kind(object);
}

static bool has_row_security(const struct object *object)
{
	return object_attribute(object, "row_security") || object_attribute(object, "force_row_security");
}

static bool has_other_owner(const struct object *object, const struct catalog *catalog)
{
	return object->owner && *object->owner != '@' && strcmp(object->owner, "pg_database_owner") != 0 &&
	       strcmp(object->owner, catalog->self) != 0;
}

struct known {
	bool has[REST_COUNT];
};

static struct known known_of(const struct catalog *catalog)
{
	struct known known = {0};

	for (size_t i = 0; i < catalog->count; i++) {
		const struct object *object = catalog->objects[i];
		const int rest = rest_of(object);

		if (rest != KNOWN && rest != OBJECT_SCHEMA)
			known.has[rest] = true;
		/* Schemas and extensions have comments and grants of their own from the start. */
		if (!top_of(object)->schema)
			continue;
		known.has[REST_OWNER] |= has_other_owner(object, catalog);
		known.has[REST_GRANTS] |= object->has_grants;
		known.has[REST_COMMENTS] |= object->comment != NULL;
		known.has[REST_LABELS] |= object->label_count > 0;
		known.has[REST_ROW_SECURITY] |= has_row_security(object);
	}
	return known;
}

/* --- taken away from the other side -------------------------------------------- */

struct taking {
	const struct known *known; /* to the command */
	const struct catalog *made;
	struct catalog *catalog;
	size_t counts[REST_COUNT];
};

static bool is_taken(struct taking *taking, const struct object *object)
{
	const int rest = rest_of(object);

	if (rest == KNOWN)
		return false;
	if (rest == OBJECT_SCHEMA)
		return !catalog_find(taking->made, OBJECT_SCHEMA, object->identity);
	if (taking->known->has[rest])
		return false;
	taking->counts[rest] += rest_of_kind(object) == rest;
	return true;
}

static void take_row_security(struct object *object, struct arena *arena)
{
	struct attribute *kept = arena_array(arena, struct attribute, object->attribute_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < object->attribute_count; i++)
		if (!strstr(object->attributes[i].name, "row_security"))
			kept[count++] = object->attributes[i];
	object->attributes = kept;
	object->attribute_count = count;
}

static void take_facts(struct taking *taking, struct object *object, struct arena *arena)
{
	const bool *has = taking->known->has;
	const struct object *there =
	    catalog_find(taking->made, object_kind_number(object->kind), object->identity);

	if (!has[REST_OWNER] && has_other_owner(object, taking->catalog)) {
		taking->counts[REST_OWNER]++;
		object->owner = taking->catalog->self;
	}
	if (!has[REST_GRANTS] && object->has_grants && !(there && there->has_grants)) {
		taking->counts[REST_GRANTS]++;
		object->has_grants = false;
		object->grant_count = 0;
	}
	if (!has[REST_COMMENTS] && object->comment && !(there && there->comment)) {
		taking->counts[REST_COMMENTS]++;
		object->comment = NULL;
	}
	if (!has[REST_LABELS] && object->label_count) {
		taking->counts[REST_LABELS]++;
		object->label_count = 0;
	}
	if (!has[REST_ROW_SECURITY] && has_row_security(object)) {
		taking->counts[REST_ROW_SECURITY]++;
		take_row_security(object, arena);
	}
}

/* The catalog is one of our own, which is changed in place. */
static void take(struct taking *taking, struct arena *arena)
{
	struct catalog *catalog = taking->catalog;
	size_t count = 0;

	for (size_t i = 0; i < catalog->count; i++) {
		struct object *object = catalog->objects[i];

		if (is_taken(taking, object))
			continue;
		take_facts(taking, object, arena);
		catalog->objects[count++] = object;
	}
	catalog->count = count;
}

static void tell(const struct taking *taking, struct context *context)
{
	struct buffer text = {.arena = context->arena};

	for (size_t i = 0; i < REST_COUNT; i++) {
		const size_t count = taking->counts[i];
		const char *name = i < OBJECT_KIND_COUNT ? object_kinds[i].name : names_of_more[i - REST_CHECK];

		if (count)
			buffer_printf(&text, "%s%s (%zu)", text.len ? ", " : "", name, count);
	}
	if (text.len)
		event_note(context->reporter, "stays as it is, because the command creates no object of its kind: %s",
		           buffer_cstr(&text));
}

/* --- made here ------------------------------------------------------------------- */

/* The statements that are left, and whether fewer are than before. */
static bool run_round(struct session *db, struct change_statement *statements, size_t *count,
                      const struct prerequisites *prerequisites, struct error *refusals, struct error *err)
{
	const size_t before = *count;
	size_t left = 0;

	for (size_t i = 0; i < before; i++) {
		const struct change_script one = {.statements = &statements[i], .count = 1};
		const struct change_statement *failed;

		if (change_run(db, &one, prerequisites, &failed, &refusals[left]))
			continue;
		if (refusals[left].kind != ERROR_SQL) {
			*err = refusals[left];
			return false;
		}
		statements[left++] = statements[i];
	}
	*count = left;
	return left && left < before;
}

static bool run(struct session *db, struct change_script *script, const struct prerequisites *prerequisites,
                struct context *context, struct error *err)
{
	struct error *refusals = arena_array(context->arena, struct error, script->count + 1);
	size_t count = script->count;

	err->kind = ERROR_NONE;
	while (run_round(db, script->statements, &count, prerequisites, refusals, err))
		continue;
	if (err->kind != ERROR_NONE)
		return error_context(err, "while adding what the command does not make");
	for (size_t i = 0; i < count; i++)
		event_warning(context->reporter,
		              "dropped, because it does not fit the schema that the command creates: %s (%s)",
		              display_line(context->arena, script->statements[i].sql), refusals[i].message);
	return true;
}

bool side_rest_add(const struct side_rest *rest, struct session *db, struct error *err)
{
	const struct known known = known_of(rest->made);
	const struct change_options options = {.parts = PARTS_USUAL};
	struct taking taking = {.known = &known, .made = rest->made, .catalog = rest->without};
	struct change_script script;

	rest->without->self = rest->other->self;
	take(&taking, rest->context->arena);
	if (!change_script_make(rest->without, rest->other, &options, rest->context->arena, &script, err))
		return false;
	tell(&taking, rest->context);
	return !script.count || run(db, &script, rest->prerequisites, rest->context, err);
}
