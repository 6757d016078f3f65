#include "plan/target.h"

#include <string.h>

#include "base/file.h"

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
		error_set(err, ERROR_USAGE, "\"%s\" is no number of migrations", text);
		return error_hint(err, "Write \"%c1\" for one migration %s.", text[0],
		                  text[0] == '+' ? "up" : "down");
	}
	*out = (struct target){.kind = text[0] == '+' ? TARGET_UP_BY : TARGET_DOWN_BY, .steps = (size_t)steps};
	return true;
}

static const char *branch_of(const struct ladder *ladder, size_t i)
{
	const char *branch = ladder->graph.migrations[i].directives.branch;

	return branch ? branch : trunk_name;
}

static bool unknown_branch_error(const struct ladder *ladder, const char *branch, struct arena *arena,
                                 struct error *err)
{
	const char **branches = arena_array(arena, const char *, ladder->count + 1);

	for (size_t i = 0; i < ladder->count; i++)
		branches[i] = branch_of(ladder, i);
	const char *near = str_suggest(branch, branches);
	error_set(err, ERROR_USAGE, "no migration is on a branch \"%s\"", branch);
	if (near)
		return error_hint(err, "Did you mean \"%s@head\"?", near);
	return error_hint(err, "\"rung heads\" shows where each branch ends.");
}

/* The newest on a branch: within one, numbers are the order. */
static bool read_branch_head(const char *branch, const struct ladder *ladder, struct arena *arena,
                             struct target *out, struct error *err)
{
	for (size_t i = ladder->count; i-- > 0;) {
		if (strcmp(branch_of(ladder, i), branch) != 0)
			continue;
		*out = (struct target){.kind = TARGET_RUNG, .rung = i};
		return true;
	}
	return unknown_branch_error(ladder, branch, arena, err);
}

/* The part of a name after its number, underscore included. */
static const char *label_of(const char *name)
{
	while (char_is_digit(*name))
		name++;
	return name;
}

static bool has_name(const struct ladder *ladder, size_t i, struct str typed_label, struct arena *arena)
{
	const struct str label = str_of(label_of(rung_name(&ladder->rungs[i], arena)));

	return str_equal(str_slice(label, 0, typed_label.len), typed_label);
}

static bool unknown_rung_error(const struct ladder *ladder, const char *text, struct arena *arena,
                               struct error *err)
{
	const char **names = arena_array(arena, const char *, ladder->count + 4);
	const char *near = NULL;
	size_t count = 0;

	for (size_t i = 0; i < ladder->count; i++) {
		const char *name = rung_name(&ladder->rungs[i], arena);
		const char *label = label_of(name);

		names[count++] = name;
		if (label[0] == '_' && strcmp(label + 1, text) == 0)
			near = name;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		names[count++] = words[i].text;
	near = near ? near : str_suggest(text, names);
	error_set(err, ERROR_USAGE, "there is no migration \"%s\"", text);
	if (near)
		return error_hint(err, "Did you mean \"%s\"?", near);
	return error_hint(err, "\"rung history\" lists them.");
}

static size_t find_number(const struct ladder *ladder, int64_t number)
{
	return migration_index(ladder->graph.migrations, ladder->count, number);
}

static bool read_rung(const char *text, const struct ladder *ladder, struct arena *arena, struct target *out,
                      struct error *err)
{
	struct str typed = str_of(path_name(text));
	unsigned long long number;

	if (str_ends(typed, ".sql"))
		typed.len -= strlen(".sql");
	const size_t digits = (size_t)(label_of(typed.text) - typed.text);
	if (!str_to_number(str_slice(typed, 0, digits), INT64_MAX, &number))
		return unknown_rung_error(ladder, text, arena, err);
	if (number == 0 && digits == typed.len) {
		*out = (struct target){.kind = TARGET_BASE};
		return true;
	}
	const size_t i = find_number(ladder, (int64_t)number);
	if (i == ladder->count || !has_name(ladder, i, str_slice(typed, digits, typed.len), arena))
		return unknown_rung_error(ladder, text, arena, err);
	*out = (struct target){.kind = TARGET_RUNG, .rung = i};
	return true;
}

bool target_read(const char *text, const struct ladder *ladder, struct arena *arena, struct target *out,
                 struct error *err)
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
		return read_branch_head(arena_strndup(arena, text, typed.len - strlen("@head")), ladder, arena, out,
		                        err);
	return read_rung(text, ladder, arena, out, err);
}
