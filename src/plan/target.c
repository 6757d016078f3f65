/*
 * Words, relative steps, a branch's head and names of migrations share one argument, so the order of the
 * questions decides what a text means. Words come first: a migration called "head" is not reached by that
 * name but by its number. Then what begins with a sign, as no file's name does. Names come last, because
 * lookup.h takes much for a name.
 *
 * Whether a target makes sense in a direction is not asked here; upgrade and downgrade say so in their own
 * words, with the command that would fit.
 */
#include "plan/target.h"

#include <string.h>

#include "plan/lookup.h"

static const struct {
	const char *text;
	enum target_kind kind;
} words[] = {
    {"head", TARGET_HEAD},
    {"heads", TARGET_HEADS},
    {"base", TARGET_BASE},
};

static const char trunk_name[] = "trunk";

static bool read_relative(const char *text, struct target *out, struct error *err)
{
	unsigned long long steps;

	if (!str_to_number(str_of(text + 1), 1000000000, &steps) || steps == 0) {
		error_set(err, ERROR_USAGE, "\"%s\" is not a number of migrations", text);
		return error_hint(err, "Write \"%c1\" for one migration %s.", text[0],
		                  text[0] == '+' ? "up" : "down");
	}
	*out = (struct target){.kind = text[0] == '+' ? TARGET_UP_BY : TARGET_DOWN_BY, .steps = (size_t)steps};
	return true;
}

static const char *branch_of(const struct comparison *comparison, size_t i)
{
	const char *branch = comparison->graph.migrations[i].directives.branch;

	return branch ? branch : trunk_name;
}

static bool unknown_branch_error(const struct comparison *comparison, const char *branch, struct arena *arena,
                                 struct error *err)
{
	const char **branches = arena_array(arena, const char *, comparison->count + 1);

	for (size_t i = 0; i < comparison->count; i++)
		branches[i] = branch_of(comparison, i);
	const char *near = str_suggest(branch, branches);
	error_set(err, ERROR_USAGE, "no migration is on a branch \"%s\"", branch);
	if (near)
		return error_hint(err, "Did you mean \"%s@head\"?", near);
	return error_hint(err, "\"rung heads\" shows where each branch ends.");
}

/* The newest on a branch: within one, numbers are the order. */
static bool read_branch_head(const char *branch, const struct comparison *comparison, struct arena *arena,
                             struct target *out, struct error *err)
{
	for (size_t i = comparison->count; i-- > 0;) {
		if (strcmp(branch_of(comparison, i), branch) != 0)
			continue;
		*out = (struct target){.kind = TARGET_MIGRATION, .entry = i};
		return true;
	}
	return unknown_branch_error(comparison, branch, arena, err);
}

/* "0", "00": before the first one. */
static bool is_zero(const char *text)
{
	return *text && strspn(text, "0") == strlen(text);
}

static bool read_entry(const char *text, const struct comparison *comparison, struct arena *arena,
                       struct target *out, struct error *err)
{
	size_t i;

	if (is_zero(text)) {
		*out = (struct target){.kind = TARGET_BASE};
		return true;
	}
	if (!lookup_entry(text, comparison, arena, &i, err))
		return false;
	*out = (struct target){.kind = TARGET_MIGRATION, .entry = i};
	return true;
}

bool target_read(const char *text, const struct comparison *comparison, struct arena *arena,
                 struct target *out, struct error *err)
{
	const struct str typed = str_of(text);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(text, words[i].text) != 0)
			continue;
		*out = (struct target){.kind = words[i].kind};
		return true;
	}
	if (text[0] == '+' || text[0] == '-')
		return read_relative(text, out, err);
	if (str_ends(typed, "@head"))
		return read_branch_head(arena_strndup(arena, text, typed.len - strlen("@head")), comparison, arena,
		                        out, err);
	return read_entry(text, comparison, arena, out, err);
}
