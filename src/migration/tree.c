/*
 * A tree is loaded in one pass and completely, whatever is wrong in it: status, check and create all have
 * to show the rest of a project with a bad file. Each thing that is wrong is a finding; what cannot be used
 * at all (no checksum) is left out, and everything else stays with its finding beside it.
 *
 * The order is that of what needs what: names are listed and paired first, then each file is read once for
 * its checksum and its head, then rollbacks without a pair and the graph of "requires" are checked, which
 * need all heads. A rollback's text is not read here at all, as only its existence counts until it is
 * looked into, run or recorded.
 *
 * A head that is half unreadable is not believed in what it does not say: a missing rollback is no finding
 * then, as "irreversible" may be the line that could not be read.
 */
#include "migration/tree.h"

#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "migration/content.h"
#include "migration/finding.h"
#include "migration/graph.h"
#include "migration/listing.h"

enum { DEFAULT_WIDTH = 2 };

struct loading {
	struct listing listing;
	struct arena *arena;   /* what stays */
	struct arena *scratch; /* what goes when loading is done */
	struct tree tree;
};

static void note(struct loading *loading, enum finding_kind kind, const char *path, const struct error *err)
{
	finding_add(&loading->tree, kind, path, err, loading->arena);
}

static struct entry *find_pair(struct loading *loading, const struct entry *up)
{
	struct entry *down = entry_find(&loading->listing.downs, up->name.number);

	return down && str_equal(down->name.label, up->name.label) ? down : NULL;
}

/* Where a rollback is, or would be. */
static struct twofold_path pair_path(struct loading *loading, const struct entry *up,
                                     const struct entry *down)
{
	if (down)
		return down->path;
	const char *file_name = arena_printf(loading->scratch, "rollback_%s", up->file_name);
	return path_in(loading->listing.rollback, file_name, loading->arena);
}

static char *description_of(struct arena *arena, struct str label)
{
	char *description = str_copy(arena, label);

	for (char *c = description; *c; c++)
		if (*c == '_')
			*c = ' ';
	return description;
}

static struct migration migration_of(struct loading *loading, const struct entry *up)
{
	struct entry *down = find_pair(loading, up);
	const struct twofold_path pair = pair_path(loading, up, down);

	if (down)
		down->is_paired = true;
	return (struct migration){
	    .number = up->name.number,
	    .width = up->name.width,
	    .name = str_copy(loading->arena, up->name.stem),
	    .description = description_of(loading->arena, up->name.label),
	    .path = up->path.real,
	    .rollback_path = pair.real,
	    .shown_path = up->path.shown,
	    .shown_rollback_path = pair.shown,
	    .has_rollback = down != NULL,
	};
}

static void note_missing_rollback(struct loading *loading, const struct migration *migration)
{
	struct error err;

	error_set(&err, ERROR_FILES, "migration \"%s\" has no rollback", migration->name);
	error_hint(&err, "Write \"%s\", or \"-- rung: irreversible: reason\" at the top of \"%s\".",
	           migration->shown_rollback_path, migration->shown_path);
	note(loading, FINDING_MISSING_ROLLBACK, migration->shown_path, &err);
}

static void note_needless_rollback(struct loading *loading, const struct migration *migration)
{
	struct error err;

	error_set(&err, ERROR_FILES, "migration \"%s\" says it is irreversible, but has a rollback",
	          migration->name);
	error_hint(&err, "Remove \"%s\" or the directive; the rollback is never run.",
	           migration->shown_rollback_path);
	note(loading, FINDING_NEEDLESS_ROLLBACK, migration->shown_rollback_path, &err);
}

static void check_pair(struct loading *loading, const struct migration *migration)
{
	const bool has_any = entry_find(&loading->listing.downs, migration->number) != NULL;

	if (!has_any && !migration->directives.irreversible)
		note_missing_rollback(loading, migration);
	if (migration->has_rollback && migration->directives.irreversible)
		note_needless_rollback(loading, migration);
}

static void add_migration(struct loading *loading, const struct content_reader *reader,
                          const struct entry *up)
{
	struct migration migration = migration_of(loading, up);
	struct content content = {0};
	enum finding_kind kind;
	struct error err;

	const bool is_read =
	    content_read(reader, up->file_name, up->path.shown, loading->arena, &content, &kind, &err);
	if (!is_read)
		note(loading, kind, up->path.shown, &err);
	if (!content.checksum)
		return;
	migration.checksum = content.checksum;
	migration.directives = content.directives;
	/* What a head says that cannot be read as a whole is not known, "irreversible" neither. */
	if (is_read)
		check_pair(loading, &migration);
	*ARENA_PUSH(loading->arena, loading->tree.migrations, loading->tree.count) = migration;
}

