/*
 * The pair is that of "diff", from what is before the range to what is behind it, proved as that one is. But
 * what is kept in the end is a file with rows and roles in it, so the proof that counts is made of the file.
 *
 * The first server stays until the pair is made; the others are gone before the next is started.
 */
#include "command/squash/squash_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/boundary.h"
#include "base/buffer.h"
#include "base/file.h"
#include "catalog/changes_text.h"
#include "command/database/database.h"
#include "command/database/fingerprint_parts.h"
#include "command/squash/squash_files.h"

void squash_build_close(struct squash_build *build)
{
	side_close(&build->before);
	side_close(&build->after);
	side_room_close(&build->room);
	catalog_filter_close(&build->filter);
}

/* --- rows of a side ------------------------------------------------------------------- */

typedef bool (*rows_work)(struct squash_build *build, struct session *db, struct error *err);

static bool with_rows(struct squash_build *build, struct side_room *room, const struct side *side,
                      rows_work work, struct error *err)
{
	const struct session_options options = scratch_server_session_options(&room->server, side->conninfo);
	scoped_session struct session *db = NULL;

	return session_open(&options, &db, err) && database_rows_begin(db, err) && work(build, db, err);
}

static bool load(struct squash_build *build, struct session *db, struct database_rows *out, struct error *err)
{
	struct qualified_name history;

	return database_history_table(build->context, &history, err) &&
	       database_rows_load(db, &history, build->context->arena, out, err);
}

static bool load_before(struct squash_build *build, struct session *db, struct error *err)
{
	return load(build, db, &build->rows_before, err);
}

static bool load_after(struct squash_build *build, struct session *db, struct error *err)
{
	return load(build, db, &build->rows, err);
}

static bool load_again(struct squash_build *build, struct session *db, struct error *err)
{
	return load(build, db, &build->rows_again, err);
}

static bool write_rows(struct squash_build *build, struct session *db, struct error *err)
{
	const struct reference_rows_options options = {
	    .db = db, .rows = &build->rows, .again = &build->rows_again, .before = &build->rows_before};
	struct arena *arena = build->context->arena;

	build->digests = arena_array(arena, const char *, build->rows.table_count);
	for (size_t i = 0; i < build->rows.table_count; i++) {
		const struct row_table *table = &build->rows.tables[i];
		const struct row_table *again = database_rows_find(&build->rows_again, table->name);

		if (table->count && !table_digest(db, table, again, arena, &build->digests[i], err))
			return false;
	}
	return reference_rows_make(&options, arena, &build->reference, err);
}

/* --- the old migrations --------------------------------------------------------------- */

static struct side_name name_of(const struct tree *tree, const char *shown)
{
	return (struct side_name){
	    .kind = tree->count ? SIDE_MIGRATIONS : SIDE_EMPTY, .shown = shown, .files = tree};
}

static void look(struct squash_build *build, struct side *side)
{
	struct name_list left_alone = {0};

	catalog_filter_apply(&build->filter, build->context->arena, &side->catalog, &left_alone);
}

static bool check_modelled(const struct side *side, struct error *err)
{
	return !side->catalog.unmodelled_count ||
	       error_set(err, ERROR_FOUND, "the migrations make something of a kind that rung does not know: %s",
	                 side->catalog.unmodelled[0]);
}

static bool build_first(struct squash_build *build, struct error *err)
{
	const struct side_name before = name_of(&build->range->before, "what is before the range");
	const struct side_name after = name_of(&build->range->whole, "what the old migrations make");
	const struct catalog_filter_options all = {.schemas = NULL};

	build->room = (struct side_room){.context = build->context, .server_url = build->server_url};
	if (!catalog_filter_open(&all, build->context->arena, &build->filter, err) ||
	    !side_open(&build->room, &before, NULL, &build->before, err) ||
	    !with_rows(build, &build->room, &build->before, load_before, err) ||
	    !side_open(&build->room, &after, &build->before, &build->after, err) ||
	    !with_rows(build, &build->room, &build->after, load_after, err) ||
	    !check_modelled(&build->after, err))
		return false;
	look(build, &build->before);
	look(build, &build->after);
	return true;
}

static bool has_rows(const struct database_rows *rows)
{
	for (size_t i = 0; i < rows->table_count; i++)
		if (rows->tables[i].count)
			return true;
	return false;
}

