/*
 * Two people gave their migrations the same number; which of them keeps it? The one whose file others may
 * have applied. git cannot say what was applied, but it says what was published: what the reference
 * branch has came first, and what was there where our branch began.
 *
 * Among files that the reference has both, or that are only ours, the log of our own branch decides,
 * along the first parents: what a merge brought counts from the merge, for it arrived then, whatever the
 * date of its commit.
 *
 * No git, no repository or no commit is no error; the caller then has only the database to ask. A
 * reference that the user named must exist.
 *
 * Names go after --end-of-options, because a ref may begin with a minus, and come back separated by NUL
 * where git offers it.
 */
#include "command/project/git_order.h"

#include <string.h>

#include "command/project/git.h"

/* Where "the others" are, the likeliest place first. */
static const char *const references[] = {
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
    "@{upstream}",
    "HEAD",
};

static bool exists(const char *directory, const char *reference, struct arena *arena)
{
	const char *commit = arena_printf(arena, "%s^{commit}", reference);
	const char *const argv[] = {"git", "rev-parse", "-q", "--verify", "--end-of-options", commit, NULL};
	struct error ignored;
	struct str output;

	return git_run(directory, argv, (struct str){0}, arena, &output, &ignored);
}

static const char *find_reference(const char *directory, struct arena *arena)
{
	for (size_t i = 0; i < sizeof(references) / sizeof(*references); i++)
		if (exists(directory, references[i], arena))
			return references[i];
	return NULL;
}

static bool add_known(const char *directory, const char *commit, struct arena *arena, struct git_order *out,
                      struct error *err)
{
	const char *const argv[] = {"git",  "ls-tree", "-z", "--name-only", "--end-of-options",
	                            commit, "./",      NULL};
	struct str listing;
	struct str name;

	if (!git_run(directory, argv, (struct str){0}, arena, &listing, err))
		return error_context(err, "while looking at \"%s\"", commit);
	while (str_split_next(&listing, '\0', &name))
		*ARENA_PUSH(arena, out->known, out->known_count) = str_copy(arena, name);
	return true;
}

/* Histories without a common commit have no such place. */
static bool add_merge_base(const char *directory, struct arena *arena, struct git_order *out,
                           struct error *err)
{
	const char *const argv[] = {"git", "merge-base", "--end-of-options", "HEAD", out->reference, NULL};
	struct error ignored;
	struct str base;

	if (!git_run(directory, argv, (struct str){0}, arena, &base, &ignored))
		return true;
	return add_known(directory, str_copy(arena, str_trim(base)), arena, out, err);
}

/*
 * Along the first parents, so that what a merge brought counts from the
 * merge: what was there before it came first.
 */
static bool read_log(const char *directory, struct arena *arena, struct git_order *out, struct error *err)
{
	const char *const argv[] = {"git",
	                            "-c",
	                            "core.quotePath=false",
	                            "log",
	                            "--first-parent",
	                            "-m",
	                            "--no-renames",
	                            "--relative",
	                            "--diff-filter=A",
	                            "--name-only",
	                            "--format=%x01",
	                            "HEAD",
	                            "--",
	                            ".",
	                            NULL};
	struct str log;
	struct str line;
	size_t age = 0;

	if (!git_run(directory, argv, (struct str){0}, arena, &log, err))
		return error_context(err, "while reading the log of git");
	while (str_line_next(&log, &line)) {
		if (str_is(line, "\x01"))
			age++;
		else if (line.len > 0)
			*ARENA_PUSH(arena, out->added, out->added_count) = (struct added){str_copy(arena, line), age};
	}
	return true;
}

bool git_order_ask(const char *directory, const char *reference, struct arena *arena, struct git_order *out,
                   struct error *err)
{
	struct git_order git_order = {.reference = reference ? reference : find_reference(directory, arena)};

	*out = (struct git_order){0};
	if (!git_order.reference)
		return true;
	if (!add_known(directory, git_order.reference, arena, &git_order, err) ||
	    !add_merge_base(directory, arena, &git_order, err) || !read_log(directory, arena, &git_order, err))
		return false;
	*out = git_order;
	return true;
}

bool git_order_knows(const struct git_order *git_order, const char *file_name)
{
	for (size_t i = 0; i < git_order->known_count; i++)
		if (strcmp(git_order->known[i], file_name) == 0)
			return true;
	return false;
}

size_t git_order_age(const struct git_order *git_order, const char *file_name)
{
	for (size_t i = 0; i < git_order->added_count; i++)
		if (strcmp(git_order->added[i].file_name, file_name) == 0)
			return git_order->added[i].age;
	return 0;
}
