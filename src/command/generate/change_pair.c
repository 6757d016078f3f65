/*
 * Both directions are made from the same two catalogs, so what one of them cannot say (a kind without a
 * statement) is known before anything runs.
 *
 * A pair that does not prove is of no use to anybody who trusts it, and of some use to somebody who reads it:
 * it is kept where what passes is kept, and never under the names that were asked for.
 */
#include "command/generate/change_pair.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/number_text.h"
#include "report/changed_object.h"
#include "report/display.h"

/* --- as text ---------------------------------------------------------------- */

const char *change_script_whole(const struct change_script *script, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < script->part_count; i++) {
		if (script->part_count > 1)
			buffer_printf(&text, "%s-- part %zu of %zu: in a file and a transaction of its own\n",
			              i ? "\n" : "", i + 1, script->part_count);
		buffer_text(&text, change_script_text(script, i, arena));
	}
	return buffer_cstr(&text);
}

/* "up.sql", "up_2.sql"; a name without an ending gets the number at its end. */
static const char *part_path(const char *path, size_t part, struct arena *arena)
{
	const char *name = path_name(path);
	const char *dot = strrchr(name, '.');
	const int stem = (int)((dot && dot != name ? dot : name + strlen(name)) - path);

	return part ? arena_printf(arena, "%.*s_%zu%s", stem, path, part + 1, path + stem) : path;
}

bool change_script_save(const struct change_script *script, const char *path, struct arena *arena,
                        struct error *err)
{
	if (!script->part_count)
		return file_write(path, STR(""), 0644, err);
	for (size_t i = 0; i < script->part_count; i++)
		if (!file_write(part_path(path, i, arena), str_of(change_script_text(script, i, arena)), 0644, err))
			return false;
	return true;
}

/* --- for programs ------------------------------------------------------------- */

static const struct {
	enum hazard hazard;
	const char *name;
} hazard_names[] = {
    {HAZARD_DATA_LOSS, "data-loss"},
    {HAZARD_REWRITE, "rewrite"},
    {HAZARD_SCAN, "scan"},
    {HAZARD_MAY_FAIL, "may-fail"},
    {HAZARD_NO_TRANSACTION, "no-transaction"},
    {HAZARD_IRREVERSIBLE, "irreversible"},
    {HAZARD_SECURITY, "security"},
};

enum { HAZARD_COUNT = sizeof(hazard_names) / sizeof(*hazard_names) };

void change_script_report(const struct change_script *script, const char *direction, struct context *context)
{
	for (size_t i = 0; i < script->count; i++) {
		const struct change_statement *statement = &script->statements[i];
		const char *hazards[HAZARD_COUNT + 1] = {NULL};
		size_t count = 0;

		for (size_t j = 0; j < HAZARD_COUNT; j++)
			if (statement->hazards & (int)hazard_names[j].hazard)
				hazards[count++] = hazard_names[j].name;
		const struct sql_statement said = {.direction = direction,
		                                   .part = statement->part + 1,
		                                   .sql = statement->sql,
		                                   .kind = statement->object->kind->name,
		                                   .identity = statement->object->identity,
		                                   .hazards = hazards};
		report_statement(context->reporter, &said);
	}
}

/* --- what is not proved ------------------------------------------------------- */

/* The first error is the one to tell; where not even a draft can be kept, that is all there is. */
static bool keep_draft(const struct change_pair *pair, struct arena *arena, struct error *err)
{
	const char *base = getenv("TMPDIR");
	char *directory = path_join(arena, base && *base ? base : "/tmp", "rung-draft-XXXXXX");
	struct error ignored;

	if (err->kind == ERROR_CANCELLED || !mkdtemp(directory) ||
	    !change_script_save(&pair->up, path_join(arena, directory, "up.sql"), arena, &ignored) ||
	    !change_script_save(&pair->down, path_join(arena, directory, "down.sql"), arena, &ignored))
		return false;
	const char *hint = arena_strdup(arena, err->hint);
	return error_hint(err,
	                  "%s%sThe draft is in %s (up.sql, down.sql); with --no-proof it is printed as it is.",
	                  hint, *hint ? " " : "", directory);
}