/* What differs from the first depends on when it was made. */
static bool build_again(struct squash_build *build, struct error *err)
{
	const struct side_name after = name_of(&build->range->whole, "what the old migrations make");
	scoped_side_room struct side_room room = {.context = build->context, .server_url = build->server_url};
	scoped_side struct side side = {0};

	if (!has_rows(&build->rows)) {
		build->rows_again = build->rows;
		return true;
	}
	return side_open(&room, &after, NULL, &side, err) && with_rows(build, &room, &side, load_again, err);
}

static bool check_parts(const struct change_pair *pair, struct error *err)
{
	if (pair->up.part_count <= 1 && pair->down.part_count <= 1)
		return true;
	error_set(err, ERROR_FOUND,
	          "what the migrations make needs several transactions, and a squashed file is one");
	return error_hint(err, "Squash up to before the migration that needs them (--to).");
}

bool squash_build_run(struct squash_build *build, struct error *err)
{
	if (!build_first(build, err) || !build_again(build, err) ||
	    !with_rows(build, &build->room, &build->after, write_rows, err))
		return false;
	const struct change_pair_options options = {.room = &build->room,
	                                            .from = &build->before,
	                                            .to = &build->after,
	                                            .filter = &build->filter,
	                                            .parts = PARTS_USUAL,
	                                            .is_proved = true};
	return change_pair_make(&options, &build->pair, err) && check_parts(&build->pair, err);
}

/* --- the new one ------------------------------------------------------------------------ */

struct trial_files {
	const char *directory;
	const char *directories[3];
	struct boundary boundary;
	struct tree tree; /* what is before the range, and the new file */
};

static void trial_files_clear(struct trial_files *files)
{
	struct error ignored;

	if (files->directory && !directory_remove(files->directory, &ignored))
		return; /* it is in the directory for what passes */
}

static bool write_files(const struct squash_build *build, const struct squash_texts *texts,
                        struct trial_files *out, struct error *err)
{
	struct arena *arena = build->context->arena;
	const char *base = getenv("TMPDIR");
	char *directory = path_join(arena, base && *base ? base : "/tmp", "rung-squash-XXXXXX");

	if (!mkdtemp(directory))
		return error_set(err, ERROR_STORAGE, "could not create \"%s\": %m", directory);
	out->directory = directory;
	return file_write(path_join(arena, directory, arena_printf(arena, "%s.sql", build->range->name)),
	                  str_of(texts->up), 0644, err) &&
	       file_write(path_join(arena, directory, arena_printf(arena, "rollback_%s.sql", build->range->name)),
	                  str_of(texts->down), 0644, err);
}

/* What it requires is elsewhere. */
static bool check_alone(const struct tree *tree, struct error *err)
{
	for (size_t i = 0; i < tree->finding_count; i++)
		if (tree->findings[i].is_error && tree->findings[i].kind != FINDING_BAD_REQUIRES)
			return finding_error(&tree->findings[i], err);
	return tree->count == 1 || error_set(err, ERROR_FILES, "the new file cannot be read");
}

static bool load_files(const struct squash_build *build, struct trial_files *out, struct error *err)
{
	struct context *context = build->context;
	struct tree alone;

	out->directories[0] = out->directory;
	out->directories[1] = context->settings->project_dir;
	out->boundary = (struct boundary){.directories = out->directories};
	const struct tree_options options = {.schema_dir = out->directory,
	                                     .rollback_dir = out->directory,
	                                     .display_root = out->directory,
	                                     .boundary = &out->boundary};
	if (!tree_load(&options, context->arena, &alone, err) || !check_alone(&alone, err))
		return false;
	out->tree = build->range->before;
	out->tree.migrations = arena_array(context->arena, struct migration, build->range->before.count + 1);
	for (size_t i = 0; i < build->range->before.count; i++)
		out->tree.migrations[i] = build->range->before.migrations[i];
	out->tree.migrations[out->tree.count++] = alone.migrations[0];
	return true;
}

/* --- comparing ---------------------------------------------------------------------------- */

static bool refuse_difference(const char *what, const char *text, struct error *err)
{
	error_set(err, ERROR_FOUND, "the new file does not make what the old ones make: %s", what);
	return error_detail(err, "%s", text);
}