static bool read_migrations(struct loading *loading, struct error *err)
{
	scoped_arena struct arena text = {0};
	const char *directory = loading->listing.schema.real;
	scoped_fd int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return error_set(err, ERROR_FILES, "could not read directory \"%s\": %m", directory);
	arena_alloc(&text, 1); /* so that rewinding keeps the first block for the next file */
	const struct content_reader reader = {directory, fd, &text};
	for (size_t i = 0; i < loading->listing.ups.count; i++)
		add_migration(loading, &reader, &loading->listing.ups.items[i]);
	return true;
}

static void note_lone_rollback(struct loading *loading, const struct entry *down)
{
	const struct entry *up = entry_find(&loading->listing.ups, down->name.number);
	struct error err;

	if (up) {
		error_set(&err, ERROR_FILES,
		          "rollback \"%s\" and migration \"%s\" have the same number but different names",
		          down->path.shown, up->path.shown);
		error_hint(&err, "Rename it to rollback_%s.", up->file_name);
	} else {
		error_set(&err, ERROR_FILES, "rollback \"%s\" has no migration", down->path.shown);
		error_hint(&err, "Restore \"%.*s.sql\", or remove the rollback.", STR_ARGS(down->name.stem));
	}
	note(loading, up ? FINDING_NAME_MISMATCH : FINDING_ORPHAN_ROLLBACK, down->path.shown, &err);
}

static void check_rollbacks(struct loading *loading)
{
	const struct entries *downs = &loading->listing.downs;

	for (size_t i = 0; i < downs->count; i++)
		if (!downs->items[i].is_paired)
			note_lone_rollback(loading, &downs->items[i]);
}

static void check_graph(struct loading *loading)
{
	struct graph graph;
	struct error err;

	graph_build(loading->tree.migrations, loading->tree.count, loading->scratch, &graph);
	for (size_t i = 0; i < graph.count; i++)
		if (!graph_check(&graph, i, &err))
			note(loading, FINDING_BAD_REQUIRES, graph.migrations[i].shown_path, &err);
}

/* The newest file shows the manner: "99" is followed by "100", "0099" by "0100". Those that run last have
 * numbers beside. */
static int width_in_use(const struct tree *tree, const struct entries *ups)
{
	for (size_t i = ups->count; i-- > 0;)
		if (!tree_runs_last(tree, ups->items[i].name.number))
			return ups->items[i].name.width;
	return DEFAULT_WIDTH;
}

bool tree_load(const struct tree_options *options, struct arena *arena, struct tree *out, struct error *err)
{
	scoped_arena struct arena scratch = {0};
	struct loading loading = {.arena = arena, .scratch = &scratch};

	if (!listing_read(options, &loading.tree, arena, &scratch, &loading.listing, err) ||
	    !read_migrations(&loading, err))
		return false;
	check_rollbacks(&loading);
	check_graph(&loading);
	loading.tree.width = width_in_use(&loading.tree, &loading.listing.ups);
	loading.tree.master_path = loading.listing.master.real;
	loading.tree.shown_master_path = loading.listing.master.shown;
	*out = loading.tree;
	return true;
}

const struct migration *tree_find_number(const struct tree *tree, int64_t number)
{
	const size_t i = migration_index(tree->migrations, tree->count, number);

	return i < tree->count ? &tree->migrations[i] : NULL;
}

bool tree_runs_last(const struct tree *tree, int64_t number)
{
	const struct migration *migration = tree_find_number(tree, number);

	return migration && migration->directives.order_last;
}

size_t tree_heads(const struct tree *tree, struct arena *arena, const struct migration ***out)
{
	scoped_arena struct arena scratch = {0};
	struct graph graph;
	size_t *heads;

	graph_build(tree->migrations, tree->count, &scratch, &graph);
	bool *all = arena_array(&scratch, bool, tree->count);
	if (tree->count)
		memset(all, true, tree->count);
	const size_t count = graph_heads(&graph, all, &scratch, &heads);
	*out = arena_array(arena, const struct migration *, count);
	for (size_t i = 0; i < count; i++)
		(*out)[i] = &tree->migrations[heads[i]];
	return count;
}
