/*
 * The grammar of C2SP's age.md, and nothing of what it means. It is small, and every leniency in it would
 * be an ambiguity, so there is one way to write each header and all others are refused: one space between
 * arguments, LF alone, bodies in lines of exactly 64 columns with a shorter one at the end, which may be
 * empty, base64 without padding and without bits that mean nothing.
 *
 * The MAC covers the bytes of the header up to and with "---", as they are in the file. `authenticated`
 * therefore points into the text; writing the header anew from what was parsed and comparing that would be
 * the same only as long as the grammar is as strict as this.
 *
 * A header is gathered before it is parsed, and it is from an unknown hand: a limit of bytes and of stanzas
 * bounds what it takes, and its first bytes are compared as they come, so that a file which is none of
 * age's is refused by its first piece.
 */
#include "crypto/age_header.h"

#include <string.h>

#include "crypto/base64.h"

enum {
	COLUMNS = 64,
	BYTES_PER_LINE = COLUMNS / 4 * 3,
};

static const char version_line[] = "age-encryption.org/v1\n";
static const char any_version[] = "age-encryption.org/";
static const char stanza_mark[] = "-> ";
static const char end_mark[] = "---";

/* --- gathering ----------------------------------------------------------- */

/* Whether what is there so far can become `expected`. */
static bool may_become(struct str text, const char *expected)
{
	const size_t len = strlen(expected);

	return memcmp(text.text, expected, text.len < len ? text.len : len) == 0;
}

static bool check_version(struct str text, struct error *err)
{
	if (may_become(text, version_line))
		return true;
	if (text.len < strlen(any_version) || !str_starts(text, any_version))
		return error_set(err, ERROR_STORAGE, "this is not a file encrypted with age");
	return error_set(err, ERROR_STORAGE, "the file is of a version of age that is not supported, not v1");
}

static bool is_end_line(const struct age_header_reader *reader)
{
	const struct str line = str_slice(buffer_str(&reader->text), reader->line_start, reader->text.len);

	return str_starts(line, end_mark);
}

static bool take_line(struct age_header_reader *reader, struct str *rest, struct error *err)
{
	const size_t end = str_index(*rest, '\n');
	const bool is_whole = end < rest->len;
	const struct str piece = str_slice(*rest, 0, end + is_whole);

	if (piece.len > AGE_HEADER_LARGEST - reader->text.len)
		return error_set(err, ERROR_STORAGE, "the file's header is larger than %d bytes", AGE_HEADER_LARGEST);
	buffer_add(&reader->text, piece);
	*rest = str_slice(*rest, piece.len, rest->len);
	if (is_whole && is_end_line(reader))
		reader->is_complete = true;
	if (is_whole)
		reader->line_start = reader->text.len;
	return check_version(buffer_str(&reader->text), err);
}

bool age_header_take(struct age_header_reader *reader, struct str *rest, struct error *err)
{
	while (rest->len > 0 && !reader->is_complete)
		if (!take_line(reader, rest, err))
			return false;
	return true;
}

/* --- parsing ------------------------------------------------------------- */

static bool malformed(struct error *err, const char *what)
{
	error_set(err, ERROR_STORAGE, "the file's header is damaged: %s", what);
	return error_hint(err, "It may have been changed, or truncated or converted in transit.");
}

/* Lines end in LF alone: a CR is a character that does not belong there. */
static bool line_next(struct str *rest, struct str *line)
{
	const size_t end = str_index(*rest, '\n');

	if (end == rest->len)
		return false;
	*line = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + 1, rest->len);
	return true;
}

static bool is_visible(struct str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.text[i] < 0x21 || word.text[i] > 0x7e)
			return false;
	return word.len > 0;
}

