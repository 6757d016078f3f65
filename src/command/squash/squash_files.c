/*
 * Of the old files the newest goes last: as long as it is there two files have one number, and no command
 * takes the project for whole. The new file says which old ones it replaces, with their checksums; so what is
 * left after a kill is known from the files alone, and one that was changed meanwhile is not removed.
 */
#include "command/squash/squash_files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number_text.h"
#include "command/project/git.h"
#include "command/project/migration_files.h"
#include "migration/checksum.h"
#include "migration/master.h"
#include "migration/name.h"

static const char *schema_dir(const struct context *context)
{
	return setting_text(context->settings, SETTING_SCHEMA_DIR);
}

static const char *up_path(const struct context *context, const char *name)
{
	return path_join(context->arena, schema_dir(context), arena_printf(context->arena, "%s.sql", name));
}

static const char *down_path(const struct context *context, const char *name)
{
	return path_join(context->arena, setting_text(context->settings, SETTING_ROLLBACK_DIR),
	                 arena_printf(context->arena, "rollback_%s.sql", name));
}

/* --- git ------------------------------------------------------------------------------ */

const char *squash_revision(const struct context *context)
{
	const char *const argv[] = {"git", "rev-parse", "--verify", "--quiet", "HEAD", NULL};
	struct str out;
	struct error ignored;

	return git_run(schema_dir(context), argv, (struct str){0}, context->arena, &out, &ignored)
	           ? str_copy(context->arena, str_trim(out))
	           : NULL;
}

static bool refuse_uncommitted(const char *what, struct error *err)
{
	error_set(err, ERROR_FILES, "the files would be removed, and %s", what);
	return error_hint(err, "Commit them first, or name a directory to keep them in: --keep DIR.");
}

/* Of "XY path" entries those that are one of the files. */
static bool check_entry(const struct context *context, const struct squash_range *range, struct str entry,
                        struct error *err)
{
	const char *name =
	    path_name(str_copy(context->arena, entry.len > 3 ? str_slice(entry, 3, entry.len) : entry));

	for (size_t i = 0; i < range->count; i++)
		if (strcmp(name, path_name(range->members[i]->path)) == 0 ||
		    strcmp(name, path_name(range->members[i]->rollback_path)) == 0)
			return refuse_uncommitted(arena_printf(context->arena, "\"%s\" is not in git as it is", name),
			                          err);
	return true;
}

bool squash_files_check(struct context *context, const struct squash_range *range, struct error *err)
{
	const char *const argv[] = {"git",       "status",       "--porcelain", "-z", "--untracked-files=all",
	                            "--ignored", "--no-renames", "--",          ".",  NULL};
	const char *directories[] = {schema_dir(context), setting_text(context->settings, SETTING_ROLLBACK_DIR)};
	struct error why;

	if (option_is_given(context, "--keep"))
		return true;
	if (!squash_revision(context))
		return refuse_uncommitted("nothing is committed here in git", err);
	for (size_t i = 0; i < 2; i++) {
		struct str listing = {0};
		struct str entry;

		if (!directory_exists(directories[i]))
			continue;
		if (!git_run(directories[i], argv, (struct str){0}, context->arena, &listing, &why))
			return refuse_uncommitted(why.message, err);
		while (str_split_next(&listing, '\0', &entry))
			if (!check_entry(context, range, entry, err))
				return false;
	}
	return true;
}

/* --- removing --------------------------------------------------------------------------- */

static bool keep_copy(const struct context *context, const char *path, struct error *err)
{
	const char *directory = option_value(context, "--keep");
	struct str text;
	struct str kept;

	if (!directory)
		return true;
	const char *to = path_join(context->arena, directory, path_name(path));
	if (!directory_create(directory, 0755, err) || !migration_files_read(path, context->arena, &text, err))
		return false;
	if (file_exists(to) && migration_files_read(to, context->arena, &kept, err) && str_equal(text, kept))
		return true;
	return file_write_new(to, text, 0644, err);
}

static bool remove_file(const struct context *context, const char *path, struct error *err)
{
	if (!file_exists(path))
		return true;
	if (!keep_copy(context, path, err))
		return false;
	return unlink(path) == 0 || errno == ENOENT ||
	       error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", path);
}

static bool remove_pair(const struct context *context, const char *name, struct error *err)
{
	return remove_file(context, down_path(context, name), err) &&
	       remove_file(context, up_path(context, name), err);
}

static bool remove_all(struct context *context, const struct directives *said, int64_t last,
                       struct error *err)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < said->replace_count; i++)
			if ((said->replaces[i].number == last) == pass &&
			    !remove_pair(context, said->replaces[i].name, err)) {
				error_state(err, "The new files are written; not all of the old ones are removed yet.");
				return error_hint(err, "When the cause is fixed, \"rung squash\" removes the rest.");
			}
	return true;
}

static void tell_removed(const struct context *context, const struct directives *said)
{
	const char *directory = option_value(context, "--keep");

	report_text(context->reporter,
	            arena_printf(context->arena, "removed %zu migrations with their rollbacks%s%s\n",
	                         said->replace_count, directory ? ", kept in " : "", directory ? directory : ""));
}

/* --- writing ------------------------------------------------------------------------------ */

static bool write_master(struct context *context, const struct directives *said, const char *name,
                         struct error *err)
{
	const char *path = context->tree.master_path;
	struct arena *arena = context->arena;
	struct str text;

