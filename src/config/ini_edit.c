/*
 * The text is edited, not written anew from what was parsed: rung.ini is read by people, and its comments
 * say why a value is what it is.
 *
 * A key that is there is replaced where it is, with the comment above it that speaks of it. A new one goes
 * behind the last line of its section that is not empty, before the blank line and the comment that belong
 * to the next.
 */
#include "config/ini_edit.h"

#include "base/buffer.h"

/* Where in the text the line goes. */
struct spot {
	size_t from; /* the bytes from here to `to` make room for it */
	size_t to;
	bool is_in_section;
};

static bool is_heading(struct str line, const char *section)
{
	return line.len > 1 && line.text[0] == '[' && str_is(str_slice(line, 1, str_index(line, ']')), section);
}

static bool has_key(struct str line, const char *key)
{
	const size_t equals = str_index(line, '=');

	return equals < line.len && str_is(str_trim(str_slice(line, 0, equals)), key);
}

/* A section may be there twice: the first one with the key counts, else the last one. */
static struct spot find_spot(struct str text, const char *section, const char *key)
{
	struct spot spot = {text.len, text.len, false};
	bool is_inside = false;

	for (size_t at = 0; at < text.len;) {
		const struct str rest = str_slice(text, at, text.len);
		const struct str line = str_trim(str_slice(rest, 0, str_index(rest, '\n')));
		const size_t end = at + str_index(rest, '\n') + 1;
		const size_t next = end < text.len ? end : text.len;

		if (line.len && line.text[0] == '[')
			is_inside = is_heading(line, section);
		if (is_inside && has_key(line, key))
			return (struct spot){at, next, true};
		if (is_inside && line.len)
			spot = (struct spot){next, next, true};
		at = next;
	}
	return spot;
}

struct str ini_with(struct str text, const char *section, const char *key, const char *value,
                    struct arena *arena)
{
	const struct spot spot = find_spot(text, section, key);
	struct buffer out = {.arena = arena};

	buffer_add(&out, str_slice(text, 0, spot.from));
	if (out.len && out.text[out.len - 1] != '\n')
		buffer_char(&out, '\n');
	if (!spot.is_in_section)
		buffer_printf(&out, "%s[%s]\n", out.len ? "\n" : "", section);
	buffer_printf(&out, "%s = %s\n", key, value);
	buffer_add(&out, str_slice(text, spot.to, text.len));
	return buffer_str(&out);
}

struct str ini_without(struct str text, const char *section, const char *key, struct arena *arena)
{
	for (;;) {
		const struct spot spot = find_spot(text, section, key);
		struct buffer out = {.arena = arena};

		if (spot.from == spot.to)
			return text;
		buffer_add(&out, str_slice(text, 0, spot.from));
		buffer_add(&out, str_slice(text, spot.to, text.len));
		text = buffer_str(&out);
	}
}