static bool refuse_unmodelled(const struct change_pair *pair, struct arena *arena, struct error *err)
{
	const size_t count = pair->up.unmodelled_count + pair->down.unmodelled_count;
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < pair->up.unmodelled_count; i++)
		buffer_printf(&text, "%s%s", text.len ? "\n" : "", pair->up.unmodelled[i]);
	for (size_t i = 0; i < pair->down.unmodelled_count; i++)
		buffer_printf(&text, "%s%s (down)", text.len ? "\n" : "", pair->down.unmodelled[i]);
	error_set(err, ERROR_FOUND, "%zu change%s for which no SQL is known", count, plural(count));
	return error_detail(err, "%s", buffer_cstr(&text));
}

/* Whether the order does for bodies of routines is not known then. */
static void leave_unproved(const struct change_pair_options *options, struct change_script *script)
{
	struct context *context = options->room->context;

	change_script_skip_bodies(script, context->arena);
	for (size_t i = 0; i < script->unmodelled_count; i++)
		event_warning(context->reporter, "no SQL is known for this change: %s",
		              display_line(context->arena, script->unmodelled[i]));
}

static bool has_unmodelled(const struct change_pair *pair)
{
	return pair->up.unmodelled_count || pair->down.unmodelled_count;
}

/* --- all ------------------------------------------------------------------------ */

static bool is_routine(const struct change_statement *statement)
{
	const struct object *object = statement->object;

	return object->kind == &object_kinds[OBJECT_FUNCTION] || object->kind == &object_kinds[OBJECT_PROCEDURE];
}

/*
 * What the text of a body names is not known to anybody, so a routine may come before what it uses. pg_dump
 * turns the check off for that; we only where it is needed.
 *
 * Once for each direction.
 */
static bool relax(const struct change_pair_options *options, struct change_pair *pair,
                  const struct error *refusal)
{
	struct change_script *script = pair->proof.refused == &pair->up ? &pair->up : &pair->down;
	const struct change_statement *failed = pair->proof.failed;

	if (refusal->kind != ERROR_SQL || !failed || !is_routine(failed) ||
	    strncmp(refusal->sqlstate, "42", 2) != 0 || change_script_skips_bodies(script, failed->part))
		return false;
	change_script_skip_bodies(script, options->room->context->arena);
	return true;
}

static bool prove(const struct change_pair_options *options, struct change_pair *pair, struct error *err)
{
	const struct proof_options proof = {.room = options->room,
	                                    .from = options->from,
	                                    .to = options->to,
	                                    .filter = options->filter,
	                                    .parts = options->parts,
	                                    .up = &pair->up,
	                                    .down = options->is_one_way ? NULL : &pair->down};

	if (has_unmodelled(pair))
		return refuse_unmodelled(pair, options->room->context->arena, err);
	while (!proof_run(&proof, &pair->proof, err))
		if (!relax(options, pair, err))
			return false;
	return true;
}

bool change_pair_make(const struct change_pair_options *options, struct change_pair *out, struct error *err)
{
	struct arena *arena = options->room->context->arena;
	const struct change_options change = {.parts = options->parts, .is_online = options->is_online};
	const struct change_options change_back = {
	    .parts = options->parts, .is_online = options->is_online, .fills_columns = options->keeps_rows};
	const struct renaming *renaming = options->renaming;
	const struct catalog *from = renaming ? &renaming->catalog : &options->from->catalog;
	const struct catalog *to = &options->to->catalog;
	struct change_pair pair = {0};

	if (!change_script_make(from, to, &change, arena, &pair.up, err) ||
	    (!options->is_one_way && !change_script_make(to, from, &change_back, arena, &pair.down, err)))
		return false;
	table_sizes_apply(&options->from->sizes, &pair.up);
	if (renaming) {
		renaming_add_up(renaming, arena, &pair.up);
		renaming_add_down(renaming, arena, &pair.down);
	}
	if (options->is_proved && !prove(options, &pair, err))
		return !options->keeps_no_draft && keep_draft(&pair, arena, err);
	if (!options->is_proved) {
		leave_unproved(options, &pair.up);
		leave_unproved(options, &pair.down);
	}
	*out = pair;
	return true;
}
