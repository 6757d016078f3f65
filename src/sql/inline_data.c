/*
 * COPY data may be gigabytes in a mapped file. It is gone through once, to find its end, and the pages are
 * given back on the way, a megabyte at a time: less would be a system call for nothing, more would be felt
 * as memory. Its lines are counted in the same pass, as an error after it has to name one.
 *
 * As in psql, data begins on the line after the one that COPY ends on, and what follows COPY on its own
 * line still belongs to the script: so the reader jumps back to the rest of the line and continues after
 * the data.
 */
#include <string.h>

#include "sql/reader.h"

/* How much data is read before the pages already read are released. */
enum { RELEASE_SIZE = 1024 * 1024 };

static size_t next_line(struct str text, size_t at)
{
	return at + str_index(str_slice(text, at, text.len), '\n') + 1;
}

static bool is_end_of_data(struct str line)
{
	return line.len >= 2 && line.len <= 3 && memcmp(line.text, "\\.", 2) == 0 &&
	       (line.len == 2 || line.text[2] == '\r');
}

/* Reads to the "\." line, releasing the pages already read; `*end` is where the data ends, the result what
 * follows it. */
static size_t walk_data(struct reader *reader, size_t from, size_t *end)
{
	const struct str text = reader->source->file.text;
	size_t released = from;
	size_t at = from;

	for (size_t next; at < text.len; at = next) {
		next = next_line(text, at);
		reader->counted_line++;
		*end = at;
		if (is_end_of_data(str_slice(text, at, next - 1)))
			return next < text.len ? next : text.len;
		if (next - released > RELEASE_SIZE) {
			file_text_release(&reader->source->file, next);
			released = next;
		}
	}
	*end = text.len;
	return text.len;
}

struct str reader_take_data(struct reader *reader)
{
	const struct str text = reader->source->file.text;
	const size_t line_end = next_line(text, reader_file_position(reader));
	const size_t from = reader->resume_at ? reader->resume_at : line_end < text.len ? line_end : text.len;
	size_t end = from;

	reader_line_of(reader, from);
	reader->resume_at = walk_data(reader, from, &end);
	/* Lines were counted on the way, so nobody has to look at the data again for that. */
	reader->counted_offset = reader->resume_at;
	if (reader->interruption_count)
		reader->interruptions[0].text.len = line_end < text.len ? line_end : text.len;
	else
		reader->lexer.text.len = line_end < text.len ? line_end : text.len;
	return str_slice(text, from, end);
}

/* The rest of the line before the data was read; continues after the data. */
void reader_resume_after_data(struct reader *reader)
{
	const bool was_in_segment = reader_has_started(reader);

	reader_close_segment(reader, reader->lexer.at);
	reader->lexer.text = reader->source->file.text;
	reader->lexer.at = reader->resume_at;
	reader->resume_at = 0;
	if (was_in_segment)
		reader_open_segment(reader, reader->lexer.at);
}
