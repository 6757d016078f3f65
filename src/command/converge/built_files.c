/*
 * Files run by the ordinary upgrade, as many at once as nobody asks to look between: the time goes into
 * looking. A history of what has run so far is in the database, so the next upgrade takes the files that
 * follow.
 *
 * As in side.c, files may take extensions for granted that were set up beside them. The first refusal for
 * want of something makes it all begin again with those of the other database.
 */
#include "command/converge/built_files.h"

#include <stdlib.h>

#include "command/generate/side_migrations.h"
#include "config/url.h"
#include "migration/graph.h"

static bool is_chosen(const struct history *chosen, int64_t number)
{
	for (size_t i = 0; i < chosen->count; i++)
		if (chosen->records[i].version == number)
			return true;
	return false;
}

void built_files_choose(const struct tree *tree, const struct history *chosen, struct arena *arena,
                        struct built_files *out)
{
	struct built_files files = {0};
	struct graph graph;

	graph_build(tree->migrations, tree->count, arena, &graph);
	for (size_t at = 0; at < graph.count; at++) {
		const struct migration *migration = &tree->migrations[graph.order[at]];

		if (is_chosen(chosen, migration->number))
			ARENA_PUSH(arena, files.items, files.count)->migration = migration;
	}
	*out = files;
}

const char *built_files_server(const struct context *context)
{
	const char *server = option_is_offered(context, "--server") ? option_value(context, "--server") : NULL;

	return server ? url_for_libpq(context->arena, server) : NULL;
}

/* --- running -------------------------------------------------------------- */

struct building {
	struct side_room *room;
	const struct side *like;
	struct built_files *files;
	struct scratch_database scratch;
	const char *conninfo;
	struct prerequisites prerequisites;
};

static void building_clear(struct building *building)
{
	scratch_database_close(&building->scratch);
}
#define scoped_building SCOPED(building_clear)

static bool with_session(const struct building *building,
                         bool (*work)(const struct prerequisites *, struct session *, struct error *),
                         struct error *err)
{
	scoped_session struct session *db = NULL;
	const struct session_options options =
	    scratch_server_session_options(&building->room->server, building->conninfo);

	return session_open(&options, &db, err) && work(&building->prerequisites, db, err);
}

static int compare_numbers(const void *a, const void *b)
{
	const struct migration *left = a;
	const struct migration *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

/* The first `count` files as a project of their own. */
static struct tree first_files(const struct building *building, size_t count)
{
	struct arena *arena = building->room->context->arena;
	struct tree tree = building->room->context->tree;

	tree.migrations = arena_array(arena, struct migration, count);
	tree.count = count;
	tree.findings = NULL;
	tree.finding_count = 0;
	for (size_t i = 0; i < count; i++)
		tree.migrations[i] = *building->files->items[i].migration;
	qsort(tree.migrations, count, sizeof(*tree.migrations), compare_numbers);
	return tree;
}

static bool run_first(const struct building *building, size_t count, struct error *err)
{
	const struct tree tree = first_files(building, count);
	const struct side_name name = {.kind = SIDE_MIGRATIONS, .shown = "the files", .files = &tree};
	const struct side_migrations_options options = {.context = building->room->context,
	                                                .name = &name,
	                                                .conninfo = building->conninfo,
	                                                .beside = building->room->server.beside,
	                                                .prerequisites = &building->prerequisites};

	return side_migrations_run(&options, err) && with_session(building, prerequisites_move, err);
}

static bool run_all(struct building *building, struct error *err)
{
	struct built_files *files = building->files;

	if (!side_look(building->room, building->conninfo, &files->nothing, err))
		return false;
	for (size_t i = 0; i < files->count; i++) {
		struct built_file *file = &files->items[i];

		if ((file->is_looked_at || i + 1 == files->count) && !run_first(building, i + 1, err))
			return false;
		if (file->is_looked_at && !side_look(building->room, building->conninfo, &file->after, err))
			return false;
	}
	return true;
}

static bool begin(struct building *building, struct error *err)
{
	return side_room_make(building->room, building->like, &building->scratch, &building->conninfo, err);
}

static bool begin_again(struct building *building, struct error *err)
{
	const struct error first = *err;

	if (first.kind != ERROR_SQL || !building->prerequisites.extension_count || !refusal_is_of_absence(&first))
		return false;
	scratch_database_close(&building->scratch);
	if (begin(building, err) && with_session(building, prerequisites_create, err) && run_all(building, err))
		return true;
	*err = first;
	return false;
}

bool built_files_run(struct side_room *room, const struct side *like, struct built_files *files,
                     struct error *err)
{
	scoped_building struct building building = {
	    .room = room, .like = like, .files = files, .prerequisites = like->has};

	if (!begin(&building, err))
		return false;
	building.prerequisites.is_own_server = room->server.server != NULL;
	if (run_all(&building, err) || begin_again(&building, err))
		return true;
	(void)!prerequisites_explain(&building.prerequisites, session_server_version(room->server.beside), err);
	return false;
}
