/*
 * age's specification asks for strict PEM (RFC 7468), and a lenient reader is the danger: if white space,
 * other line lengths or a second spelling in base64 were accepted, two different files would mean the same,
 * and a tool that looks at one of them would not see the other. So the text is read by lines, each of which
 * is full, the last but the end, or the end.
 *
 * The first byte decides whether a file is armored at all, as a binary one begins with a letter
 * ("age-encryption.org"). White space before and after is allowed, as age itself does, and bounded: a file
 * of blanks would be read for ever.
 */
#include "crypto/armor.h"

#include <string.h>

#include "crypto/base64.h"

enum {
	COLUMNS = 64,
	BYTES_PER_LINE = COLUMNS / 4 * 3,
	LONGEST_LINE = ARMOR_MOST_OUTSIDE,
};

enum armor_place {
	ARMOR_UNDECIDED,
	ARMOR_NONE,
	ARMOR_BEFORE,
	ARMOR_INSIDE,
	ARMOR_LAST, /* a line that was not full: only the end may follow */
	ARMOR_BEHIND,
};

struct armor {
	struct sink sink;
	struct sink *next;
	enum armor_place place;
	char line[LONGEST_LINE];
	size_t line_len;
	size_t outside; /* characters of white space so far */
	struct arena arena;
};

static bool malformed(struct error *err, const char *what)
{
	return error_set(err, ERROR_STORAGE, "the armored file is damaged: %s", what);
}

static bool take_data(struct armor *armor, struct str line, struct error *err)
{
	uint8_t bytes[BYTES_PER_LINE];
	size_t size;

	if (line.len == 0 || line.len > COLUMNS ||
	    !base64_decode(line, BASE64_PADDED, bytes, sizeof(bytes), &size))
		return malformed(err, "a line is not 64 columns of canonical base64");
	if (size < sizeof(bytes))
		armor->place = ARMOR_LAST;
	return sink_write(armor->next, (struct str){(const char *)bytes, size}, err);
}

static bool take_outside(struct armor *armor, struct str line, struct error *err)
{
	armor->outside += line.len + 1;
	if (str_trim(line).len > 0)
		return malformed(err, armor->place == ARMOR_BEFORE ? "it does not begin with its first line"
		                                                   : "it continues after its end");
	return armor->outside <= ARMOR_MOST_OUTSIDE || malformed(err, "there is too much white space around it");
}

static bool take_line(struct armor *armor, struct str line, struct error *err)
{
	const bool is_begin = str_is(line, "-----BEGIN AGE ENCRYPTED FILE-----");
	const bool is_end = str_is(line, "-----END AGE ENCRYPTED FILE-----");

	switch (armor->place) {
	case ARMOR_UNDECIDED:
	case ARMOR_NONE:
		break;
	case ARMOR_BEFORE:
		if (!is_begin)
			return take_outside(armor, line, err);
		armor->place = ARMOR_INSIDE;
		armor->outside = 0;
		break;
	case ARMOR_INSIDE:
	case ARMOR_LAST:
		if (!is_end && armor->place == ARMOR_LAST)
			return malformed(err, "a line in the middle is too short");
		if (!is_end)
			return take_data(armor, line, err);
		armor->place = ARMOR_BEHIND;
		break;
	case ARMOR_BEHIND:
		return take_outside(armor, line, err);
	}
	return true;
}

static bool take_gathered(struct armor *armor, struct error *err)
{
	struct str line = {armor->line, armor->line_len};

	if (line.len > 0 && line.text[line.len - 1] == '\r')
		line.len--;
	armor->line_len = 0;
	return take_line(armor, line, err);
}

/* Up to the next line end, which is where a line is looked at. */
static bool take_piece(struct armor *armor, struct str *rest, struct error *err)
{
	const size_t end = str_index(*rest, '\n');
	const bool is_whole = end < rest->len;

	if (end > sizeof(armor->line) - armor->line_len)
		return malformed(err, "a line is too long");
	memcpy(armor->line + armor->line_len, rest->text, end);
	armor->line_len += end;
	*rest = str_slice(*rest, end + is_whole, rest->len);
	return !is_whole || take_gathered(armor, err);
}

/* A binary file begins with a letter. */
static enum armor_place decide(char first)
{
	return first == '-' || char_is_space(first) ? ARMOR_BEFORE : ARMOR_NONE;
}

static bool armor_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct armor *armor = (struct armor *)sink;

	if (armor->place == ARMOR_UNDECIDED)
		armor->place = decide(bytes.text[0]);
	if (armor->place == ARMOR_NONE)
		return sink_write(armor->next, bytes, err);
	while (bytes.len > 0)
		if (!take_piece(armor, &bytes, err))
			return false;
	return true;
}

/* The last line needs no line end. */
static bool armor_finish(struct sink *sink, struct error *err)
{
	struct armor *armor = (struct armor *)sink;

	if (armor->line_len > 0 && !take_gathered(armor, err))
		return false;
	if (armor->place == ARMOR_BEFORE || armor->place == ARMOR_INSIDE || armor->place == ARMOR_LAST)
		return malformed(err, "it is cut short");
	return sink_finish(armor->next, err);
}

static void armor_discard(struct sink *sink)
{
	sink_discard(((struct armor *)sink)->next);
}

static void armor_close(struct sink *sink)
{
	struct armor *armor = (struct armor *)sink;
	struct arena arena = armor->arena;

	sink_close(&armor->next);
	arena_clear(&arena);
}

struct sink *armor_open(struct sink *next)
{
	static const struct sink_class class = {armor_write, armor_finish, armor_discard, armor_close};
	struct arena arena = {0};
	struct armor *armor = arena_new(&arena, struct armor);

	*armor = (struct armor){.sink.class = &class, .next = next, .arena = arena};
	return &armor->sink;
}
