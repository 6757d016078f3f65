/*
 * A migration is one transaction unless its file says otherwise, so a change that needs several is several
 * migrations (pair_series.h). The scripts are proved first, as only there a statement can be blamed and be
 * made otherwise; then the files that they were written into (pair_files.h).
 *
 * What the migrations make is built anew each time and not taken from a database, which may have been changed
 * by hand.
 */
#include "command/generate/generated_pair.h"

#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "command/generate/kept_rows.h"
#include "command/generate/pair_files.h"
#include "command/generate/rename_question.h"
#include "command/generate/side_choice.h"
#include "command/generate/pair_head.h"
#include "command/generate/tool_tables.h"
#include "command/database/fingerprint_parts.h"
#include "pg/history_table.h"
#include "report/display.h"

void generated_pair_close(struct generated_pair *generated)
{
	renaming_clear(&generated->renaming);
	side_close(&generated->from);
	side_close(&generated->to);
	side_room_close(&generated->room);
	catalog_filter_close(&generated->filter);
}

/* A database that somebody works in, or that an ORM has made, has tables that no migration is to make. */
static bool open_filter(struct generated_pair *generated, const struct side_name *to, struct error *err)
{
	const char *exclude = generated->options->exclude;
	struct arena *arena = generated->context->arena;
	const struct catalog_filter_options chosen = {
	    .exclude_schemas = PAIR_FILES_SCHEMA,
	    .exclude = side_name_is_lived_in(to) ? tool_tables_excluded(exclude, arena) : exclude};

	return catalog_filter_open(&chosen, arena, &generated->filter, err);
}

static bool open_sides(struct generated_pair *generated, struct error *err)
{
	const struct settings *settings = generated->context->settings;
	struct arena *arena = generated->context->arena;
	const struct side_choice choice = {.context = generated->context,
	                                   .filter = &generated->filter,
	                                   .from = &generated->from,
	                                   .to = &generated->to};
	struct side_name from;
	struct side_name to;

	if (!side_name_parse("schema", settings, arena, &from, err) ||
	    !side_name_parse(generated->options->desired, settings, arena, &to, err) ||
	    !open_filter(generated, &to, err) ||
	    !sides_open(&generated->room, &from, &to, &generated->from, &generated->to, err))
		return false;
	if (side_name_is_lived_in(&to))
		tool_tables_tell(&generated->to.catalog, arena, generated->context->reporter);
	return sides_choose(&choice, err);
}

/* What was said on the command line comes before what the files say. */
static bool rename_objects(struct generated_pair *generated, struct error *err)
{
	struct rename_hints *hints = arena_new(generated->context->arena, struct rename_hints);

	if (!rename_option_read(generated->context, hints, err))
		return false;
	for (size_t i = 0; i < generated->to.renames.count; i++)
		*ARENA_PUSH(generated->context->arena, hints->items, hints->count) = generated->to.renames.items[i];
	if (!rename_question_ask(generated->context, &generated->from.catalog, &generated->to.catalog, hints,
	                         err))
		return false;
	const struct renaming_options options = {.room = &generated->room,
	                                         .from = &generated->from,
	                                         .to = &generated->to,
	                                         .hints = hints,
	                                         .filter = &generated->filter,
	                                         .parts = PARTS_USUAL};

	return renaming_make(&options, &generated->renaming, err);
}

static struct change_pair_options pair_options(struct generated_pair *generated)
{
	return (struct change_pair_options){.room = &generated->room,
	                                    .from = &generated->from,
	                                    .to = &generated->to,
	                                    .filter = &generated->filter,
	                                    .renaming = &generated->renaming,
	                                    .parts = PARTS_USUAL,
	                                    .is_online = generated->options->is_online,
	                                    .keeps_rows = generated->options->keeps_rows,
	                                    .is_proved = true};
}

/* --- refusals ----------------------------------------------------------------------- */

static bool check_losses(const struct generated_pair *generated, struct error *err)
{
	const struct change_script *script = &generated->pair.up;
	struct buffer text = {.arena = generated->context->arena};
	size_t count = 0;

	for (size_t i = 0; i < script->count; i++) {
		if (!(script->statements[i].hazards & HAZARD_DATA_LOSS) ||
		    (generated->options->keeps_rows && !kept_rows_leaves(&script->statements[i])))
			continue;
		buffer_printf(&text, "%s%s", count ? "\n" : "", script->statements[i].sql);
		count++;
	}
	if (!count || generated->options->allows_data_loss)
		return true;
	error_set(err, ERROR_FOUND, "%zu statement%s would lose data", count, plural(count));
	error_detail(err, "%s", buffer_cstr(&text));
	return error_hint(
	    err,
	    "If something was only renamed, say so where it is defined: \"-- rung: renamed-from "
	    "OLD_NAME\", or --rename. To lose the data, add --allow data-loss; --keep-rows keeps a copy for the "
	    "rollback.");
}

/* --- rows that are kept ---------------------------------------------------------------- */

static const struct catalog *state_before(const struct generated_pair *generated, size_t at)
{
	return at ? generated->series.steps[at - 1].after : &generated->renaming.catalog;
}

static const struct catalog *state_after(const struct generated_pair *generated, size_t at)
{
	return at + 1 < generated->series.count ? generated->series.steps[at].after : &generated->to.catalog;
}

/* The place behind the renames up, and how many there are down. */
static void find_renames(const struct renaming *renaming, struct kept_rows *kept)
{
	for (size_t i = 0; i < renaming->count; i++) {
		for (size_t j = 0; j < kept->up->count; j++)
			if (strcmp(kept->up->statements[j].sql, renaming->steps[i].sql) == 0)
				kept->first = j + 1;
		for (size_t j = 0; j < kept->down->count; j++)
			kept->trailing += strcmp(kept->down->statements[j].sql, renaming->steps[i].back) == 0;
	}
}