	if (!path)
		return true;
	if (!migration_files_read(path, arena, &text, err))
		return false;
	const struct str added = master_with(text, arena_printf(arena, "%s.sql", name), &context->tree, arena);
	struct str left = added;
	for (size_t i = 0; i < said->replace_count; i++)
		left = master_without(left, arena_printf(arena, "%s.sql", said->replaces[i].name), arena);
	return file_write(path, left, 0644, err);
}

/* The new up last: from then on the rest can be done by anybody. */
static bool write_new(struct context *context, const char *name, const struct squash_texts *texts,
                      struct error *err)
{
	const char *up = up_path(context, name);
	const char *down = down_path(context, name);

	if (directory_create(path_directory(context->arena, down), 0755, err) &&
	    file_write(down, str_of(texts->down), 0644, err)) {
		if (file_write_new(up, str_of(texts->up), 0644, err))
			return true;
		if (!file_exists(up))
			unlink(down);
	}
	return error_state(err, "The old files are as they were.");
}

static bool put_in_place(struct context *context, const struct directives *said, const char *name,
                         int64_t number, struct error *err)
{
	if (!write_master(context, said, name, err)) {
		error_hint(err, "When the cause is fixed, \"rung squash\" does the rest.");
		return error_state(err, "The new files are written; the old ones are not removed yet.");
	}
	if (!remove_all(context, said, number, err))
		return false;
	tell_removed(context, said);
	return true;
}

bool squash_files_write(struct context *context, const struct squash_range *range,
                        const struct squash_texts *texts, struct error *err)
{
	const int64_t number = range->members[range->count - 1]->number;
	struct directives said;

	if (!directives_parse(str_of(texts->up), range->name, context->arena, &said, err) ||
	    !write_new(context, range->name, texts, err))
		return false;
	report_text(context->reporter,
	            arena_printf(context->arena, "created %s\ncreated %s\n", up_path(context, range->name),
	                         down_path(context, range->name)));
	return put_in_place(context, &said, range->name, number, err);
}

/* --- what was interrupted -------------------------------------------------------------------- */

static bool is_left(const struct context *context, const struct replaced *replaced)
{
	return file_exists(up_path(context, replaced->name)) || file_exists(down_path(context, replaced->name));
}

/* A file of that name with another text is another file. */
static bool check_text(const struct context *context, const struct replaced *replaced, struct error *err)
{
	const char *path = up_path(context, replaced->name);
	struct str text;

	if (!file_exists(path))
		return true;
	if (!migration_files_read(path, context->arena, &text, err))
		return false;
	if (strcmp(checksum_of_text(context->arena, text), replaced->checksum) == 0)
		return true;
	error_set(err, ERROR_FILES, "\"%s\" was changed since it was squashed", path);
	return error_hint(err, "Put the change into a new migration, and remove the file.");
}

static bool finish_one(struct context *context, const struct name *name, bool *found, struct error *err)
{
	const char *stem = str_copy(context->arena, name->stem);
	struct directives said;
	struct str text;
	bool is_any_left = false;

	if (!migration_files_read(up_path(context, stem), context->arena, &text, err) ||
	    !directives_parse(text, stem, context->arena, &said, err))
		return false;
	for (size_t i = 0; i < said.replace_count; i++) {
		is_any_left |= is_left(context, &said.replaces[i]);
		if (!check_text(context, &said.replaces[i], err))
			return false;
	}
	*found |= is_any_left;
	return !is_any_left || put_in_place(context, &said, stem, name->number, err);
}

static bool has_other_of_number(const struct directory *files, const struct name *squash)
{
	for (size_t i = 0; i < files->count; i++) {
		const struct name name = name_parse(files->names[i]);

		if (name.role == NAME_MIGRATION && name.number == squash->number &&
		    !str_equal(name.stem, squash->stem))
			return true;
	}
	return false;
}

/* A rollback without its migration was written just before the kill: it is written again. */
static bool remove_lone_rollbacks(const struct context *context, const struct directory *ups,
                                  struct error *err)
{
	const char *directory = setting_text(context->settings, SETTING_ROLLBACK_DIR);
	struct directory downs;
	int64_t from;

	if (!directory_exists(directory))
		return true;
	if (!directory_read(directory, context->arena, &downs, err))
		return false;
	for (size_t i = 0; i < downs.count; i++) {
		const struct name name = name_parse(downs.names[i]);
		const char *stem = str_copy(context->arena, name.stem);

		if (name.role == NAME_ROLLBACK && name_is_squash(stem, &from) &&
		    !file_exists(up_path(context, stem)) && has_other_of_number(ups, &name) &&
		    unlink(down_path(context, stem)) != 0)
			return error_set(err, ERROR_STORAGE, "could not remove \"%s\": %m", down_path(context, stem));
	}
	return true;
}

bool squash_files_finish(struct context *context, bool *found, struct error *err)
{
	struct directory files;
	int64_t from;

	*found = false;
	if (!directory_read(schema_dir(context), context->arena, &files, err) ||
	    !remove_lone_rollbacks(context, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		const struct name name = name_parse(files.names[i]);

		if (name.role == NAME_MIGRATION && name_is_squash(str_copy(context->arena, name.stem), &from) &&
		    !finish_one(context, &name, found, err))
			return false;
	}
	return true;
}
