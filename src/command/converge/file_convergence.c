/*
 * What an edit means is the difference between what the old files made and what the new ones make. The old
 * text is gone, but the database is what it made; so the database stands for it, and of what differs only
 * that counts which the edited files make (merged_catalog.h).
 *
 * Files are run in a scratch database: all that is applied, and what the run applies up to the last step that
 * converges, as that may be built on it. What a later file of the run makes is not missed by an earlier one.
 *
 * Statements are proved before they are run at all, both ways, on a copy of the database; and in their own
 * transaction the catalog is read once more, as rows and triggers of the database are in no copy.
 */
#include "command/converge/file_convergence.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "catalog/catalog_changes.h"
#include "catalog/changes_text.h"
#include "command/database/database.h"
#include "command/generate/catalog_filter.h"
#include "command/generate/change_pair.h"
#include "report/display.h"

/* A file that runs again writes its comments again, also where a later one had taken them away. */
enum { PROVED_PARTS = PART_NONE, MOST_TOLD = 5 };

/* One computation, with what it has open. */
struct computing {
	struct file_convergence *convergence;
	struct context *context;
	const struct plan *plan;
	struct side_room room;
	struct side live;
	struct side built;
	struct side wanted;
	struct built_files files;
	struct catalog_filter filter;
	struct catalog made;
	struct catalog added;
	struct renaming renaming;
	struct change_pair pair;
};

static void computing_clear(struct computing *computing)
{
	renaming_clear(&computing->renaming);
	side_close(&computing->live);
	side_room_close(&computing->room);
	catalog_filter_close(&computing->filter);
}
#define scoped_computing SCOPED(computing_clear)

/* --- which steps -------------------------------------------------------------- */

/* Steps that converge right behind each other. */
static void take_group(struct file_convergence *convergence, const struct plan *plan, const struct step *step)
{
	size_t i = 0;

	convergence->versions = NULL;
	convergence->version_count = 0;
	while (i < plan->count && step_version(&plan->steps[i]) != step_version(step))
		i++;
	for (; i < plan->count && plan->steps[i].action == STEP_CONVERGE; i++)
		*ARENA_PUSH(convergence->context->arena, convergence->versions, convergence->version_count) =
		    step_version(&plan->steps[i]);
}

static bool is_in_group(const struct file_convergence *convergence, int64_t version)
{
	for (size_t i = 0; i < convergence->version_count; i++)
		if (convergence->versions[i] == version)
			return true;
	return false;
}

/* --- what the files make --------------------------------------------------------- */

/* What is applied, and what is by the time the last of the plan's steps converges. */
static bool choose_files(struct computing *computing, struct error *err)
{
	struct arena *arena = computing->context->arena;
	struct history chosen;
	size_t last = 0;

	if (!database_load_history(computing->context, &chosen, err))
		return false;
	for (size_t i = 0; i < computing->plan->count; i++)
		if (computing->plan->steps[i].action == STEP_CONVERGE)
			last = i;
	struct record *records = arena_array(arena, struct record, chosen.count + last + 1);
	memcpy(records, chosen.records, sizeof(*records) * chosen.count);
	for (size_t i = 0; i <= last; i++)
		records[chosen.count + i].version = step_version(&computing->plan->steps[i]);
	chosen.records = records;
	chosen.count += last + 1;
	built_files_choose(&computing->context->tree, &chosen, arena, &computing->files);
	return true;
}

/* Before and behind each file that converges, and at the end. */
static void mark_looks(struct computing *computing)
{
	struct built_files *files = &computing->files;

	for (size_t i = 0; i < files->count; i++)
		if (is_in_group(computing->convergence, files->items[i].migration->number)) {
			files->items[i].is_looked_at = true;
			files->items[i ? i - 1 : 0].is_looked_at = true;
		}
	files->items[files->count - 1].is_looked_at = true;
}

static const struct object *find_same(const struct catalog *catalog, const struct object *object)
{
	return catalog_find(catalog, object_kind_number(object->kind), object->identity);
}

static bool is_same(const struct object *a, const struct catalog *of_a, const struct object *b,
                    const struct catalog *of_b)
{
	uint8_t digest_a[DIGEST_SIZE];
	uint8_t digest_b[DIGEST_SIZE];

	object_digest(a, of_a, PARTS_USUAL, digest_a);
	object_digest(b, of_b, PARTS_USUAL, digest_b);
	return memcmp(digest_a, digest_b, DIGEST_SIZE) == 0;
}

/* Adds what is there in the end and behind a file, and was not, or was otherwise, before it. */
static void note_made(struct computing *computing, const struct catalog *before, const struct catalog *after)
{
	struct arena *arena = computing->context->arena;

	for (size_t i = 0; i < after->count; i++) {
		struct object *object = after->objects[i];
		const struct object *then = find_same(before, object);

		if (!find_same(&computing->built.catalog, object) || (then && is_same(then, before, object, after)))
			continue;
		*ARENA_PUSH(arena, computing->made.objects, computing->made.count) = object;
		if (!then)
			*ARENA_PUSH(arena, computing->added.objects, computing->added.count) = object;
	}
}

