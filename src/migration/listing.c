/*
 * Names alone are sorted here, before any file is opened: what has no name of ours must not be read, and
 * two files with one number must be known before one of them is taken for the migration.
 *
 * Three sorts of files come out. What is named like a migration is one; what is almost so is told of, with
 * what to change; and SQL without a number is kept in a list of its own, because only the other files can
 * tell whether it is included by one of them (inspection.c). All else is passed over in silence: people
 * keep README files there.
 *
 * Of files with one number the first by name stays, so that the result does not depend on the order of the
 * directory. It is a finding all the same, and one that stops everything.
 *
 * A link that leads out of the project is left out here, so that its text is in no checksum and no history;
 * whether an entry may be a link costs no system call, as the directory says so (may_hold_links).
 */
#include "migration/listing.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "migration/finding.h"
#include "migration/name.h"
#include "migration/rewrite.h"

struct sorting {
	struct listing *listing;
	struct tree *tree;
	struct arena *arena;
	struct arena *scratch;
	const struct boundary *boundary; /* NULL for none */
};

struct twofold_path path_in(struct twofold_path directory, const char *file_name, struct arena *arena)
{
	const char *real = path_join(arena, directory.real, file_name);

	if (strcmp(directory.real, directory.shown) == 0)
		return (struct twofold_path){real, real};
	return (struct twofold_path){real, path_join(arena, directory.shown, file_name)};
}

/* Relative to the project where the directory lies inside. */
static struct twofold_path directory_path(const char *directory, const char *root, struct arena *scratch)
{
	if (!root)
		return (struct twofold_path){directory, directory};

	const char *whole = path_normalize(scratch, directory);
	const char *whole_root = path_normalize(scratch, root);
	const size_t len = strcmp(whole_root, "/") == 0 ? 0 : strlen(whole_root);

	if (!path_is_inside(whole, whole_root))
		return (struct twofold_path){directory, directory};
	return (struct twofold_path){directory, whole[len] ? whole + len + 1 : "."};
}

/* It would be applied but for its number, so it does not go by with a warning. */
static void note_too_long(const struct sorting *sorting, const struct entry *entry)
{
	struct error err;

	error_set(&err, ERROR_FILES, "\"%s\" has a number of %d digits", entry->path.shown, entry->name.width);
	error_hint(&err, "%s Shorten it, and that of its pair.", entry->name.advice);
	finding_add(sorting->tree, FINDING_LONG_NUMBER, entry->path.shown, &err, sorting->arena);
}

static void note_almost(const struct sorting *sorting, const struct entry *entry, const char *advice)
{
	struct error err;

	error_set(&err, ERROR_FILES, "\"%s\" is not named like a migration and is ignored", entry->path.shown);
	error_hint(&err, "%s", advice);
	finding_add(sorting->tree, FINDING_ALMOST_NAMED, entry->path.shown, &err, sorting->arena);
}

static void note_misplaced(const struct sorting *sorting, const struct entry *entry)
{
	const char *advice =
	    entry->name.is_rollback
	        ? arena_printf(sorting->scratch, "Rollbacks are in \"%s\".", sorting->listing->rollback.shown)
	        : arena_printf(sorting->scratch, "A rollback is named rollback_%s.", entry->file_name);

	note_almost(sorting, entry, advice);
}

static void sort_in(const struct sorting *sorting, const struct entry *entry, bool is_rollback_dir)
{
	struct listing *listing = sorting->listing;
	struct entries *entries = entry->name.is_rollback ? &listing->downs : &listing->ups;

	switch (entry->name.role) {
	case NAME_IGNORED:
		break;
	case NAME_UNNUMBERED:
		if (!is_rollback_dir)
			*ARENA_PUSH(sorting->arena, sorting->tree->unnumbered, sorting->tree->unnumbered_count) =
			    (struct unnumbered){entry->path.real, entry->path.shown};
		break;
	case NAME_ALMOST:
		if (entry->name.is_too_long)
			note_too_long(sorting, entry);
		else
			note_almost(sorting, entry, entry->name.advice);
		break;
	case NAME_MASTER:
		if (!entry->name.is_rollback && !is_rollback_dir && !listing->master.real)
			listing->master = entry->path;
		break;
	case NAME_MIGRATION:
	case NAME_ROLLBACK:
		if (listing->is_one_directory || entry->name.is_rollback == is_rollback_dir)
			*ARENA_PUSH(sorting->scratch, entries->items, entries->count) = *entry;
		else
			note_misplaced(sorting, entry);
		break;
	}
}

/* It is left out: nothing of it is read, neither for its checksum nor to be kept as a rollback. */
static bool note_outside(const struct sorting *sorting, const struct entry *entry)
{
	struct error err;

	if (!sorting->boundary || boundary_check_link(sorting->boundary, entry->path.real, &err))
		return false;
	finding_add(sorting->tree, FINDING_OUTSIDE, entry->path.shown, &err, sorting->arena);
	return true;
}

/* Put back, or removed where its name is taken again: which, nobody but a person can tell. */
static void note_moved(const struct sorting *sorting, struct twofold_path directory, const char *file_name,
                       const char *name)
{
	struct arena *scratch = sorting->scratch;
	const char *shown = path_in(directory, file_name, sorting->arena).shown;
	const char *shown_before = path_in(directory, name, scratch).shown;
	struct error err;

	error_set(&err, ERROR_FILES, "\"%s\" was left by a renaming that was interrupted", shown);
	if (file_exists(path_in(directory, name, scratch).real))
		error_hint(&err, "Compare it with \"%s\", which was made in its place, and remove it.", shown_before);
	else
		error_hint(&err,
		           "Rename it back to \"%s\", or remove it if the file has its new name already. Then "
		           "rename again.",
		           shown_before);
	finding_add(sorting->tree, FINDING_ASIDE, shown, &err, sorting->arena);
}

