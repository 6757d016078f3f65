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

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7F;
}

/* C1 controls (U+0080 to U+009F) steer some terminals too. */
static bool is_c1(const char *text)
{
	return (unsigned char)text[0] == 0xC2 && (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] < 0xA0;
}

static void add_clean(struct buffer *out, struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		const char c = line.text[i];

		if (c == '\t' || c == '\n' || c == '\r')
			buffer_char(out, ' ');
		else if (is_control(c))
			buffer_printf(out, "\\x%02X", (unsigned char)c);
		else if (i + 1 < line.len && is_c1(line.text + i))
			buffer_printf(out, "\\x%02X", (unsigned char)line.text[++i]);
		else
			buffer_char(out, c);
	}
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
