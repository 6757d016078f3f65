/*
 * Two people give number 12 to a file, and both are merged. Which one moves is decided by who can still
 * change theirs: what is applied or on the reference branch came first, and of the rest the younger moves
 * to the end. compare_git_order() is that rule, and it is used for sorting as well, so of two files with one
 * number the later in the array is the one that moves.
 *
 * A file that moves takes along what came with it or later and is above it, since that may build on it;
 * what moves keeps its order (claim_younger, must_move). Files of labelled branches and those that run last
 * have no place among all numbers and move only when they collide.
 *
 * Nothing that is applied in the database at hand ever moves; it is refused with what to do. Where no rule
 * tells who came first it is refused too: a wrong guess would rename a file that others have applied.
 *
 * New numbers are given in one pass upwards. `last` is the highest number in use by then, so a later file
 * can never be put before an earlier one.
 */
#include "migration/renumbering.h"

#include <stdlib.h>
#include <string.h>

#include "migration/name.h"

/* --- who came first ---------------------------------------------------- */

/* Negative when `a` came first, 0 when nothing tells. */
static int compare_git_order(const struct numbered_file *a, const struct numbered_file *b)
{
	if (a->is_named != b->is_named)
		return a->is_named ? 1 : -1;
	if (a->is_known != b->is_known)
		return a->is_known ? -1 : 1;
	if (a->age != b->age)
		return a->age > b->age ? -1 : 1;
	if (a->is_applied != b->is_applied)
		return a->is_applied ? -1 : 1;
	return 0;
}

static int compare_files(const void *a, const void *b)
{
	const struct numbered_file *one = a;
	const struct numbered_file *other = b;

	if (one->number != other->number)
		return one->number < other->number ? -1 : 1;
	const int order = compare_git_order(one, other);
	return order ? order : strcmp(one->stem, other->stem);
}

static bool are_twins(const struct numbered_file *a, const struct numbered_file *b)
{
	return a->number == b->number;
}

static bool cannot_tell(const struct numbered_file *a, const struct numbered_file *b, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot tell which came first, \"%s\" or \"%s\"", a->stem, b->stem);
	return error_hint(err, "Name the one to move: \"rung renumber %s\".", b->stem);
}

static bool check_order(const struct numbered_file *files, size_t count, struct error *err)
{
	for (size_t i = 1; i < count; i++)
		if (are_twins(&files[i - 1], &files[i]) && compare_git_order(&files[i - 1], &files[i]) == 0)
			return cannot_tell(&files[i - 1], &files[i], err);
	return true;
}

/* --- which ones are ours ------------------------------------------------ */

static bool any_is_named(const struct numbered_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (files[i].is_named)
			return true;
	return false;
}

static int64_t highest_applied(const struct numbered_file *files, size_t count)
{
	int64_t highest = 0;

	for (size_t i = 0; i < count; i++)
		if (files[i].is_applied && files[i].is_known && !files[i].runs_last && files[i].number > highest)
			highest = files[i].number;
	return highest;
}

/*
 * The younger of two files with the same number moves, and with it what came along with it or
 * later and is above it: it may build on it.
 */
static void claim_younger(struct numbered_file *files, size_t count, const struct numbered_file *duplicate)
{
	for (size_t i = 0; i < count; i++) {
		struct numbered_file *file = &files[i];

		if (file == duplicate || (!duplicate->runs_last && file->number > duplicate->number &&
		                          file->age <= duplicate->age && !file->is_applied && !file->is_absent))
			file->is_ours = true;
	}
}

static void claim(struct numbered_file *files, size_t count)
{
	const bool by_name = any_is_named(files, count);
	const int64_t highest = highest_applied(files, count);

	for (size_t i = 0; i < count; i++) {
		struct numbered_file *file = &files[i];
		const bool is_late = !file->is_applied && !file->branch && !file->runs_last && file->number < highest;

		file->is_ours = !file->is_absent && (by_name ? file->is_named : !file->is_known || is_late);
		file->new_number = file->number;
	}
	for (size_t i = 1; i < count && !by_name; i++)
		if (are_twins(&files[i - 1], &files[i]) && files[i].is_known && !files[i].is_absent)
			claim_younger(files, count, &files[i]);
}

/* --- new numbers -------------------------------------------------------- */

static int64_t highest_of_others(const struct numbered_file *files, size_t count)
{
	int64_t highest = 0;

	for (size_t i = 0; i < count; i++)
		if (!files[i].is_ours && !files[i].runs_last && files[i].number > highest)
			highest = files[i].number;
	return highest;
}

static bool collides(const struct numbered_file *files, size_t count, size_t i)
{
	for (size_t j = 0; j < count; j++)
		if (j != i && are_twins(&files[j], &files[i]) && (!files[j].is_ours || j < i))
			return true;
	return false;
}

static bool refuse_applied(const struct numbered_file *file, struct error *err)
{
	error_set(err, ERROR_FOUND, "cannot renumber \"%s\": it is applied in the database", file->stem);
	return error_hint(
	    err,
	    "If it is applied nowhere else, \"rung renumber %s --offline\" moves it; \"rung status\" then "
	    "says how to roll back what was applied. Otherwise the other file has to move.",
	    file->stem);
}

static bool is_taken(const struct numbered_file *files, size_t count, int64_t number, bool by_all)
{
	for (size_t i = 0; i < count; i++)
		if ((by_all && files[i].number == number) ||
		    ((by_all || files[i].runs_last) && files[i].new_number == number))
			return true;
	return false;
}

/* After `last`, but for what runs last anywhere: its number is free of all others, old and new. */
static int64_t free_number(const struct numbered_file *files, size_t count, const struct numbered_file *file,
                           int64_t last, int64_t now)
{
	int64_t number = name_next_number(last > file->number ? last : file->number, file->width, now);

	while (is_taken(files, count, number, file->runs_last))
		number++;
	return number;
}

/* A branch's files keep their order, and those that run last have none, until they collide. */
static bool must_move(const struct numbered_file *files, size_t count, size_t i, int64_t last, bool has_moved)
{
	const struct numbered_file *file = &files[i];
	const bool has_own_order = file->runs_last || (file->branch && !has_moved);

	if (has_own_order && !file->is_named)
		return collides(files, count, i);
	return file->number <= last || collides(files, count, i);
}

static bool assign(struct numbered_file *files, size_t count, int64_t now, struct error *err)
{
	int64_t last = highest_of_others(files, count);
	bool has_moved = false;

	for (size_t i = 0; i < count; i++) {
		struct numbered_file *file = &files[i];

		if (!file->is_ours)
			continue;
		if (must_move(files, count, i, last, has_moved)) {
			if (file->is_applied)
				return refuse_applied(file, err);
			file->new_number = free_number(files, count, file, last, now);
			has_moved |= !file->runs_last;
		}
		if (file->new_number > last && !file->runs_last)
			last = file->new_number;
	}
	return true;
}

bool renumbering_plan(struct numbered_file *files, size_t count, int64_t now, struct error *err)
{
	if (count)
		qsort(files, count, sizeof(*files), compare_files);
	if (!check_order(files, count, err))
		return false;
	claim(files, count);
	return assign(files, count, now, err);
}