static void tell_not_back(const struct generated_pair *generated, const struct kept_rows *kept)
{
	const struct context *context = generated->context;

	for (size_t i = 0; i < kept->not_back_count; i++)
		event_warning(context->reporter,
		              "%s is copied to " KEPT_SCHEMA ", but no rollback brings it back: without a key that "
		              "stays, rows cannot be told apart",
		              display_line(context->arena, kept->not_back[i]));
}

static void keep_rows(struct generated_pair *generated)
{
	for (size_t i = 0; i < generated->series.count; i++) {
		struct kept_rows kept = {.before = state_before(generated, i),
		                         .after = state_after(generated, i),
		                         .arena = generated->context->arena,
		                         .up = &generated->series.steps[i].up,
		                         .down = &generated->series.steps[i].down};

		find_renames(&generated->renaming, &kept);
		kept_rows_add(&kept);
		tell_not_back(generated, &kept);
		for (size_t j = 0; j < kept.not_back_count; j++)
			*ARENA_PUSH(kept.arena, generated->not_back.items, generated->not_back.count) = kept.not_back[j];
	}
}

/* --- texts --------------------------------------------------------------------------- */

static const char *sql_of(const struct change_script *script, struct arena *arena)
{
	return script->count ? change_script_text(script, 0, arena) : NULL;
}

/* What step `at` changes; of the only one that is known already. */
static const struct catalog_changes *changes_of(struct generated_pair *generated, size_t at)
{
	const struct pair_series *series = &generated->series;
	struct catalog_changes *changes = arena_new(generated->context->arena, struct catalog_changes);

	if (series->count == 1)
		return &generated->changes;
	catalog_compare(state_before(generated, at), state_after(generated, at), PARTS_USUAL,
	                generated->context->arena, changes);
	return changes;
}

static struct pair_text text_of(struct generated_pair *generated, size_t at)
{
	struct series_step *step = &generated->series.steps[at];
	struct arena *arena = generated->context->arena;
	const struct pair_change change = {.script = &step->up,
	                                   .changes = changes_of(generated, at),
	                                   .renaming = at ? NULL : &generated->renaming};

	if (generated->options->sizes)
		table_sizes_apply(generated->options->sizes, &step->up);
	return (struct pair_text){.up = sql_of(&step->up, arena),
	                          .down = sql_of(&step->down, arena),
	                          .up_head = pair_head_up(&change, arena),
	                          .down_head = pair_head_down(&step->down, arena),
	                          .summary = pair_head_summary(&change, arena)};
}

static void write_texts(struct generated_pair *generated)
{
	const size_t count = generated->series.count;

	generated->texts = arena_array(generated->context->arena, struct pair_text, count);
	for (size_t i = 0; i < count; i++)
		generated->texts[i] = text_of(generated, i);
}

/* --- all ----------------------------------------------------------------------------- */

static void tell_none(const struct generated_pair *generated)
{
	const struct context *context = generated->context;

	event_done(
	    context->reporter,
	    arena_printf(context->arena, "nothing to write: the migrations make %s already", generated->to.title),
	    -1, 0);
}

static bool generate(struct generated_pair *generated, struct error *err)
{
	const struct change_pair_options options = pair_options(generated);

	if (!change_pair_make(&options, &generated->pair, err) || !check_losses(generated, err) ||
	    !pair_series_make(&options, &generated->pair, &generated->series, err))
		return false;
	if (generated->options->keeps_rows)
		keep_rows(generated);
	write_texts(generated);
	return true;
}

bool generated_pair_open(struct context *context, const struct generated_pair_options *options,
                         struct generated_pair *out, struct error *err)
{
	*out = (struct generated_pair){.context = context,
	                               .options = options,
	                               .room = {.context = context, .server_url = options->server_url}};
	if (!open_sides(out, err) || !rename_objects(out, err))
		return false;
	catalog_compare(&out->renaming.catalog, &out->to.catalog, PARTS_USUAL, context->arena, &out->changes);
	if (out->changes.count || out->renaming.count)
		return generate(out, err);
	tell_none(out);
	return true;
}

/* --- proof ---------------------------------------------------------------------------- */

static bool prove(struct generated_pair *generated, struct pair_files *files, struct error *err)
{
	const struct proof_files proof_files = {files, generated->series.steps, generated->series.count};
	const struct proof_options options = {.room = &generated->room,
	                                      .from = &generated->from,
	                                      .to = &generated->to,
	                                      .filter = &generated->filter,
	                                      .parts = PARTS_USUAL,
	                                      .up = &generated->pair.up,
	                                      .down = &generated->pair.down,
	                                      .not_back =
	                                          generated->options->keeps_rows ? &generated->not_back : NULL,
	                                      .files = &proof_files};

	return proof_run(&options, &generated->pair.proof, err);
}

bool generated_pair_prove(struct generated_pair *generated, const struct new_pairs *pairs, struct error *err)
{
	scoped_pair_files struct pair_files files = {0};

	if (!pair_files_open(generated->context, pairs, &files, err))
		return false;
	if (!prove(generated, &files, err))
		return pair_files_keep(&files, err);
	event_note(generated->context->reporter,
	           "proved on PostgreSQL %d, up and down; tables that got rows and kept them: %zu",
	           generated->room.major, generated->pair.proof.seeded);
	return true;
}
