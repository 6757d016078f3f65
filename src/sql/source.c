/*
 * A source may be a mapped file of any size, so whatever goes through all of it does so in windows and
 * releases the pages before it (file_text_release). A sequence that a window's end cuts in two looks invalid
 * there; it is at most three bytes, and the next window begins with it.
 *
 * Lines are counted from a place whose line is known: statements come in order, and counting each from the
 * start would take the square of the file's length. Columns count characters, as editors and the server do.
 *
 * A zero byte is either the file's own or what is left where a mapped file was cut short by somebody else.
 * The second is asked first, since the advice is another.
 */
#include "sql/source.h"

#include <stdio.h>
#include <string.h>

/* How far a mapped file is read before it releases the pages already read. */
enum { WINDOW_SIZE = 1024 * 1024 };

size_t source_start(const struct source *source)
{
	return str_starts(source->file.text, "\xEF\xBB\xBF") ? 3 : 0;
}

/* Offset of the first bad byte, or text.len. */
static size_t check(const struct source *source)
{
	const struct str text = source->file.text;
	size_t at = 0;

	while (at < text.len) {
		const struct str window = str_slice(text, at, at + WINDOW_SIZE);
		const size_t good = utf8_check(window);

		at += good;
		/* What the window may have cut in two is looked at again. */
		if (good < window.len && (window.len - good > 3 || at - good + window.len == text.len))
			return at;
		file_text_release(&source->file, at);
	}
	return text.len;
}

static void fail_check(const struct source *source, size_t offset, struct error *err)
{
	if (!file_text_is_whole(&source->file)) {
		(void)!file_text_check(STR("\0"), source->path, ERROR_FILES, err);
		return;
	}
	const unsigned char bad = (unsigned char)source->file.text.text[offset];
	const struct place place = source_place(source, 0, 1, offset);

	if (bad == 0)
		error_set(err, ERROR_FILES, "a zero byte cannot be part of a SQL file");
	else
		error_set(err, ERROR_FILES, "byte 0x%02x is not valid UTF-8", bad);
	error_hint(err, "Save the file as UTF-8.");
	error_at(err, &place);
}

bool source_validate(const struct source *source, struct error *err)
{
	const size_t bad = check(source);

	if (bad < source->file.text.len)
		fail_check(source, bad, err);
	return bad >= source->file.text.len;
}

size_t source_count_lines(const struct source *source, size_t from, size_t to)
{
	struct str rest = str_slice(source->file.text, from, to);
	size_t count = 0;

	while (rest.len > 0) {
		const size_t at = str_index(rest, '\n');

		count += at < rest.len;
		rest = str_slice(rest, at + 1, rest.len);
	}
	return count;
}

static size_t line_start(struct str text, size_t offset)
{
	const char *newline = offset ? memrchr(text.text, '\n', offset) : NULL;

	return newline ? (size_t)(newline - text.text) + 1 : 0;
}

struct place source_place(const struct source *source, size_t known_offset, size_t line, size_t offset)
{
	const struct str text = source->file.text;
	const size_t bom = source_start(source);

	if (offset > text.len)
		offset = text.len;
	if (offset < bom)
		offset = bom;
	if (offset < known_offset) {
		known_offset = 0;
		line = 1;
	}
	size_t from = line_start(text, offset);
	if (from < bom)
		from = bom;
	struct str rest = str_slice(text, from, text.len);
	struct str whole = {rest.text, 0};
	str_line_next(&rest, &whole);
	return (struct place){
	    .path = source->path,
	    .line = line + source_count_lines(source, known_offset, offset),
	    .column = utf8_count(str_slice(text, from, offset)) + 1,
	    .text = whole,
	};
}

/* --- places of statements ------------------------------------------------- */

struct lexer statement_lexer(const struct statement *statement)
{
	return (struct lexer){
	    .text = statement->text, .joins_lines = true, .has_escapes = statement->has_escapes};
}

bool statement_sql(const struct statement *statement, struct arena *arena, const char **out,
                   struct error *err)
{
	const char *sql = str_copy(arena, statement->text);

	if (!file_text_check((struct str){sql, statement->text.len}, statement->source->path, ERROR_FILES, err))
		return false;
	*out = sql;
	return true;
}

static size_t origin_of(const struct statement *statement, size_t offset)
{
	size_t i = statement->piece_count;

	if (offset > statement->text.len)
		offset = statement->text.len;
	while (i > 0 && statement->pieces[i - 1].from > offset)
		i--;
	if (i == 0)
		return statement->offset + (statement->piece_count ? 0 : offset);
	const struct piece *piece = &statement->pieces[i - 1];
	return piece->origin + (piece->is_copied ? offset - piece->from : 0);
}

struct place statement_place(const struct statement *statement, size_t offset)
{
	return source_place(statement->source, statement->offset, statement->line, origin_of(statement, offset));
}

struct place statement_place_of_character(const struct statement *statement, size_t character)
{
	const struct str text = statement->text;
	size_t offset = 0;

	for (; character > 1 && offset < text.len; character--)
		do
			offset++;
		while (offset < text.len && ((unsigned char)text.text[offset] & 0xC0) == 0x80);
	return statement_place(statement, offset);
}

/* --- places in errors ----------------------------------------------------- */

static size_t skip_characters(struct str text, size_t count)
{
	size_t at = 0;

	for (; count > 0 && at < text.len; count--)
		do
			at++;
		while (at < text.len && ((unsigned char)text.text[at] & 0xC0) == 0x80);
	return at;
}

/*
 * A long line is cut to a window around the caret. Tabs and other control
 * characters become spaces: the caret must be below its character, and a
 * file must not talk to the terminal.
 */
static void write_excerpt(struct error *err, struct str line, size_t column)
{
	enum { WIDTH = 100, BEFORE = 60 };
	const size_t skipped = column > WIDTH ? column - BEFORE : 0;
	const size_t from = skip_characters(line, skipped);
	struct str shown = str_slice(line, from, line.len);

	shown.len = skip_characters(shown, WIDTH);
	snprintf(err->excerpt, sizeof(err->excerpt), "%.*s", STR_ARGS(shown));
	for (char *c = err->excerpt; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7F)
			*c = ' ';
	err->caret = (int)(column - skipped);
}

bool error_at(struct error *err, const struct place *place)
{
	snprintf(err->place, sizeof(err->place), "%s:%zu:%zu", place->path, place->line, place->column);
	write_excerpt(err, place->text, place->column);
	return false;
}
