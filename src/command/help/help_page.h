/*
 * help_page.h - a page of help for the terminal
 *
 * Headings at the margin, text indented by two and wrapped, lists in two
 * columns. The texts are those of help_text.h and of tables.
 */
#ifndef RUNG_COMMAND_HELP_HELP_PAGE_H
#define RUNG_COMMAND_HELP_HELP_PAGE_H

#include "base/buffer.h"

void page_heading(struct buffer *page, const char *heading);

/* Paragraphs, each followed by an empty line but the last. */
void page_text(struct buffer *page, const char *text);

/* One paragraph below the line before it, indented further. */
void page_note(struct buffer *page, const char *text);

/* "  term      text", the text wrapped in its column; a long term gets a line of its own. */
void page_item(struct buffer *page, const char *term, const char *text);

/* "command\twhat it does" lines: each command with its purpose below. */
void page_examples(struct buffer *page, const char *examples);

#endif
