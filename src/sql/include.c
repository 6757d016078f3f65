/*
 * An include is refused before it is opened: the boundary says whether the path may be read at all, and
 * passes on the file as it opened it where it could, so that what was vouched for is what is read. Files
 * are known by their resolved path, as the same one may be reached by a link, with and without "../"; a
 * cycle is that path among those who include each other.
 *
 * A file included a hundred times is one source, mapped or read once, to which the statements of all its
 * readings point. Its text stays until the script is cleared.
 *
 * An error inside an included file gets the chain of files that led there, one in the include itself (not
 * there, not allowed) the place of the \i.
 */
#include <string.h>

#include "sql/reader.h"
#include "sql/source.h"

/* More than anybody includes, less than files including each other twice over as a chain would. */
enum { MOST_INCLUDES = 10000, MOST_DEPTH = 200 };

const char *reading_shown_path(const struct reading *reading, const char *path)
{
	const char *root = reading->options->display_root;
	struct arena *arena = reading->arena;

	if (!root)
		return path;
	root = path_normalize(arena, root);
	const char *normal = path_normalize(arena, path);
	if (!path_is_inside(normal, root) || strcmp(normal, root) == 0)
		return path;
	normal += strlen(root);
	return normal + (*normal == '/');
}

/* A file that is included twice is loaded once. */
static struct source *find_source(const struct script *script, const char *real_path)
{
	for (size_t i = 0; i < script->source_count; i++)
		if (script->sources[i]->real_path && strcmp(script->sources[i]->real_path, real_path) == 0)
			return script->sources[i];
	return NULL;
}

struct source *reading_add_source(struct reading *reading, const char *path)
{
	struct script *script = reading->script;
	struct source *source = arena_new(reading->arena, struct source);

	source->path = path;
	source->file.text = STR("");
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	*ARENA_PUSH(reading->arena, script->sources, script->source_count) = source;
	return source;
}

static bool validate(const struct reading *reading, const struct source *source, struct error *err)
{
	const bool is_first = source == reading->script->sources[0];

	return (is_first && reading->options->is_proven) || source_validate(source, err);
}

static bool read_text(const char *path, const struct found_file *file, struct arena *arena,
                      struct file_text *out, struct error *err)
{
	return file->fd < 0
	           ? file_text_open(path, ERROR_FILES, arena, out, err)
	           : file_text_read(file->fd, (size_t)file->info.st_size, path, ERROR_FILES, arena, out, err);
}

bool reading_load_source(struct reading *reading, const char *path, const struct found_file *file,
                         struct source **out, struct error *err)
{
	struct source *source = file->real ? find_source(reading->script, file->real) : NULL;

	if (!source) {
		source = reading_add_source(reading, reading_shown_path(reading, path));
		source->real_path = file->real;
		if (!read_text(path, file, reading->arena, &source->file, err) || !validate(reading, source, err))
			return false;
	}
	*out = source;
	return true;
}

static bool check_cycle(const struct reader *reader, const char *real_path)
{
	for (; reader; reader = reader->includer)
		if (reader->source->real_path && strcmp(reader->source->real_path, real_path) == 0)
			return false;
	return true;
}

static bool too_deep(const struct reader *reader, const char *path, struct error *err)
{
	const struct reader *first = reader;

	while (first->includer)
		first = first->includer;
	error_set(err, ERROR_FILES, "cannot include \"%s\": more than %d files would be open in each other",
	          reading_shown_path(reader->reading, path), MOST_DEPTH);
	return error_detail(err, "The chain begins in \"%s\" and has come to \"%s\".", first->source->path,
	                    reader->source->path);
}

static bool check_include(struct reader *reader, const char *path, const char *real_path, struct error *err)
{
	struct reading *reading = reader->reading;

	if (!real_path)
		return error_set(err, ERROR_FILES, "could not read \"%s\": %m", reading_shown_path(reading, path));
	if (!check_cycle(reader, real_path))
		return error_set(err, ERROR_FILES,
		                 "cannot include \"%s\": it is being read already, so it would include itself",
		                 reading_shown_path(reading, path));
	if (reader->depth >= MOST_DEPTH)
		return too_deep(reader, path, err);
	if (++reading->include_count > MOST_INCLUDES)
		return error_set(err, ERROR_FILES, "cannot include more than %d files", MOST_INCLUDES);
	return true;
}

bool reader_include(struct reader *reader, const char *path, size_t offset, struct error *err)
{
	struct reading *reading = reader->reading;
	struct reader *included = arena_new(reading->arena, struct reader);

	*included = (struct reader){
	    .reading = reading, .includer = reader, .included_at = offset, .depth = reader->depth + 1};
	if (!reading->is_file) {
		error_set(err, ERROR_FILES, "cannot include \"%s\" from a text that is not a file", path);
		return reader_fail(reader, offset, err);
	}
	scoped_found_file struct found_file file = {.fd = -1};
	if (!boundary_find(&reading->boundary, path, reading->arena, &file, err) ||
	    !check_include(reader, path, file.real, err))
		return reader_fail(reader, offset, err);
	if (!reading_load_source(reading, path, &file, &included->source, err)) {
		if (!err->place[0])
			return reader_fail(reader, offset, err);
		reader_add_includers(included, err);
		return false;
	}
	reader_begin(included);
	return true;
}
