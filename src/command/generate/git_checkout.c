/*
 * git says what is there with one ls-tree and prints all texts with one cat-file, so a revision costs two
 * children, however many files it has. Symbolic links are left out: where they lead, the revision does not
 * say.
 *
 * A name comes from the repository, and no name in a tree of git may be ".." or begin with a slash; it is
 * looked at all the same, as the repository may be anybody's.
 */
#include "command/generate/git_checkout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/project/git.h"

struct blob {
	const char *path; /* below the root of the project */
	const char *object;
};

struct blob_list {
	struct blob *items;
	size_t count;
};

static bool is_wanted(const char *path, const char *schema_dir)
{
	const size_t len = strlen(schema_dir);

	if (path[0] == '/' || strncmp(path, "../", 3) == 0 || strstr(path, "/../"))
		return false;
	return str_ends(str_of(path), ".sql") || (strncmp(path, schema_dir, len) == 0 && path[len] == '/');
}

/* One entry of ls-tree: "100644 blob 3f2a...\tschema/06_cache.sql"; 120000 is a link. */
static void read_entry(struct str entry, const char *schema_dir, struct arena *arena, struct blob_list *out)
{
	const size_t tab = str_index(entry, '\t');
	struct str facts = str_slice(entry, 0, tab);
	const char *path = str_copy(arena, str_slice(entry, tab + 1, entry.len));
	struct str mode;
	struct str type;
	struct str object;

	if (str_split_next(&facts, ' ', &mode) && str_split_next(&facts, ' ', &type) &&
	    str_split_next(&facts, ' ', &object) && str_is(type, "blob") && str_starts(mode, "100") &&
	    is_wanted(path, schema_dir))
		*ARENA_PUSH(arena, out->items, out->count) = (struct blob){path, str_copy(arena, object)};
}

static bool list_blobs(const char *project_dir, const char *schema_dir, const char *revision,
                       struct arena *arena, struct blob_list *out, struct error *err)
{
	const char *const argv[] = {"git", "ls-tree", "-r", "-z", "--end-of-options", revision, "./", NULL};
	struct str listing;
	struct str entry;

	if (!git_run(project_dir, argv, (struct str){0}, arena, &listing, err))
		return error_context(err, "while looking at the revision \"%s\"", revision);
	while (str_split_next(&listing, '\0', &entry))
		read_entry(entry, schema_dir, arena, out);
	return true;
}

/* --- writing --------------------------------------------------------------- */

static bool write_blob(const struct git_checkout *checkout, const struct blob *blob, struct str text,
                       struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *path = path_join(&arena, checkout->directory, blob->path);

	return directory_create(path_directory(&arena, path), 0700, err) && file_write_new(path, text, 0600, err);
}

static bool write_blobs(const struct git_checkout *checkout, const char *project_dir,
                        const struct blob_list *blobs, struct error *err)
{
	const char *const argv[] = {"git", "cat-file", "--batch", NULL};
	scoped_arena struct arena arena = {0};
	struct buffer wanted = {.arena = &arena};
	struct str answers;
	struct str text;

	for (size_t i = 0; i < blobs->count; i++)
		buffer_printf(&wanted, "%s\n", blobs->items[i].object);
	if (!git_run(project_dir, argv, buffer_str(&wanted), &arena, &answers, err))
		return false;
	for (size_t i = 0; i < blobs->count; i++)
		if (!git_next_text(&answers, &text) || !write_blob(checkout, &blobs->items[i], text, err))
			return err->kind ? false : error_set(err, ERROR_STORAGE, "git did not print all files");
	return true;
}

/* --- open and close --------------------------------------------------------- */

static bool make_directory(struct arena *arena, struct git_checkout *out, struct error *err)
{
	const char *base = getenv("TMPDIR");
	char *path = path_join(arena, base && *base ? base : "/tmp", "rung-git-XXXXXX");

	if (!mkdtemp(path))
		return error_set(err, ERROR_STORAGE, "could not create a directory like \"%s\": %m", path);
	out->directory = path;
	return true;
}

static bool refuse_empty(const char *schema_dir, const char *revision, struct error *err)
{
	error_set(err, ERROR_USAGE, "the revision \"%s\" has no files in %s", revision, schema_dir);
	return error_hint(err, "Migrations are looked for where the settings say now (schema_dir).");
}

static bool has_schema(const struct blob_list *blobs, const char *schema_dir)
{
	const size_t len = strlen(schema_dir);

	for (size_t i = 0; i < blobs->count; i++)
		if (strncmp(blobs->items[i].path, schema_dir, len) == 0 && blobs->items[i].path[len] == '/')
			return true;
	return false;
}

bool git_checkout_open(const char *project_dir, const char *schema_dir, const char *revision,
                       struct arena *arena, struct git_checkout *out, struct error *err)
{
	struct blob_list blobs = {0};

	*err = (struct error){0};
	if (!list_blobs(project_dir, schema_dir, revision, arena, &blobs, err))
		return false;
	if (!has_schema(&blobs, schema_dir))
		return refuse_empty(schema_dir, revision, err);
	return make_directory(arena, out, err) && write_blobs(out, project_dir, &blobs, err);
}

void git_checkout_close(struct git_checkout *checkout)
{
	struct error ignored;

	if (checkout->directory && !directory_remove(checkout->directory, &ignored))
		return; /* it is in the directory for what passes */
	checkout->directory = NULL;
}
