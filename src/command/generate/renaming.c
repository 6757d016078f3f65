/*
 * A rename is never seen in two catalogs, and never guessed. Where one is said, a copy of FROM has to be made
 * even where nobody asked for a proof: only a server can rename a column in all the views, checks and
 * policies that name it.
 *
 * A part in which no transaction may be open cannot take in the renames; then they are a part of their own.
 */
#include "command/generate/renaming.h"

#include "command/generate/side_copy.h"

static bool run(struct side_room *room, const char *conninfo, const char *sql, struct error *err)
{
	const struct session_options options = scratch_server_session_options(&room->server, conninfo);
	scoped_session struct session *db = NULL;

	return session_open(&options, &db, err) &&
	       (execute_simple(db, sql, NULL, NULL, err) || error_context(err, "while renaming: %s", sql));
}

static bool rename_all(struct side_room *room, const struct side *to, const struct rename_hints *hints,
                       const char *conninfo, struct renaming *renaming, struct error *err)
{
	struct arena *arena = room->context->arena;
	struct rename_step step;

	while (rename_next(hints, &renaming->catalog, &to->catalog, arena, &step)) {
		*ARENA_PUSH(arena, renaming->steps, renaming->count) = step;
		if (!run(room, conninfo, step.sql, err) || !side_look(room, conninfo, &renaming->catalog, err))
			return false;
	}
	return true;
}

bool renaming_make(struct side_room *room, struct side *from, const struct side *to,
                   const struct rename_hints *hints, int parts, struct renaming *out, struct error *err)
{
	struct rename_step step;
	const char *conninfo;

	*out = (struct renaming){.catalog = from->catalog};
	if (!rename_next(hints, &from->catalog, &to->catalog, room->context->arena, &step))
		return true;
	return side_copy(room, from, parts, &out->scratch, &conninfo, err) &&
	       rename_all(room, to, hints, conninfo, out, err);
}

void renaming_clear(struct renaming *renaming)
{
	if (renaming->scratch.server)
		scratch_database_close(&renaming->scratch);
}

static bool is_alone(const struct change_script *script, size_t part)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].part == part && script->statements[i].hazards & HAZARD_NO_TRANSACTION)
			return true;
	return false;
}

static struct change_statement statement_of(const char *sql, const struct rename_step *step, size_t part)
{
	return (struct change_statement){.sql = sql, .object = step->object, .part = part};
}

void renaming_add_up(const struct renaming *renaming, struct arena *arena, struct change_script *script)
{
	const size_t shift = is_alone(script, 0) || !script->part_count;
	struct change_script out = *script;

	if (!renaming->count)
		return;
	out.statements = arena_array(arena, struct change_statement, renaming->count + script->count);
	out.count = 0;
	for (size_t i = 0; i < renaming->count; i++)
		out.statements[out.count++] = statement_of(renaming->steps[i].sql, &renaming->steps[i], 0);
	for (size_t i = 0; i < script->count; i++) {
		out.statements[out.count] = script->statements[i];
		out.statements[out.count++].part += shift;
	}
	out.part_count += shift;
	*script = out;
}

void renaming_add_down(const struct renaming *renaming, struct arena *arena, struct change_script *script)
{
	const bool is_new = !script->part_count || is_alone(script, script->part_count - 1);
	struct change_script out = *script;

	if (!renaming->count)
		return;
	out.statements = arena_array(arena, struct change_statement, renaming->count + script->count);
	out.part_count += is_new;
	for (size_t i = 0; i < script->count; i++)
		out.statements[i] = script->statements[i];
	for (size_t i = renaming->count; i-- > 0;)
		out.statements[out.count++] =
		    statement_of(renaming->steps[i].back, &renaming->steps[i], out.part_count - 1);
	*script = out;
}
