/*
 * The server counts characters, a terminal counts columns, and an editor's tab is wider than one: so the
 * line is laid out first, with the offset of the meant character noted on the way, and only then measured.
 * Everything in it passes display_line(), because the line is out of somebody's file and may hold an
 * escape sequence.
 *
 * A generated INSERT can be megabytes in one line. Of such a line there is a window, with the caret in its
 * middle half, so that what stands before the mistake can be read as well.
 */
#include "report/excerpt.h"

#include <string.h>

#include "report/display.h"

enum {
	EXCERPT_WIDTH = 100, /* of a source line; more of it would hide the caret */
	TAB_WIDTH = 4,
};

/* "schema/06_x.sql:17:8" -> "17"; "" when the place has no line. */
static struct str line_number(struct str place)
{
	struct str number = {0};
	struct str rest = place;
	struct str part;
	unsigned long long ignored;

	str_split_next(&rest, ':', &part);
	if (str_split_next(&rest, ':', &part) && str_to_number(part, INT32_MAX, &ignored))
		number = part;
	return number;
}

/*
 * A source line as it is shown: tabs opened, control characters cleaned, and
 * the columns up to each character counted, so that the caret is right
 * under wide characters and after tabs.
 */
struct excerpt {
	struct buffer text;
	size_t caret_offset; /* bytes of `text` before the character the caret means */
};

static void excerpt_fill(struct excerpt *excerpt, const char *source, int caret)
{
	struct str rest = str_of(source);
	int character = 1;

	for (; rest.len; character++) {
		size_t len = 1;

		while (len < rest.len && ((unsigned char)rest.text[len] & 0xC0) == 0x80)
			len++;
		if (character == caret)
			excerpt->caret_offset = excerpt->text.len;
		const struct str one = str_slice(rest, 0, len);
		if (rest.text[0] == '\t')
			display_spaces(&excerpt->text, TAB_WIDTH);
		else if (str_is(one, " "))
			buffer_char(&excerpt->text, ' ');
		else
			buffer_text(&excerpt->text,
			            display_line(excerpt->text.arena, str_copy(excerpt->text.arena, one)));
		rest = str_slice(rest, len, rest.len);
	}
	if (caret >= character)
		excerpt->caret_offset = excerpt->text.len;
}

/* Drops characters from the left until the caret is inside of EXCERPT_WIDTH. */
static struct str excerpt_window(const struct excerpt *excerpt, bool *is_cut)
{
	const struct str text = buffer_str(&excerpt->text);
	const int before = display_width(str_slice(text, 0, excerpt->caret_offset));
	const int drop = before > EXCERPT_WIDTH * 3 / 4 ? before - EXCERPT_WIDTH / 2 : 0;
	const size_t from = display_fit(text, drop);
	const struct str tail = str_slice(text, from, text.len);

	*is_cut = from > 0;
	return str_slice(tail, 0, display_fit(tail, EXCERPT_WIDTH));
}

void excerpt_add(struct buffer *out, struct reporter *reporter, const struct error *err)
{
	struct excerpt excerpt = {.text = {.arena = &reporter->arena}};
	const struct str number = line_number(str_of(err->place));
	const char *dots = reporter->is_utf8 ? "…" : "...";
	bool is_cut;

	excerpt_fill(&excerpt, err->excerpt, err->caret);
	const struct str shown = excerpt_window(&excerpt, &is_cut);
	const char *gutter = arena_printf(&reporter->arena, "%5.*s | ", STR_ARGS(number));
	reporter_add_coloured(out, reporter, stderr, DIM, gutter);
	buffer_printf(out, "%s%.*s\n", is_cut ? dots : "", STR_ARGS(shown));
	if (err->caret <= 0)
		return;
	reporter_add_coloured(out, reporter, stderr, DIM, "      | ");
	const size_t before = excerpt.caret_offset - (size_t)(shown.text - excerpt.text.text);
	display_spaces(out,
	               display_width(str_slice(shown, 0, before)) + (is_cut ? display_width(str_of(dots)) : 0));
	reporter_add_coloured(out, reporter, stderr, RED, "^");
	buffer_char(out, '\n');
}