static bool compare_catalogs(struct squash_build *build, const struct catalog *wanted, struct catalog *found,
                             const char *what, struct error *err)
{
	struct arena *arena = build->context->arena;
	struct name_list left_alone = {0};
	struct catalog_changes changes;
	struct buffer text = {.arena = arena};

	catalog_filter_apply(&build->filter, arena, found, &left_alone);
	catalog_compare(wanted, found, PARTS_USUAL, arena, &changes);
	if (!changes.count)
		return true;
	changes_text(&changes, 10, &text);
	return refuse_difference(what, buffer_cstr(&text), err);
}

static bool compare_table(struct squash_build *build, size_t i, const struct database_rows *found,
                          struct session *db, struct error *err)
{
	const struct row_table *table = &build->rows.tables[i];
	const struct row_table *made = database_rows_find(found, table->name);
	const struct row_table *again = database_rows_find(&build->rows_again, table->name);
	const char *digest = "";

	if (!made || made->count != table->count)
		return refuse_difference(arena_printf(build->context->arena, "%s has %zu rows instead of %zu",
		                                      table->name, made ? made->count : 0, table->count),
		                         "", err);
	if (!table->count)
		return true;
	if (!table_digest(db, table, again, build->context->arena, &digest, err))
		return false;
	return strcmp(digest, build->digests[i]) == 0 ||
	       refuse_difference(arena_printf(build->context->arena, "rows of %s differ", table->name), "", err);
}

static bool has_beside(const struct database_rows *rows, const char *text)
{
	for (size_t i = 0; i < rows->beside_count; i++)
		if (strcmp(rows->beside_facts[i].text, text) == 0)
			return true;
	return false;
}

static bool compare_besides(const struct database_rows *wanted, const struct database_rows *found,
                            struct error *err)
{
	for (size_t i = 0; i < wanted->beside_count; i++)
		if (!has_beside(found, wanted->beside_facts[i].text))
			return refuse_difference(wanted->beside_facts[i].text, "Only the old ones make it.", err);
	for (size_t i = 0; i < found->beside_count; i++)
		if (!has_beside(wanted, found->beside_facts[i].text))
			return refuse_difference(found->beside_facts[i].text, "Only the new one makes it.", err);
	return true;
}

static bool compare_rows(struct squash_build *build, struct session *db, struct error *err)
{
	struct database_rows found;

	if (!load(build, db, &found, err))
		return false;
	for (size_t i = 0; i < build->rows.table_count; i++)
		if (!compare_table(build, i, &found, db, err))
			return false;
	return compare_besides(&build->rows, &found, err);
}

static bool go_down(struct squash_build *build, const struct trial_files *files, struct side_room *room,
                    const struct side *side, struct error *err)
{
	struct migrate_options options;
	struct migrate_result result;
	struct catalog catalog;

	if (!migrate_options_for_scratch(build->context, side->conninfo, &files->tree, DIRECTION_DOWN, &options,
	                                 err))
		return false;
	options.target = "-1";
	options.scripts.boundary = &files->boundary;
	return migrate_run(&options, NULL, build->context->arena, &result, err) &&
	       side_look(room, side->conninfo, &catalog, err) &&
	       compare_catalogs(build, &build->before.catalog, &catalog, "its rollback leads elsewhere", err);
}

static bool run_files(struct squash_build *build, const struct trial_files *files, struct error *err)
{
	const struct side_name name = {.kind = SIDE_MIGRATIONS,
	                               .shown = "what the new file makes",
	                               .files = &files->tree,
	                               .boundary = &files->boundary};
	scoped_side_room struct side_room room = {.context = build->context, .server_url = build->server_url};
	scoped_side struct side side = {0};

	return side_open(&room, &name, NULL, &side, err) &&
	       compare_catalogs(build, &build->after.catalog, &side.catalog, "the schema differs", err) &&
	       with_rows(build, &room, &side, compare_rows, err) && go_down(build, files, &room, &side, err);
}

/* Why not is of use only to somebody who can read the file. */
static bool keep_draft(struct trial_files *files, struct error *err)
{
	const char *directory = files->directory;

	if (!directory || err->kind == ERROR_CANCELLED)
		return false;
	files->directory = NULL;
	return error_hint(err, "The file that was tried is in %s. Nothing was changed.", directory);
}

bool squash_build_prove(struct squash_build *build, const struct squash_texts *texts, struct error *err)
{
	SCOPED(trial_files_clear) struct trial_files files = {0};

	return (write_files(build, texts, &files, err) && load_files(build, &files, err) &&
	        run_files(build, &files, err)) ||
	       keep_draft(&files, err);
}
