/*
 * Whatever leaves for a terminal may come from a server, a file's name or another user's row, and may hold
 * sequences that move the cursor, set the title or reverse the reading direction (CVE-2021-42574 is about
 * the latter in sources). Escapes are therefore not taken out of some texts but out of all, at the last
 * step, and colours of our own travel until then as a byte that no valid UTF-8 has. Code that writes real
 * escapes earlier sees them written out.
 *
 * Widths are wcwidth()'s, for which main sets LC_CTYPE, and no other category. With the "C" locale it knows
 * ASCII alone, and a character it does not know counts as one column.
 *
 * Bytes that are no UTF-8 are shown as \xNN each, never dropped: two names that differ must look different.
 */
#include "report/display.h"

#include <string.h>
#include <wchar.h>

/* The code point at the head of valid UTF-8, and how many bytes it takes. */
static wchar_t code_point(struct str text, size_t *len)
{
	const unsigned char lead = (unsigned char)text.text[0];

	*len = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	unsigned point = *len == 1 ? lead : lead & (0x7FU >> *len);
	for (size_t i = 1; i < *len; i++)
		point = point << 6 | ((unsigned char)text.text[i] & 0x3F);
	return (wchar_t)point;
}

/* Columns of the first character, and its bytes; a byte that is no UTF-8 is a character of its own. */
static int character_width(struct str text, size_t *len)
{
	const unsigned char lead = (unsigned char)text.text[0];

	*len = 1;
	if (lead < 0x80)
		return 1;
	const size_t longest = text.len < 4 ? text.len : 4;
	if (utf8_check(str_slice(text, 0, longest)) == 0)
		return 1;
	const int width = wcwidth(code_point(text, len));
	return width < 0 ? 1 : width;
}

int display_width(struct str text)
{
	int width = 0;
	size_t len;

	for (; text.len; text = str_slice(text, len, text.len))
		width += character_width(text, &len);
	return width;
}

size_t display_fit(struct str text, int width)
{
	const char *start = text.text;
	size_t len;

	for (; text.len; text = str_slice(text, len, text.len)) {
		width -= character_width(text, &len);
		if (width < 0)
			break;
	}
	return (size_t)(text.text - start);
}

/*
 * Code points that steer a terminal or reorder what is read: C1 controls, the
 * marks, embeddings, overrides and isolates of bidirectional text, separators
 * of lines, annotations and tags.
 */
static const struct {
	unsigned first, last;
} steering[] = {{0x80, 0x9F},     {0x61C, 0x61C},   {0x200E, 0x200F},  {0x2028, 0x202E},
                {0x2066, 0x2069}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};

static bool is_steering(unsigned point)
{
	for (size_t i = 0; i < sizeof(steering) / sizeof(*steering); i++)
		if (point >= steering[i].first && point <= steering[i].last)
			return true;
	return point < 0x20 || point == 0x7F;
}

/* The character at the head of `text`: its bytes, its code point (of a byte that is no UTF-8: the byte). */
static bool is_harmful(struct str text, size_t *len, unsigned *point)
{
	*len = 1;
	*point = (unsigned char)text.text[0];
	if (*point < 0x80)
		return is_steering(*point);
	if (utf8_check(str_slice(text, 0, text.len < 4 ? text.len : 4)) == 0)
		return true;
	*point = (unsigned)code_point(text, len);
	return is_steering(*point);
}

static void add_harmless(struct buffer *out, struct str character, unsigned point, bool is_harmed)
{
	if (!is_harmed)
		buffer_add(out, character);
	else
		buffer_printf(out, point < 0x100 ? "\\x%02X" : "\\u%04X", point);
}

static void add_clean(struct buffer *out, struct str line)
{
	size_t len;
	unsigned point;

	for (; line.len; line = str_slice(line, len, line.len)) {
		const bool is_harmed = is_harmful(line, &len, &point);

		if (point == '\t' || point == '\n' || point == '\r')
			buffer_char(out, ' ');
		else
			add_harmless(out, str_slice(line, 0, len), point, is_harmed);
	}
}

/* The numbers terminals know, by the letter after COLOUR_MARK. */
static const char *colour_number(char letter)
{
	static const struct {
		char letter;
		const char *number;
	} numbers[] = {{'0', "0"}, {'b', "1"}, {'d', "2"}, {'r', "31"}, {'g', "32"}, {'y', "33"}, {'c', "36"}};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (numbers[i].letter == letter)
			return numbers[i].number;
	return NULL;
}

char *display_page(struct arena *arena, const char *text)
{
	struct buffer out = {.arena = arena};
	struct str rest = str_of(text);
	unsigned point;

	for (size_t len; rest.len; rest = str_slice(rest, len, rest.len)) {
		const bool is_harmed = is_harmful(rest, &len, &point);
		const char *colour = point == COLOUR_MARK && len == 1 ? colour_number(rest.text[1]) : NULL;

		if (colour) {
			buffer_printf(&out, "\033[%sm", colour);
			len = 2;
		} else {
			add_harmless(&out, str_slice(rest, 0, len), point, is_harmed && point != '\n' && point != '\t');
		}
	}
	return buffer_cstr(&out);
}

/*
 * Above U+FFFF as two surrogates, RFC 8259 section 7. What is below 0x80 jansson has escaped, but for 0x7F.
 */
char *display_json(struct arena *arena, const char *json)
{
	struct buffer out = {.arena = arena};
	struct str rest = str_of(json);
	unsigned point;

	for (size_t len; rest.len; rest = str_slice(rest, len, rest.len)) {
		if (!is_harmful(rest, &len, &point) || point < 0x7F)
			buffer_add(&out, str_slice(rest, 0, len));
		else if (point < 0x10000)
			buffer_printf(&out, "\\u%04X", point);
		else
			buffer_printf(&out, "\\u%04X\\u%04X", 0xD7C0 + (point >> 10), 0xDC00 + (point & 0x3FF));
	}
	return buffer_cstr(&out);
}

char *display_line(struct arena *arena, const char *text)
{
	struct buffer out = {.arena = arena};

	add_clean(&out, str_trim(str_of(text)));
	return buffer_cstr(&out);
}

char *display_block(struct arena *arena, const char *text, int indent)
{
	struct buffer out = {.arena = arena};
	struct str rest = str_of(text);
	struct str line;

	while (str_line_next(&rest, &line)) {
		if (out.len) {
			buffer_char(&out, '\n');
			display_spaces(&out, indent);
		}
		add_clean(&out, line);
	}
	return buffer_cstr(&out);
}

void display_spaces(struct buffer *out, int count)
{
	while (count-- > 0)
		buffer_char(out, ' ');
}

void display_pad(struct buffer *out, const char *text, int width, bool align_right)
{
	const int missing = width - display_width(str_of(text));

	if (align_right)
		display_spaces(out, missing);
	buffer_text(out, text);
	if (!align_right)
		display_spaces(out, missing);
}

char *display_utf8(struct arena *arena, const char *text)
{
	struct buffer out = {.arena = arena};
	struct str rest = str_of(text);

	for (;;) {
		const size_t good = utf8_check(rest);

		buffer_add(&out, str_slice(rest, 0, good));
		if (good == rest.len)
			return buffer_cstr(&out);
		buffer_text(&out, "\xEF\xBF\xBD");
		rest = str_slice(rest, good + 1, rest.len);
	}
}
