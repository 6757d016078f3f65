/*
 * A migration is one transaction unless its file says otherwise, so a change that needs several cannot be one
 * pair. It is refused, and the hint has the command that writes its parts: somebody has to decide what is
 * true between them.
 *
 * What the migrations make is built anew each time and not taken from a database, which may have been changed
 * by hand.
 */
#include "command/generate/generated_pair.h"

#include "base/buffer.h"
#include "base/number_text.h"
#include "command/generate/change_pair.h"
#include "command/generate/changes_tree.h"
#include "command/generate/side_choice.h"
#include "command/database/fingerprint_parts.h"

struct generating {
	struct context *context;
	const struct generated_pair_options *options;
	struct side_room room;
	struct side from;
	struct side to;
	struct catalog_filter filter;
	struct renaming renaming;
	struct catalog_changes changes;
	struct change_pair pair;
};

static void generating_close(struct generating *generating)
{
	renaming_clear(&generating->renaming);
	side_close(&generating->from);
	side_close(&generating->to);
	side_room_close(&generating->room);
	catalog_filter_close(&generating->filter);
}
#define scoped_generating SCOPED(generating_close)

static bool open_sides(struct generating *generating, struct error *err)
{
	const struct catalog_filter_options all = {.schemas = NULL};
	struct arena *arena = generating->context->arena;
	const struct side_choice choice = {.context = generating->context,
	                                   .filter = &generating->filter,
	                                   .from = &generating->from,
	                                   .to = &generating->to};
	struct side_name from;
	struct side_name to;

	return catalog_filter_open(&all, arena, &generating->filter, err) &&
	       side_name_parse("schema", arena, &from, err) &&
	       side_name_parse(generating->options->desired, arena, &to, err) &&
	       sides_open(&generating->room, &from, &to, &generating->from, &generating->to, err) &&
	       sides_choose(&choice, err);
}

static bool rename_objects(struct generating *generating, struct error *err)
{
	const struct renaming_options options = {.room = &generating->room,
	                                         .from = &generating->from,
	                                         .to = &generating->to,
	                                         .hints = &generating->to.renames,
	                                         .filter = &generating->filter,
	                                         .parts = PARTS_USUAL};

	return renaming_make(&options, &generating->renaming, err);
}

static bool make_pair(struct generating *generating, struct error *err)
{
	const struct change_pair_options options = {.room = &generating->room,
	                                            .from = &generating->from,
	                                            .to = &generating->to,
	                                            .filter = &generating->filter,
	                                            .renaming = &generating->renaming,
	                                            .parts = PARTS_USUAL,
	                                            .is_proved = true};

	return change_pair_make(&options, &generating->pair, err);
}

/* --- refusals ----------------------------------------------------------------------- */

static bool check_losses(const struct generating *generating, struct error *err)
{
	const struct change_script *script = &generating->pair.up;
	struct buffer text = {.arena = generating->context->arena};
	size_t count = 0;

	for (size_t i = 0; i < script->count; i++) {
		if (!(script->statements[i].hazards & HAZARD_DATA_LOSS))
			continue;
		buffer_printf(&text, "%s%s", count ? "\n" : "", script->statements[i].sql);
		count++;
	}
	if (!count || generating->options->allows_data_loss)
		return true;
	error_set(err, ERROR_FOUND, "%zu statement%s would lose data", count, plural(count));
	error_detail(err, "%s", buffer_cstr(&text));
	return error_hint(err,
	                  "If something was only renamed, say so where it is defined: \"-- rung: renamed-from "
	                  "OLD_NAME\". To lose the data, add --allow data-loss.");
}

static bool check_parts(const struct generating *generating, struct error *err)
{
	if (generating->pair.up.part_count <= 1 && generating->pair.down.part_count <= 1)
		return true;
	error_set(err, ERROR_FOUND, "the change needs %zu transactions, and a migration is one",
	          generating->pair.up.part_count > 1 ? generating->pair.up.part_count
	                                             : generating->pair.down.part_count);
	return error_hint(
	    err,
	    "\"rung diff schema %s --up up.sql --down down.sql\" writes the parts; make a migration of "
	    "each.",
	    generating->to.name.shown);
}

/* --- all ----------------------------------------------------------------------------- */

static void tell(const struct generating *generating)
{
	const struct context *context = generating->context;

	if (!generating->changes.count && !generating->renaming.count)
		event_done(context->reporter,
		           arena_printf(context->arena, "nothing to write: the migrations make %s already",
		                        generating->to.title),
		           -1, 0);
	else
		event_note(context->reporter,
		           "proved on PostgreSQL %d, up and down; tables that got rows and kept them: %zu",
		           generating->room.major, generating->pair.proof.seeded);
}

bool generated_pair_make(struct context *context, const struct generated_pair_options *options,
                         struct generated_pair *out, struct error *err)
{
	scoped_generating struct generating generating = {
	    .context = context,
	    .options = options,
	    .room = {.context = context, .server_url = options->server_url}};
	struct generated_pair pair = {.up = NULL};

	if (!open_sides(&generating, err) || !rename_objects(&generating, err))
		return false;
	catalog_compare(&generating.renaming.catalog, &generating.to.catalog, PARTS_USUAL, context->arena,
	                &generating.changes);
	if (generating.changes.count || generating.renaming.count) {
		if (!make_pair(&generating, err) || !check_losses(&generating, err) || !check_parts(&generating, err))
			return false;
		pair.up = change_script_text(&generating.pair.up, 0, context->arena);
		pair.down = change_script_text(&generating.pair.down, 0, context->arena);
	}
	tell(&generating);
	*out = pair;
	return true;
}