static bool parse_arguments(struct str line, struct arena *arena, struct age_stanza *out, struct error *err)
{
	struct str *words = NULL;
	size_t count = 0;

	line = str_slice(line, strlen(stanza_mark), line.len);
	for (bool goes_on = true; goes_on;) {
		const size_t space = str_index(line, ' ');
		const struct str word = str_slice(line, 0, space);

		if (!is_visible(word))
			return malformed(err, "a recipient has an empty or unreadable argument");
		*ARENA_PUSH(arena, words, count) = word;
		goes_on = space < line.len;
		line = str_slice(line, space + 1, line.len);
	}
	out->arguments = words;
	out->argument_count = count;
	return true;
}

/* Lines of 64 columns, and a shorter one, possibly empty, that ends the body. */
static bool parse_body(struct str *rest, struct arena *arena, struct age_stanza *out, struct error *err)
{
	struct buffer body = {.arena = arena};
	struct str line;

	do {
		uint8_t bytes[BYTES_PER_LINE];
		size_t size;

		if (!line_next(rest, &line) || line.len > COLUMNS ||
		    !base64_decode(line, BASE64_BARE, bytes, sizeof(bytes), &size))
			return malformed(err, "the key of a recipient is not in canonical base64");
		buffer_add(&body, (struct str){(const char *)bytes, size});
	} while (line.len == COLUMNS);
	out->body = (const uint8_t *)body.text;
	out->body_size = body.len;
	return true;
}

static bool parse_end(struct str line, struct str rest, struct age_header *header, struct error *err)
{
	const size_t mark_len = strlen(end_mark);

	if (line.len <= mark_len || line.text[mark_len] != ' ' ||
	    !base64_decode_exactly(str_slice(line, mark_len + 1, line.len), BASE64_BARE, header->mac,
	                           AGE_MAC_SIZE))
		return malformed(err, "its last line is not in canonical base64");
	if (header->count == 0)
		return malformed(err, "it names no recipient");
	return rest.len == 0 || malformed(err, "there is text after its last line");
}

bool age_header_parse(struct str text, struct arena *arena, struct age_header *out, struct error *err)
{
	struct age_header header = {0};
	struct str rest = text, line;

	if (!str_starts(text, version_line))
		return malformed(err, "it does not begin with the version");
	for (line_next(&rest, &line); line_next(&rest, &line);) {
		if (str_starts(line, end_mark)) {
			header.authenticated = str_slice(text, 0, (size_t)(line.text - text.text) + strlen(end_mark));
			if (!parse_end(line, rest, &header, err))
				return false;
			*out = header;
			return true;
		}
		if (!str_starts(line, stanza_mark))
			return malformed(err, "a line is neither a recipient nor the end");
		if (header.count == AGE_HEADER_MOST_STANZAS)
			return error_set(err, ERROR_STORAGE, "the file has more than %d recipients",
			                 AGE_HEADER_MOST_STANZAS);
		struct age_stanza *stanza = ARENA_PUSH(arena, header.stanzas, header.count);
		if (!parse_arguments(line, arena, stanza, err) || !parse_body(&rest, arena, stanza, err))
			return false;
	}
	return malformed(err, "it is cut short");
}

/* --- writing ------------------------------------------------------------- */

void age_header_begin(struct buffer *text)
{
	buffer_text(text, version_line);
}

void age_header_stanza(struct buffer *text, const char *arguments, const uint8_t *body, size_t body_size)
{
	char line[BASE64_SIZE(BYTES_PER_LINE)];
	size_t len;

	buffer_printf(text, "%s%s\n", stanza_mark, arguments);
	do {
		len = body_size < BYTES_PER_LINE ? body_size : BYTES_PER_LINE;
		buffer_printf(text, "%s\n", base64_encode(body, len, BASE64_BARE, line));
		body += len;
		body_size -= len;
	} while (len == BYTES_PER_LINE);
}

void age_header_mark(struct buffer *text)
{
	buffer_text(text, end_mark);
}

void age_header_end(struct buffer *text, const uint8_t mac[AGE_MAC_SIZE])
{
	char line[BASE64_SIZE(AGE_MAC_SIZE)];

	buffer_printf(text, " %s\n", base64_encode(mac, AGE_MAC_SIZE, BASE64_BARE, line));
}
