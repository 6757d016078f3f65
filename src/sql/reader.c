/*
 * Lines are counted from the last place that was asked for, forward: a file of a million statements asks a
 * million times, and to count from the top each time would read it a million times. Only a place further
 * back, which an error may be at, starts over.
 *
 * A statement is put together from segments, because variables, includes and conditions cut it: what was
 * copied from the file keeps the offset it had there, so that the server's position in the statement leads
 * to a line of the file.
 */
#include "sql/reader.h"

#include "sql/source.h"

bool reader_is_active(const struct reader *reader)
{
	if (reader->condition_count == 0)
		return true;
	const struct condition *innermost = &reader->conditions[reader->condition_count - 1];
	return innermost->branch == BRANCH_ACTIVE || innermost->branch == BRANCH_ELSE_ACTIVE;
}

/* The file's own position, also while a variable's value is being read. */
size_t reader_file_position(const struct reader *reader)
{
	return reader->interruption_count ? reader->interruptions[0].at : reader->lexer.at;
}

size_t reader_line_of(struct reader *reader, size_t offset)
{
	if (offset < reader->counted_offset) {
		reader->counted_offset = 0;
		reader->counted_line = 1;
	}
	reader->counted_line += source_count_lines(reader->source, reader->counted_offset, offset);
	reader->counted_offset = offset;
	return reader->counted_line;
}

/* Of a long chain its two ends: who wrote the file that fails, and who began. */
void reader_add_includers(const struct reader *reader, struct error *err)
{
	enum { SHOWN = 4 };
	const int depth = reader->depth;

	for (; reader->includer; reader = reader->includer) {
		const struct place place = source_place(reader->includer->source, 0, 1, reader->included_at);

		if (depth - reader->depth < SHOWN || reader->depth == 1)
			error_context(err, "included from %s:%zu", place.path, place.line);
		else if (depth - reader->depth == SHOWN)
			error_context(err, "... (%d more)", reader->depth - 1);
	}
}

bool reader_fail(const struct reader *reader, size_t offset, struct error *err)
{
	const struct place place = source_place(reader->source, 0, 1, offset);

	error_at(err, &place);
	reader_add_includers(reader, err);
	return false;
}

/* --- segments of the statement at hand -------------------------------------- */

void reader_open_segment(struct reader *reader, size_t at)
{
	reader->in_segment = true;
	reader->segment_from = at;
}

void reader_add_segment(struct reader *reader, struct segment segment)
{
	if (segment.text.len > 0)
		*ARENA_PUSH(reader->reading->passing, reader->segments, reader->segment_count) = segment;
}

void reader_close_segment(struct reader *reader, size_t to)
{
	const struct lexer *lexer = &reader->lexer;

	if (!reader->in_segment)
		return;
	reader->in_segment = false;
	reader_add_segment(reader, (struct segment){
	                               .text = str_slice(lexer->text, reader->segment_from, to),
	                               .origin = lexer->is_derived ? lexer->origin : reader->segment_from,
	                               .is_copied = !lexer->is_derived,
	                           });
}

bool reader_has_started(const struct reader *reader)
{
	return reader->in_segment || reader->segment_count > 0;
}
