/*
 * What is on the main branch may have been applied somewhere, so it must not change; and only git can
 * compare with it, since the working tree has one state. Nothing is checked out: names and ids of texts
 * come from one ls-tree, all texts from one "cat-file --batch", and the checksum is computed as for any
 * file.
 *
 * A file that is gone is looked for by its text, because a file under another number is another fault
 * than one that was deleted, and has other advice. A changed file is none where it may be applied again
 * (on-change).
 *
 * Numbers below the newest of the ref are refused for new files, as an upgrade would refuse them later in
 * each database that has come so far. Files on a branch have an order of their own.
 */
#include "command/project/git_reference.h"

#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/project/git.h"
#include "migration/checksum.h"
#include "migration/name.h"

/* A migration as the ref has it. */
struct former {
	struct name name; /* looks into `file_name` */
	const char *file_name;
	const char *object; /* git's name for its text */
	const char *checksum;
};

struct former_list {
	struct former *items;
	size_t count;
};

static const char *const names[] = {
    [BREACH_CHANGED] = "changed",       [BREACH_DELETED] = "deleted",     [BREACH_RENAMED] = "renamed",
    [BREACH_RENUMBERED] = "renumbered", [BREACH_TOO_EARLY] = "too-early",
};

const char *breach_name(enum breach_kind kind)
{
	return names[kind];
}

/* --- asking git ------------------------------------------------------- */

/* One entry of ls-tree: "100644 blob 3f2a...\t06_cache.sql". */
static void read_entry(struct str entry, struct arena *arena, struct former_list *list)
{
	const size_t tab = str_index(entry, '\t');
	struct str facts = str_slice(entry, 0, tab);
	struct str mode;
	struct str type;
	struct str object;
	const char *file_name = str_copy(arena, str_slice(entry, tab + 1, entry.len));

	if (!str_split_next(&facts, ' ', &mode) || !str_split_next(&facts, ' ', &type) ||
	    !str_split_next(&facts, ' ', &object) || !str_is(type, "blob"))
		return;
	const struct name name = name_parse(file_name);
	if (name.role == NAME_MIGRATION)
		*ARENA_PUSH(arena, list->items, list->count) =
		    (struct former){.name = name, .file_name = file_name, .object = str_copy(arena, object)};
}

static bool list_files(const struct reference_options *options, struct arena *arena, struct former_list *out,
                       struct error *err)
{
	const char *const argv[] = {"git", "ls-tree", "-z", "--end-of-options", options->name, "./", NULL};
	struct str listing;
	struct str entry;

	if (!git_run(options->schema_dir, argv, (struct str){0}, arena, &listing, err))
		return error_context(err, "while looking at \"%s\"", options->name);
	while (str_split_next(&listing, '\0', &entry))
		read_entry(entry, arena, out);
	return true;
}

/* All texts from one child. */
static bool read_checksums(const struct reference_options *options, struct former_list *list,
                           struct arena *arena, struct error *err)
{
	const char *const argv[] = {"git", "cat-file", "--batch", NULL};
	struct buffer wanted = {.arena = arena};
	scoped_arena struct arena scratch = {0};
	struct str answers;
	struct str text;

	if (list->count == 0)
		return true;
	for (size_t i = 0; i < list->count; i++)
		buffer_printf(&wanted, "%s\n", list->items[i].object);
	if (!git_run(options->schema_dir, argv, buffer_str(&wanted), &scratch, &answers, err))
		return false;
	for (size_t i = 0; i < list->count && git_next_text(&answers, &text); i++)
		list->items[i].checksum = checksum_of_text(arena, text);
	return true;
}

/* --- comparing -------------------------------------------------------- */

static void add(struct breach_list *list, struct arena *arena, enum breach_kind kind, const char *path,
                const char *text)
{
	*ARENA_PUSH(arena, list->items, list->count) = (struct breach){kind, path, text};
}

