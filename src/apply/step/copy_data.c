/*
 * Data is sent from a copy of each block and checked there: a mapped file can be changed by somebody else
 * between the look and the sending. One that shrinks meanwhile is an error: where it is mapped the missing
 * part reads as zeros, which no text holds, and where it is read its size tells.
 *
 * A file that \copy names may be a pipe, whose size says nothing, so only that of a regular file is held
 * against what was read.
 */
#include "apply/step/copy_data.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/scope.h"

enum { COPY_BLOCK = 64 * 1024 };

struct data_source {
	const struct statement *statement;
	struct str rest; /* inline data not sent yet */
	FILE *stream;    /* borrowed */
	off_t left;      /* of the file, as large as it was at the beginning */
	char block[COPY_BLOCK];
};

/* Sent from a copy: what was looked at is what is sent, whatever becomes of the file. */
static bool next_inline(void *context, struct str *chunk, struct error *err)
{
	struct data_source *source = context;
	const struct source *file = source->statement->source;
	const struct str part = str_slice(source->rest, 0, COPY_BLOCK);

	file_text_release(&file->file, (size_t)(part.text - file->file.text.text));
	if (part.len)
		memcpy(source->block, part.text, part.len);
	source->rest = str_slice(source->rest, part.len, source->rest.len);
	*chunk = (struct str){source->block, part.len};
	return file_text_check(*chunk, file->path, ERROR_FILES, err);
}

static bool next_of_file(void *context, struct str *chunk, struct error *err)
{
	struct data_source *source = context;
	const size_t got = fread(source->block, 1, COPY_BLOCK, source->stream);
	const char *path = source->statement->data_path;

	if (ferror(source->stream))
		return error_set(err, ERROR_FILES, "could not read \"%s\": %m", path);
	source->left -= (off_t)got;
	if (got == 0 && source->left > 0)
		return file_text_check(STR("\0"), path, ERROR_FILES, err);
	*chunk = (struct str){source->block, got};
	return true;
}

static bool copy_file(struct session *db, struct data_source *source, const char *sql, struct error *err)
{
	const char *path = source->statement->data_path;
	scoped_stream FILE *stream = fopen(path, "re");
	struct stat info;
	int64_t rows;

	if (!stream || fstat(fileno(stream), &info) < 0)
		return error_set(err, ERROR_FILES, "could not read \"%s\": %m", path);
	source->stream = stream;
	source->left = S_ISREG(info.st_mode) ? info.st_size : 0;
	return execute_copy(db, sql, next_of_file, source, &rows, err);
}

bool statement_copy(struct session *db, const struct statement *statement, const char *sql, struct error *err)
{
	struct data_source source = {.statement = statement, .rest = statement->data};
	int64_t rows;

	return statement->input == INPUT_FILE ? copy_file(db, &source, sql, err)
	                                      : execute_copy(db, sql, next_inline, &source, &rows, err);
}
