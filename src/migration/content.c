/*
 * Loading a tree opens each file of the project; of a run with nothing to do that is a third. So a file is
 * opened in a directory that stays open, asked for its size, read, digested and forgotten; a name is
 * resolved once and no text is kept (docs/decisions/0015). Only what is large goes another way, by its
 * path, since it may have to be mapped.
 *
 * That a text is valid is proved by anyone who computes its checksum, in the same pass; readers of the same
 * file may then leave it out (is_proven in script.h). A head that cannot be read does not take the checksum
 * away: whether an applied file was edited must be known of a file with a bad directive too.
 */
#include "migration/content.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "migration/checksum.h"

/* Larger files are opened anew by file_text_open(), which maps what is large enough for it. */
enum { READ_UP_TO = 256 * 1024 };

static bool read_whole(int fd, size_t size, const char *path, struct arena *scratch, struct str *out,
                       struct error *err)
{
	char *text = arena_alloc(scratch, size + 1);
	size_t len = 0;

	while (len < size) {
		const ssize_t got = read(fd, text + len, size - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, ERROR_FILES, "could not read \"%s\": %m", path);
		if (got == 0)
			break;
		len += (size_t)got;
	}
	*out = (struct str){text, len};
	return true;
}

static bool open_file(const struct content_reader *reader, const char *file_name, const char *path, int *fd,
                      struct stat *info, struct error *err)
{
	/* O_NONBLOCK: opening a pipe nobody writes to must not wait for ever. */
	*fd = openat(reader->fd, file_name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd >= 0 && fstat(*fd, info) == 0)
		return true;
	error_set(err, ERROR_FILES, "could not read \"%s\": %m", path);
	return error_hint(err, "Make the file readable, or remove it from the directory.");
}

static bool open_text(const struct content_reader *reader, const char *file_name, const char *path,
                      struct file_text *out, enum finding_kind *kind, struct error *err)
{
	scoped_fd int fd = -1;
	struct stat info = {0};

	*kind = FINDING_UNREADABLE;
	if (!open_file(reader, file_name, path, &fd, &info, err))
		return false;
	if (!S_ISREG(info.st_mode)) {
		*kind = FINDING_NOT_A_FILE;
		error_set(err, ERROR_FILES, "cannot use \"%s\": it is %s", path,
		          S_ISDIR(info.st_mode) ? "a directory" : "not a regular file");
		return error_hint(err, "Only files may be named like migrations.");
	}
	if (info.st_size > READ_UP_TO)
		return file_text_open(path_join(reader->scratch, reader->directory, file_name), ERROR_FILES,
		                      reader->scratch, out, err);
	return read_whole(fd, (size_t)info.st_size, path, reader->scratch, &out->text, err);
}

static bool not_text_error(struct str text, size_t bad, const char *path, struct error *err)
{
	size_t line = 1;

	assert(text.text && bad < text.len);
	for (size_t i = 0; i < bad; i++)
		line += text.text[i] == '\n';
	if (text.text[bad] == '\0') {
		error_set(err, ERROR_FILES, "cannot use \"%s\": there is a NUL byte in line %zu", path, line);
		error_hint(err, "Save the file as UTF-8; UTF-16 looks like this.");
	} else {
		error_set(err, ERROR_FILES, "cannot use \"%s\": line %zu is not UTF-8", path, line);
		error_hint(err, "Save the file as UTF-8.");
	}
	snprintf(err->place, sizeof(err->place), "%s:%zu", path, line);
	return false;
}

static bool digest_and_read_head(const struct file_text *file, const char *path, struct arena *arena,
                                 struct content *out, enum finding_kind *kind, struct error *err)
{
	size_t bad = 0;

	*kind = FINDING_NOT_TEXT;
	*out = (struct content){.checksum = checksum_file(arena, file, &bad), .directives = DIRECTIVES_NONE};
	if (!out->checksum && !file_text_is_whole(file))
		return file_text_check(STR("\0"), path, ERROR_FILES, err);
	if (!out->checksum)
		return not_text_error(file->text, bad, path, err);
	*kind = FINDING_BAD_DIRECTIVE;
	return directives_parse(file->text, path, arena, &out->directives, err);
}

bool content_read(const struct content_reader *reader, const char *file_name, const char *shown_path,
                  struct arena *arena, struct content *out, enum finding_kind *kind, struct error *err)
{
	const struct arena_mark mark = arena_mark(reader->scratch);
	SCOPED(file_text_close) struct file_text file = {0};

	const bool good = open_text(reader, file_name, shown_path, &file, kind, err) &&
	                  digest_and_read_head(&file, shown_path, arena, out, kind, err);
	arena_rewind(reader->scratch, mark);
	return good;
}