static void sort(struct catalog *catalog)
{
	if (catalog->count)
		qsort(catalog->objects, catalog->count, sizeof(*catalog->objects), object_compare);
}

static void note_all_made(struct computing *computing)
{
	struct built_files *files = &computing->files;

	for (size_t i = 0; i < files->count; i++)
		if (is_in_group(computing->convergence, files->items[i].migration->number))
			note_made(computing, i ? &files->items[i - 1].after : &files->nothing, &files->items[i].after);
	sort(&computing->made);
	sort(&computing->added);
}

static void filter(const struct computing *computing, struct catalog *catalog)
{
	struct name_list ignored = {0};

	catalog_filter_apply(&computing->filter, computing->context->arena, catalog, &ignored);
}

/* The database, and what the files make beside it. */
static bool build(struct computing *computing, struct error *err)
{
	const struct catalog_filter_options all = {.schemas = NULL};
	struct built_files *files = &computing->files;
	struct side_name live;

	if (!catalog_filter_open(&all, computing->context->arena, &computing->filter, err) ||
	    !side_name_parse("live", computing->context->settings, computing->context->arena, &live, err) ||
	    !side_open(&computing->room, &live, NULL, &computing->live, err))
		return false;
	mark_looks(computing);
	if (!built_files_run(&computing->room, &computing->live, files, err))
		return false;
	computing->built.catalog = files->items[files->count - 1].after;
	filter(computing, &computing->live.catalog);
	filter(computing, &computing->built.catalog);
	note_all_made(computing);
	return true;
}

/* --- what leads there --------------------------------------------------------------- */

/* Those that the files say, in comments at what they are about. */
static bool read_renames(struct computing *computing, struct rename_hints *out, struct error *err)
{
	const struct script_options options = database_script_options(computing->context);

	for (size_t i = 0; i < computing->files.count; i++) {
		const struct migration *migration = computing->files.items[i].migration;
		scoped_script struct script script = {0};

		if (!is_in_group(computing->convergence, migration->number))
			continue;
		if (!script_load(migration->path, &options, computing->context->arena, &script, err) ||
		    !rename_hints_read(&script, computing->context->arena, out, err))
			return false;
	}
	return true;
}

static bool rename_objects(struct computing *computing, struct error *err)
{
	struct rename_hints hints = {0};
	const struct renaming_options options = {.room = &computing->room,
	                                         .from = &computing->live,
	                                         .to = &computing->built,
	                                         .hints = &hints,
	                                         .filter = &computing->filter,
	                                         .parts = PARTS_USUAL};

	return read_renames(computing, &hints, err) && renaming_make(&options, &computing->renaming, err);
}

static void merge(struct computing *computing)
{
	struct file_convergence *convergence = computing->convergence;
	struct arena *arena = computing->context->arena;
	const struct catalog made = computing->made;
	const struct catalog added = computing->added;
	struct catalog *kept = arena_array(arena, struct catalog, 3);

	kept[0] = made;
	kept[1] = added;
	kept[2] = computing->built.catalog;
	convergence->merging = (struct merging){
	    .live = &computing->renaming.catalog,
	    .built = &kept[2],
	    .made = &kept[0],
	    .added = &kept[1],
	    .left_alone = setting_list(computing->context->settings, SETTING_DRIFT_IGNORE, arena),
	    .arena = arena,
	};
	computing->wanted =
	    (struct side){.title = "what the files describe", .has = computing->live.has, .is_open = true};
	merged_catalog_make(&convergence->merging, &computing->wanted.catalog);
	convergence->merging.live = NULL; /* it ends with this computation */
	merged_catalog_decided(&convergence->merging, &computing->wanted.catalog, &convergence->wanted);
	convergence->self = computing->live.catalog.self;
}

static bool make_pair(struct computing *computing, struct error *err)
{
	const struct change_pair_options options = {.room = &computing->room,
	                                            .from = &computing->live,
	                                            .to = &computing->wanted,
	                                            .filter = &computing->filter,
	                                            .renaming = &computing->renaming,
	                                            .parts = PARTS_USUAL,
	                                            .is_proved = true,
	                                            .keeps_no_draft = true};

	return change_pair_make(&options, &computing->pair, err);
}

/* --- refusals ------------------------------------------------------------------------ */

static const char *group_name(const struct computing *computing)
{
	const struct step *first = plan_find(computing->plan, computing->convergence->versions[0]);

	return step_name(first);
}

static bool refuse(const struct computing *computing, struct error *err)
{
	const char *hint = arena_strdup(computing->context->arena, err->hint);

	if (err->kind == ERROR_CANCELLED || err->kind == ERROR_SERVER)
		return false;
	error_hint(err,
	           "%s%sWrite this change as a migration of its own, or \"-- rung: on-change: reapply\" at the "
	           "top of the file.",
	           hint, *hint ? " " : "");
	return error_context(err, "while computing how \"%s\" converges", group_name(computing));
}

