/*
 * Eighty columns, whatever the terminal has: help is also read in pipes and pagers, pasted into issues and
 * compared by tests, and should be the same text in all of them. Lines are counted in characters, as
 * option names and examples hold none that are wide.
 *
 * A term too long for its column has a line to itself. The alternative, a column as wide as the longest
 * term, would leave the text of all others half the width.
 */
#include "command/help/help_page.h"

#include "command/help/help_text.h"

enum { PAGE_WIDTH = 80, INDENT = 2, DEEP_INDENT = 6, TERM_WIDTH = 28 };

static void add_spaces(struct buffer *page, size_t count)
{
	while (count-- > 0)
		buffer_char(page, ' ');
}

/* Words of one paragraph from column `at` on; lines after the first start at `indent`. */
static void add_wrapped(struct buffer *page, struct str text, size_t indent, size_t at)
{
	struct str word;
	bool is_first = true;

	while (str_split_next(&text, ' ', &word)) {
		const size_t len = utf8_count(word);

		if (!is_first && at + 1 + len > PAGE_WIDTH) {
			buffer_char(page, '\n');
			add_spaces(page, indent);
			at = indent;
		} else if (!is_first) {
			buffer_char(page, ' ');
			at++;
		}
		buffer_add(page, word);
		at += len;
		is_first = false;
	}
	buffer_char(page, '\n');
}

void page_heading(struct buffer *page, const char *heading)
{
	buffer_printf(page, "%s%s\n", page->len ? "\n" : "", heading);
}

void page_text(struct buffer *page, const char *text)
{
	struct str rest = str_of(text);
	struct str line;

	while (str_line_next(&rest, &line)) {
		if (line.len == 0) {
			buffer_char(page, '\n');
			continue;
		}
		add_spaces(page, INDENT);
		add_wrapped(page, line, INDENT, INDENT);
	}
}

void page_note(struct buffer *page, const char *text)
{
	add_spaces(page, DEEP_INDENT);
	add_wrapped(page, str_of(text), DEEP_INDENT, DEEP_INDENT);
}

void page_item(struct buffer *page, const char *term, const char *text)
{
	const size_t len = utf8_count(str_of(term));
	const size_t column = INDENT + TERM_WIDTH;

	add_spaces(page, INDENT);
	buffer_text(page, term);
	if (len + 2 > TERM_WIDTH) {
		buffer_char(page, '\n');
		add_spaces(page, column);
	} else {
		add_spaces(page, TERM_WIDTH - len);
	}
	add_wrapped(page, str_of(text), column, column);
}

void page_examples(struct buffer *page, const char *examples)
{
	struct str rest = str_of(examples);
	struct str command;
	struct str purpose;

	while (help_item_next(&rest, &command, &purpose)) {
		add_spaces(page, INDENT);
		buffer_printf(page, "%.*s\n", STR_ARGS(command));
		if (purpose.len == 0)
			continue;
		add_spaces(page, DEEP_INDENT);
		add_wrapped(page, purpose, DEEP_INDENT, DEEP_INDENT);
	}
}