static bool may_change(const struct migration *migration, const struct plan_options *options)
{
	return directives_on_change(&migration->directives, options->on_change) != ON_CHANGE_ERROR;
}

static const struct migration *find_text(const struct tree *tree, const char *checksum)
{
	for (size_t i = 0; checksum && i < tree->count; i++)
		if (strcmp(tree->migrations[i].checksum, checksum) == 0)
			return &tree->migrations[i];
	return NULL;
}

static void compare_gone(const struct reference_options *options, const struct tree *tree,
                         const struct former *former, struct arena *arena, struct breach_list *out)
{
	const struct migration *elsewhere = find_text(tree, former->checksum);

	if (elsewhere)
		add(out, arena, BREACH_RENUMBERED, elsewhere->shown_path,
		    arena_printf(arena, "is \"%s\" in %s: it may be applied already under that number",
		                 former->file_name, options->name));
	else
		add(out, arena, BREACH_DELETED, path_join(arena, options->schema_dir, former->file_name),
		    arena_printf(arena, "exists in %s, but not here: it may be applied already", options->name));
}

/* The very text, in the place of which a squash stands now. */
static bool is_squashed(const struct tree *tree, const struct former *former)
{
	for (size_t i = 0; former->checksum && i < tree->count; i++) {
		const struct directives *said = &tree->migrations[i].directives;

		for (size_t j = 0; j < said->replace_count; j++)
			if (said->replaces[j].number == former->name.number &&
			    strcmp(said->replaces[j].checksum, former->checksum) == 0)
				return true;
	}
	return false;
}

static void compare_one(const struct reference_options *options, const struct tree *tree,
                        const struct former *former, struct arena *arena, struct breach_list *out)
{
	const struct migration *now = tree_find_number(tree, former->name.number);

	if (is_squashed(tree, former) && (!now || now->directives.replace_count))
		return;
	if (!now)
		compare_gone(options, tree, former, arena, out);
	else if (!str_is(former->name.stem, now->name))
		add(out, arena, BREACH_RENAMED, now->shown_path,
		    arena_printf(arena, "number %lld is \"%s\" in %s", (long long)now->number, former->file_name,
		                 options->name));
	else if (former->checksum && strcmp(former->checksum, now->checksum) != 0 &&
	         !may_change(now, &options->plan))
		add(out, arena, BREACH_CHANGED, now->shown_path,
		    arena_printf(arena, "differs from %s. Restore it, and put the change into a new migration.",
		                 options->name));
}

static const struct former *find_former(const struct former_list *list, int64_t number)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].name.number == number)
			return &list->items[i];
	return NULL;
}

static int64_t newest(const struct former_list *list)
{
	int64_t highest = 0;

	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].name.number > highest)
			highest = list->items[i].name.number;
	return highest;
}

static void compare_new(const struct reference_options *options, const struct tree *tree,
                        const struct former_list *list, struct arena *arena, struct breach_list *out)
{
	const int64_t highest = newest(list);

	for (size_t i = 0; i < tree->count && !options->plan.allow_out_of_order; i++) {
		const struct migration *migration = &tree->migrations[i];

		/* A branch has an order of its own. */
		if (migration->number > highest || migration->directives.branch ||
		    find_former(list, migration->number))
			continue;
		add(out, arena, BREACH_TOO_EARLY, migration->shown_path,
		    arena_printf(arena,
		                 "is new, but %s already has %lld. \"rung renumber\" gives it a higher number.",
		                 options->name, (long long)highest));
	}
}

bool reference_compare(const struct reference_options *options, const struct tree *tree, struct arena *arena,
                       struct breach_list *out, struct error *err)
{
	struct former_list list = {0};
	struct breach_list breaches = {0};

	if (!list_files(options, arena, &list, err) || !read_checksums(options, &list, arena, err))
		return false;
	for (size_t i = 0; i < list.count; i++)
		compare_one(options, tree, &list.items[i], arena, &breaches);
	compare_new(options, tree, &list, arena, &breaches);
	*out = breaches;
	return true;
}
