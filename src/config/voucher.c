/*
 * Who may write a file is decided by trust.c and owner.c; this remembers, because a project has thousands
 * of files in a few directories. Remembered is a directory as it is written, and only where the file in it
 * was no link: a link says nothing of the directory it is in. The file itself is asked every time, of
 * its descriptor where it is open.
 *
 * Directories that the caller named, by a flag or in the environment, are exempt with all that is in them.
 * Those that rung.ini names are not, as anyone who wrote rung.ini chose them.
 *
 * The project's own directory is looked at with the first file and not at the start, since commands that
 * read no files need none of this.
 */
#include "config/voucher.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "config/trust.h"

/* A directory, as it is written, that was looked at. */
struct place_seen {
	const char *directory;
	bool is_exempt;
};

struct voucher {
	const char *root; /* the project's directory */
	const char *const *exempt;
	struct arena *arena;
	struct trust trust; /* `directory` is NULL until the first file is looked at */
	/* Files come by the thousand and lie in a few directories: each of these is asked about once. */
	struct place_seen *seen;
	size_t seen_count;
};

static const struct place_seen *find_seen(const struct voucher *voucher, const char *directory)
{
	for (size_t i = 0; i < voucher->seen_count; i++)
		if (strcmp(voucher->seen[i].directory, directory) == 0)
			return &voucher->seen[i];
	return NULL;
}

static void note_seen(struct voucher *voucher, const char *directory, bool is_exempt)
{
	*ARENA_PUSH(voucher->arena, voucher->seen, voucher->seen_count) =
	    (struct place_seen){arena_strdup(voucher->arena, directory), is_exempt};
}

static const char *resolved(const char *path, struct arena *arena)
{
	const char *real = path_resolve(arena, path);

	return real ? real : path_normalize(arena, path);
}

static bool is_exempt(struct voucher *voucher, const struct place_seen *seen, const char *directory,
                      struct arena *arena)
{
	if (seen)
		return seen->is_exempt;
	const char *real = resolved(directory, arena);

	for (const char *const *exempt = voucher->exempt; *exempt; exempt++)
		if (path_is_inside(real, resolved(*exempt, arena))) {
			note_seen(voucher, directory, true);
			return true;
		}
	return false;
}

static bool look_at_project(struct voucher *voucher, struct error *err)
{
	scoped_trust struct trust trust = {.fd = -1};

	if (voucher->trust.directory)
		return true;
	if (!trust_open(voucher->root, voucher->arena, &trust, err))
		return false;
	voucher->trust = (struct trust){.directory = trust.directory, .fd = -1, .is_by_name = trust.is_by_name};
	return true;
}

/* From where the file lies up to the project; of another place only that which the file is in. */
static bool look_at_directories(const struct voucher *voucher, const char *directory, struct arena *arena,
                                struct error *err)
{
	const char *root = voucher->trust.directory;

	for (; path_is_inside(directory, root) && strcmp(directory, root) != 0;
	     directory = path_directory(arena, directory))
		if (!trust_check_directory(&voucher->trust, directory, err))
			return false;
	return true;
}

/* `real` is where the file is. One that is a link says nothing of the directory it is written in. */
static bool look_at_way(struct voucher *voucher, const char *real, const char *directory, bool is_link,
                        struct arena *arena, struct error *err)
{
	if (!look_at_directories(voucher, path_directory(arena, real), arena, err))
		return false;
	if (!is_link)
		note_seen(voucher, directory, false);
	return true;
}

/* What is open is a plain file. */
static bool vouch_for_open(struct voucher *voucher, const char *path, const struct found_file *file,
                           struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *directory = path_directory(&arena, path);
	const struct place_seen *seen = find_seen(voucher, directory);

	if (is_exempt(voucher, seen, directory, &arena))
		return true;
	if (!look_at_project(voucher, err))
		return false;
	if (voucher->trust.is_by_name)
		return true;
	return (seen || look_at_way(voucher, file->real, directory, false, &arena, err)) &&
	       trust_check_open_file(&voucher->trust, file->fd, &file->info, path, err);
}

static bool vouch_by_name(struct voucher *voucher, const char *path, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *directory = path_directory(&arena, path);
	const struct place_seen *seen = find_seen(voucher, directory);
	struct stat info;

	if (lstat(path, &info) < 0 || is_exempt(voucher, seen, directory, &arena))
		return true;
	if (!look_at_project(voucher, err))
		return false;
	if (voucher->trust.is_by_name)
		return true;
	const bool is_link = S_ISLNK(info.st_mode);
	return ((seen && !is_link) ||
	        look_at_way(voucher, resolved(path, &arena), directory, is_link, &arena, err)) &&
	       (S_ISDIR(info.st_mode) ? trust_check_directory(&voucher->trust, path, err)
	                              : trust_check_file(&voucher->trust, path, err));
}

static bool vouch(void *context, const char *path, const struct found_file *file, struct error *err)
{
	const struct voucher *voucher = context;

	/* No need to ask again where each of them lies. */
	if (voucher->trust.is_by_name)
		return true;
	return file ? vouch_for_open(context, path, file, err) : vouch_by_name(context, path, err);
}

static const char *const *named_by_caller(const struct settings *settings, struct arena *arena)
{
	static const enum setting named[] = {SETTING_SCHEMA_DIR, SETTING_ROLLBACK_DIR, SETTING_SEED_DIR,
	                                     SETTING_DESIRED};
	const char **directories = NULL;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (setting_text(settings, named[i]) && setting_is_of_caller(settings, named[i]))
			*ARENA_PUSH(arena, directories, count) = setting_text(settings, named[i]);
	*ARENA_PUSH(arena, directories, count) = NULL;
	return directories;
}

void voucher_attach(const struct settings *settings, struct arena *arena, struct boundary *boundary)
{
	struct voucher *voucher = arena_new(arena, struct voucher);

	*voucher = (struct voucher){
	    .root = settings->project_dir ? settings->project_dir : ".",
	    .exempt = named_by_caller(settings, arena),
	    .arena = arena,
	    .trust = {.fd = -1},
	};
	boundary->vouch = vouch;
	boundary->voucher = voucher;
}