static bool check_losses(const struct computing *computing, struct error *err)
{
	const struct change_script *script = &computing->pair.up;
	struct buffer text = {.arena = computing->context->arena};
	size_t count = 0;

	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].hazards & HAZARD_DATA_LOSS) {
			buffer_printf(&text, "%s%s", count ? "\n" : "", script->statements[i].sql);
			count++;
		}
	if (!count || computing->convergence->allows_data_loss)
		return true;
	error_set(err, ERROR_FOUND, "to converge \"%s\" would lose data: %zu statement%s", group_name(computing),
	          count, plural(count));
	error_detail(err, "%s", buffer_cstr(&text));
	error_hint(err, "If something was only renamed, say so where it is defined: \"-- rung: renamed-from "
	                "OLD_NAME\". To lose the data: \"rung upgrade --allow data-loss\".");
	return error_state(err, "The database is as it was before; nothing was changed.");
}

static bool check_parts(const struct computing *computing, struct error *err)
{
	const struct change_script *script = &computing->pair.up;
	size_t alone = 0;

	for (size_t i = 0; i < script->count; i++)
		alone += (script->statements[i].hazards & HAZARD_NO_TRANSACTION) != 0;
	if (script->part_count <= 1 && !alone)
		return true;
	error_set(err, ERROR_FOUND, "to converge \"%s\" needs %zu transactions, and a migration is one",
	          group_name(computing), script->part_count);
	error_detail(err, "%s", change_script_whole(script, computing->context->arena));
	return error_hint(err, "Write the first of them as a migration with a lower number.");
}

/* --- computing ------------------------------------------------------------------------ */

static bool make_statements(struct computing *computing, struct error *err)
{
	struct file_convergence *convergence = computing->convergence;
	struct arena *arena = computing->context->arena;
	struct catalog_changes changes;

	convergence->convergence = (struct convergence){"", ""};
	catalog_compare(&computing->renaming.catalog, &computing->wanted.catalog, PARTS_USUAL, arena, &changes);
	if (!changes.count && !computing->renaming.count)
		return true;
	if (!make_pair(computing, err))
		return refuse(computing, err);
	if (!check_losses(computing, err) || !check_parts(computing, err))
		return false;
	convergence->convergence.sql = change_script_text(&computing->pair.up, 0, arena);
	convergence->convergence.back = change_script_whole(&computing->pair.down, arena);
	return true;
}

static bool compute(struct file_convergence *convergence, const struct plan *plan, struct error *err)
{
	struct context *context = convergence->context;
	scoped_computing struct computing computing = {
	    .convergence = convergence,
	    .context = context,
	    .plan = plan,
	    .room = {.context = context, .server_url = convergence->server_url}};

	if (!choose_files(&computing, err))
		return false;
	if (!build(&computing, err) || !rename_objects(&computing, err))
		return refuse(&computing, err);
	merge(&computing);
	return make_statements(&computing, err);
}

static bool plan_step(const struct plan *plan, const struct step *step, void *context,
                      struct convergence *out, struct error *err)
{
	struct file_convergence *convergence = context;

	if (!is_in_group(convergence, step_version(step))) {
		take_group(convergence, plan, step);
		if (!compute(convergence, plan, err)) {
			convergence->version_count = 0;
			return false;
		}
	}
	return file_convergence_known(convergence, step, out);
}

bool file_convergence_known(const struct file_convergence *convergence, const struct step *step,
                            struct convergence *out)
{
	if (!is_in_group(convergence, step_version(step)))
		return false;
	*out = convergence->versions[0] == step_version(step) ? convergence->convergence
	                                                      : (struct convergence){"", ""};
	return true;
}

/* --- proof ------------------------------------------------------------------------------ */

static bool prove_step(const struct step *step, struct session *db, void *context, struct error *err)
{
	struct file_convergence *convergence = context;
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};
	struct merging merging = convergence->merging;
	struct qualified_name history;
	const struct catalog_options options = {.history = &history};
	struct catalog_changes changes;
	struct catalog catalog;
	struct catalog now;

	merging.arena = &arena;
	if (!database_history_table(convergence->context, &history, err) ||
	    !catalog_load(db, &options, &arena, &catalog, err))
		return false;
	catalog.self = convergence->self;
	merged_catalog_decided(&merging, &catalog, &now);
	catalog_compare(&convergence->wanted, &now, PROVED_PARTS, &arena, &changes);
	if (!changes.count)
		return true;
	changes_text(&changes, MOST_TOLD, &text);
	error_set(err, ERROR_FOUND, "after \"%s\" the database is not what the file describes", step_name(step));
	error_detail(err, "What differs:\n%s", buffer_cstr(&text));
	return error_hint(err,
	                  "If somebody else changed the database meanwhile, run the same command again. If the "
	                  "file does more than describe, \"-- rung: on-change: reapply\" only runs it again.");
}

void file_convergence_init(struct context *context, bool allows_data_loss, struct file_convergence *out)
{
	*out = (struct file_convergence){
	    .context = context, .server_url = built_files_server(context), .allows_data_loss = allows_data_loss};
	out->converging = (struct converging){.plan = plan_step, .prove = prove_step, .context = out};
}
