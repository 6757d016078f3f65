/*
 * A name has at most 63 bytes, and what identifies a copy are its numbers; so the beginning of an object's
 * name has to do, and a further number where two begin alike.
 */
#include "command/generate/kept_rows_internal.h"

#include <string.h>

#include "base/buffer.h"
#include "command/project/new_pair.h"

/* Of a copy's name; the rest is for numbers. */
enum { STEM_LEN = 24 };

/* --- scripts -------------------------------------------------------------------- */

void kept_insert(struct keeping *keeping, struct insertions *list, size_t behind, const struct object *object,
                 const char *sql)
{
	*ARENA_PUSH(keeping->arena, list->items, list->count) =
	    (struct insertion){behind, {.sql = sql, .object = object}};
}

static void add_those(struct change_script *out, const struct insertions *list, size_t behind)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].behind == behind)
			out->statements[out->count++] = list->items[i].statement;
}

void kept_merge(struct change_script *script, const struct insertions *list, struct arena *arena)
{
	struct change_script out = *script;

	out.statements = arena_array(arena, struct change_statement, script->count + list->count + 1);
	out.count = 0;
	add_those(&out, list, 0);
	for (size_t i = 0; i < script->count; i++) {
		out.statements[out.count++] = script->statements[i];
		add_those(&out, list, i + 1);
	}
	out.part_count = out.count ? 1 : 0;
	*script = out;
}

const struct object *kept_top(const struct object *object)
{
	while (object->parent)
		object = object->parent;
	return object;
}

static bool is_about(const struct object *a, const struct object *b)
{
	return object_compare(&a, &b) == 0;
}

size_t kept_place_behind(const struct change_script *script, const struct object *object, const char *words)
{
	size_t place = 0;

	for (size_t i = 0; i < script->count; i++) {
		const struct object *about = script->statements[i].object;

		if (strstr(script->statements[i].sql, words) &&
		    (is_about(about, object) || (!object->parent && is_about(kept_top(about), object))))
			place = i + 1;
	}
	return place;
}

/* --- names ------------------------------------------------------------------------- */

static bool is_taken(const struct keeping *keeping, const char *name)
{
	for (size_t i = 0; i < keeping->name_count; i++)
		if (strcmp(keeping->names[i], name) == 0)
			return true;
	return false;
}

/* Cut, and never in the middle of a character. */
const char *kept_name(struct keeping *keeping, const struct object *object)
{
	struct buffer stem = {.arena = keeping->arena};
	size_t number = 1;

	for (const char *at = object->identity; *at; at++)
		if (*at != '"')
			buffer_char(&stem, *at == '.' ? '_' : *at);
	size_t len = stem.len > STEM_LEN ? STEM_LEN : stem.len;
	while (len && len < stem.len && ((unsigned char)stem.text[len] & 0xC0) == 0x80)
		len--;
	const char *name = arena_printf(keeping->arena, "%.*s_%c", (int)len, buffer_cstr(&stem), PAIR_NUMBER);
	while (is_taken(keeping, name))
		name =
		    arena_printf(keeping->arena, "%.*s_%c_%zu", (int)len, buffer_cstr(&stem), PAIR_NUMBER, ++number);
	*ARENA_PUSH(keeping->arena, keeping->names, keeping->name_count) = name;
	return name;
}

/* --- rights ------------------------------------------------------------------------ */

const char kept_rights[] =
    "DO $kept$\n"
    "DECLARE\n"
    "    held pg_catalog.record;\n"
    "BEGIN\n"
    "    FOR held IN\n"
    "        SELECT 'SCHEMA rung_kept' AS place, a.grantee\n"
    "          FROM pg_catalog.pg_namespace n\n"
    "         CROSS JOIN LATERAL pg_catalog.aclexplode(n.nspacl) a\n"
    "         WHERE n.nspname OPERATOR(pg_catalog.=) 'rung_kept' AND a.grantee OPERATOR(pg_catalog.<>) "
    "n.nspowner\n"
    "         UNION\n"
    "        SELECT pg_catalog.format('TABLE rung_kept.%I', c.relname), a.grantee\n"
    "          FROM pg_catalog.pg_class c\n"
    "          JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace\n"
    "         CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a\n"
    "         WHERE n.nspname OPERATOR(pg_catalog.=) 'rung_kept' AND a.grantee OPERATOR(pg_catalog.<>) "
    "c.relowner\n"
    "           AND pg_catalog.pg_has_role(c.relowner, 'USAGE')\n"
    "    LOOP\n"
    "        EXECUTE pg_catalog.format('REVOKE ALL ON %s FROM %s', held.place,\n"
    "            CASE WHEN held.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC'\n"
    "                 ELSE held.grantee::pg_catalog.regrole::pg_catalog.text END);\n"
    "    END LOOP;\n"
    "END\n"
    "$kept$";
