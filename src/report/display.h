/*
 * display.h - text on a terminal: how wide it is, and what must not reach it
 *
 * Widths are columns: a wide character takes two, a combining one none. Where
 * text is not UTF-8 each byte counts as one.
 */
#ifndef RUNG_REPORT_DISPLAY_H
#define RUNG_REPORT_DISPLAY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/str.h"

int display_width(struct str text);

/* The bytes of the longest head of `text` that fits into `width` columns. */
size_t display_fit(struct str text, int width);

/*
 * What leaves for a screen passes here last, no matter who wrote it: a server's
 * message, a file's name, a row of the history could steer the terminal, or
 * look like what they are not. Control characters, those of bidirectional text
 * and bytes that are no UTF-8 are written out (\x1B, \u202E); line ends and
 * tabs stay. Colours are COLOUR_MARK and a letter until then, which no text
 * holds that is UTF-8.
 */
char *display_page(struct arena *arena, const char *text);
#define COLOUR_MARK 0xFF

/* The same for a finished JSON text, whose strings have escapes of their own. */
char *display_json(struct arena *arena, const char *json);

/* One line, cleaned as by display_page(); line ends and tabs become spaces. */
char *display_line(struct arena *arena, const char *text);

/* The same, but lines stay lines; each but the first is indented by `indent`. */
char *display_block(struct arena *arena, const char *text, int indent);

/* Adds `text`, then spaces up to `width`; or before, to align at the right. */
void display_pad(struct buffer *out, const char *text, int width, bool align_right);
void display_spaces(struct buffer *out, int count);

/* Valid UTF-8: bytes that are none, and NULs, become U+FFFD. */
char *display_utf8(struct arena *arena, const char *text);

#endif
