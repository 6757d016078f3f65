/*
 * A file system has no transaction over several files, so each step is one that can be taken back: old
 * files are renamed aside, new ones are made where nothing was, and at the end what is aside is removed.
 * Until that last part a failure renames everything back, the newest step first. Renaming in place would
 * not do, as files exchange names: 05 becomes 06 while 06 becomes 07.
 *
 * New files are written under such a name first, all of them, and then linked to their own: a disk that is
 * full is known before one of them is there, and after a kill nobody takes some of them for all.
 *
 * link() and file_write_new() fail where a file is; rename() would replace it. So a file that appeared
 * meanwhile survives, and the rewrite is taken back.
 *
 * Only a kill can leave the aside files, under names that neither rung nor psql takes for migrations. So a
 * migration may seem to be gone: listing.c tells of such files, and nothing is run until they are dealt with.
 */
#include "migration/rewrite.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* Something done that can be taken back. */
struct deed {
	const char *from; /* NULL: `to` was made */
	const char *to;
};

struct work {
	struct arena arena;
	struct deed *deeds;
	size_t count;
	const char **asides; /* by change: where the old file waits, or a new one */
};

static void work_clear(struct work *work)
{
	arena_clear(&work->arena);
}

static void push(struct rewrite *rewrite, struct change change)
{
	*ARENA_PUSH(rewrite->arena, rewrite->changes, rewrite->count) = change;
}

void rewrite_create(struct rewrite *rewrite, const char *path, struct str text)
{
	push(rewrite, (struct change){.to = path, .text = text});
}

void rewrite_move(struct rewrite *rewrite, const char *from, const char *to)
{
	push(rewrite, (struct change){.from = from, .to = to, .keeps_text = true});
}

void rewrite_move_with(struct rewrite *rewrite, const char *from, const char *to, struct str text)
{
	push(rewrite, (struct change){.from = from, .to = to, .text = text});
}

static void note(struct work *work, const char *from, const char *to)
{
	*ARENA_PUSH(&work->arena, work->deeds, work->count) = (struct deed){from, to};
}

/* Newest first. What cannot be taken back either is left for a person to see. */
static void undo(struct work *work)
{
	while (work->count > 0) {
		const struct deed *deed = &work->deeds[--work->count];

		if (deed->from)
			rename(deed->to, deed->from);
		else
			unlink(deed->to);
	}
}

static const char aside_ending[] = ".aside";
static const char made_ending[] = ".made";

static const char *aside_of(struct arena *arena, const char *path, const char *ending)
{
	return arena_printf(arena, "%s/.%s.%ld%s", path_directory(arena, path), path_name(path), (long)getpid(),
	                    ending);
}

const char *rewrite_aside_name(const char *file_name, bool *is_new, struct arena *arena)
{
	struct str name = str_of(file_name);
	const char *ending;

	*is_new = str_ends(name, made_ending);
	ending = *is_new ? made_ending : aside_ending;
	if (!str_starts(name, ".") || !str_ends(name, ending))
		return NULL;
	name = str_slice(name, 1, name.len - strlen(ending));
	while (name.len && char_is_digit(name.text[name.len - 1]))
		name.len--;
	return name.len > 1 && str_ends(name, ".") ? arena_strndup(arena, name.text, name.len - 1) : NULL;
}

/* All of them first, so that one file may take the name another one had. */
static bool set_aside(struct work *work, const struct change *change, size_t i, struct error *err)
{
	if (!change->from)
		return true;
	const char *aside = aside_of(&work->arena, change->from, aside_ending);

	if (rename(change->from, aside) < 0)
		return error_set(err, ERROR_STORAGE, "could not rename \"%s\": %m", change->from);
	note(work, change->from, aside);
	work->asides[i] = aside;
	return true;
}

static bool write_aside(struct work *work, const struct change *change, size_t i, struct error *err)
{
	if (change->from)
		return true;
	const char *aside = aside_of(&work->arena, change->to, made_ending);

	if (!directory_create(path_directory(&work->arena, change->to), 0755, err) ||
	    !file_write_new(aside, change->text, 0644, err))
		return false;
	note(work, NULL, aside);
	work->asides[i] = aside;
	return true;
}

/* link() and not rename(): a file that is there already stays. */
static bool move_to(struct work *work, const char *aside, const char *to, struct error *err)
{
	if (link(aside, to) < 0)
		return error_set(err, ERROR_STORAGE, "could not create \"%s\": %m", to);
	note(work, NULL, to);
	return true;
}

/*
 * A file keeps its mode: one that the group may not read must not become readable because it was
 * renumbered.
 */
static bool write_to(struct work *work, const struct change *change, const char *aside, struct error *err)
{
	struct stat info;
	const mode_t mode = stat(aside, &info) == 0 ? info.st_mode & 07777 : 0644;

	if (!directory_create(path_directory(&work->arena, change->to), 0755, err) ||
	    !file_write_new(change->to, change->text, mode, err))
		return false;
	note(work, NULL, change->to);
	return true;
}

static bool place(struct work *work, const struct change *change, const char *aside, struct error *err)
{
	return change->keeps_text || !change->from ? move_to(work, aside, change->to, err)
	                                           : write_to(work, change, aside, err);
}

static bool perform(struct work *work, const struct rewrite *rewrite, struct error *err)
{
	for (size_t i = 0; i < rewrite->count; i++)
		if (!write_aside(work, &rewrite->changes[i], i, err))
			return false;
	for (size_t i = 0; i < rewrite->count; i++)
		if (!set_aside(work, &rewrite->changes[i], i, err))
			return false;
	for (size_t i = 0; i < rewrite->count; i++)
		if (!place(work, &rewrite->changes[i], work->asides[i], err))
			return false;
	return true;
}

bool rewrite_perform(const struct rewrite *rewrite, struct error *err)
{
	SCOPED(work_clear) struct work work = {0};

	work.asides = arena_array(&work.arena, const char *, rewrite->count);
	if (!perform(&work, rewrite, err)) {
		undo(&work);
		return false;
	}
	for (size_t i = 0; i < rewrite->count; i++)
		unlink(work.asides[i]);
	return true;
}