/* Others of its kind may be missing. */
static void note_made(const struct sorting *sorting, struct twofold_path directory, const char *file_name,
                      const char *name)
{
	const char *shown = path_in(directory, file_name, sorting->arena).shown;
	struct error err;

	error_set(&err, ERROR_FILES, "\"%s\" was left when new files were made, which was interrupted", shown);
	error_hint(&err, "Remove it, and \"%s\" if that is there. Then make them again.",
	           path_in(directory, name, sorting->scratch).shown);
	finding_add(sorting->tree, FINDING_ASIDE, shown, &err, sorting->arena);
}

static void note_aside(const struct sorting *sorting, struct twofold_path directory, const char *file_name)
{
	bool is_new = false;
	const char *name = rewrite_aside_name(file_name, &is_new, sorting->scratch);

	if (name && is_new)
		note_made(sorting, directory, file_name, name);
	else if (name)
		note_moved(sorting, directory, file_name, name);
}

static bool list_directory(const struct sorting *sorting, struct twofold_path directory, bool is_rollback_dir,
                           struct error *err)
{
	struct directory files;

	if (sorting->boundary && !boundary_check(sorting->boundary, directory.real, err))
		return false;
	if (!directory_read(directory.real, sorting->scratch, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		struct entry entry = {.name = name_parse(files.names[i]), .file_name = files.names[i]};

		if (entry.name.role == NAME_IGNORED) {
			note_aside(sorting, directory, files.names[i]);
			continue;
		}
		entry.path = path_in(directory, files.names[i], sorting->arena);
		if (entry.name.role == NAME_UNNUMBERED || !files.may_hold_links || !note_outside(sorting, &entry))
			sort_in(sorting, &entry, is_rollback_dir);
	}
	return true;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *one = a;
	const struct entry *other = b;

	if (one->name.number != other->name.number)
		return one->name.number < other->name.number ? -1 : 1;
	return strcmp(one->file_name, other->file_name);
}

static bool is_squash(const struct entry *entry)
{
	scoped_arena struct arena arena = {0};
	int64_t from;

	return name_is_squash(str_copy(&arena, entry->name.stem), &from);
}

static void note_duplicate(const struct sorting *sorting, const struct entry *first,
                           const struct entry *duplicate)
{
	struct error err;

	error_set(&err, ERROR_FILES, "\"%s\" and \"%s\" have the same number, %" PRId64, first->path.shown,
	          duplicate->path.shown, duplicate->name.number);
	error_hint(&err, "Give the newer one a free number; \"rung renumber\" moves both files of a pair.");
	if (is_squash(first) || is_squash(duplicate)) {
		error_set(&err, ERROR_FILES, "\"%s\" and \"%s\" were left by a squash that was interrupted",
		          first->path.shown, duplicate->path.shown);
		error_hint(&err, "\"rung squash\" finishes it.");
	}
	finding_add(sorting->tree, FINDING_DUPLICATE_NUMBER, duplicate->path.shown, &err, sorting->arena);
}

/* Keeps the first of every number and notes the others. */
static void drop_copies(const struct sorting *sorting, struct entries *entries)
{
	size_t kept = 0;

	if (entries->count)
		qsort(entries->items, entries->count, sizeof(*entries->items), compare_entries);
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->items[i];

		if (kept && entries->items[kept - 1].name.number == entry->name.number)
			note_duplicate(sorting, &entries->items[kept - 1], entry);
		else
			entries->items[kept++] = *entry;
	}
	entries->count = kept;
}

struct entry *entry_find(const struct entries *entries, int64_t number)
{
	size_t from = 0;
	size_t to = entries->count;

	while (from < to) {
		const size_t middle = from + (to - from) / 2;

		if (entries->items[middle].name.number == number)
			return &entries->items[middle];
		if (entries->items[middle].name.number < number)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

static bool hint_no_schema(const char *directory, struct error *err)
{
	return error_hint(
	    err, "%s--schema-dir or schema_dir in rung.ini says where migrations are.",
	    file_exists(directory) ? "" : "The first migration makes it: rung create \"first tables\"; ");
}

bool listing_read(const struct tree_options *options, struct tree *tree, struct arena *arena,
                  struct arena *scratch, struct listing *out, struct error *err)
{
	struct listing listing = {
	    .schema = directory_path(options->schema_dir, options->display_root, scratch),
	    .rollback = directory_path(options->rollback_dir, options->display_root, scratch),
	    .is_one_directory = strcmp(path_normalize(scratch, options->schema_dir),
	                               path_normalize(scratch, options->rollback_dir)) == 0,
	};
	const struct sorting sorting = {&listing, tree, arena, scratch, options->boundary};
	const bool has_rollbacks = !listing.is_one_directory && directory_exists(options->rollback_dir);

	if (!list_directory(&sorting, listing.schema, false, err))
		return *err->hint ? false : hint_no_schema(options->schema_dir, err);
	if (has_rollbacks && !list_directory(&sorting, listing.rollback, true, err))
		return false;
	drop_copies(&sorting, &listing.ups);
	drop_copies(&sorting, &listing.downs);
	*out = listing;
	return true;
}
