/*
 * A rename is never seen in two catalogs, and never guessed. Where one is said, a copy of FROM has to be made
 * even where nobody asked for a proof: only a server can rename a column in all the views, checks and
 * policies that name it.
 *
 * A part in which no transaction may be open cannot take in the renames; then they are a part of their own.
 */
#include "command/generate/renaming.h"

#include "command/generate/side_copy.h"
#include "report/display.h"

static bool run(struct side_room *room, const char *conninfo, const char *sql, struct error *err)
{
	const struct session_options options = scratch_server_session_options(&room->server, conninfo);
	scoped_session struct session *db = NULL;

	return session_open(&options, &db, err) &&
	       (execute_simple(db, sql, NULL, NULL, err) || error_context(err, "while renaming: %s", sql));
}

static bool rename_all(const struct renaming_options *options, const char *conninfo,
                       struct renaming *renaming, struct error *err)
{
	struct arena *arena = options->room->context->arena;
	struct name_list left_alone = {0};
	struct rename_step step;

	while (rename_next(options->hints, &renaming->catalog, &options->to->catalog, arena, &step)) {
		*ARENA_PUSH(arena, renaming->steps, renaming->count) = step;
		if (!run(options->room, conninfo, step.sql, err) ||
		    !side_look(options->room, conninfo, &renaming->catalog, err))
			return false;
		catalog_filter_apply(options->filter, arena, &renaming->catalog, &left_alone);
	}
	return true;
}

static bool is_used(const struct renaming *renaming, const struct rename_hint *hint)
{
	for (size_t i = 0; i < renaming->count; i++)
		if (renaming->steps[i].hint == hint)
			return true;
	return false;
}

/* A comment may stay when it has been followed; what is typed is meant now. */
static void tell(const struct renaming_options *options, const struct renaming *renaming)
{
	const struct context *context = options->room->context;

	for (size_t i = 0; i < renaming->count; i++)
		event_note(context->reporter, "renamed: %s", display_line(context->arena, renaming->steps[i].sql));
	for (size_t i = 0; i < options->hints->count; i++) {
		const struct rename_hint *hint = &options->hints->items[i];

		if (!hint->path && !is_used(renaming, hint))
			event_warning(context->reporter, "--rename: there is no %s \"%s\" to be renamed to \"%s\"",
			              hint->kind, display_line(context->arena, hint->old),
			              display_line(context->arena, hint->name));
	}
}

bool renaming_make(const struct renaming_options *options, struct renaming *out, struct error *err)
{
	struct side *from = options->from;
	struct rename_step step;
	const char *conninfo;

	*out = (struct renaming){.catalog = from->catalog};
	if (rename_next(options->hints, &from->catalog, &options->to->catalog, options->room->context->arena,
	                &step) &&
	    (!side_copy(options->room, from, options->parts, &out->scratch, &conninfo, err) ||
	     !rename_all(options, conninfo, out, err)))
		return false;
	tell(options, out);
	return true;
}

void renaming_clear(struct renaming *renaming)
{
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
