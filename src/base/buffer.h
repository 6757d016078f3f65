/*
 * buffer.h - text in the making, on an arena
 */
#ifndef RUNG_BASE_BUFFER_H
#define RUNG_BASE_BUFFER_H

#include "base/arena.h"
#include "base/str.h"

struct buffer {
	struct arena *arena; /* set by the owner; everything else starts zeroed */
	char *text;          /* NUL-terminated once anything was added */
	size_t len;
	size_t size;
};

void buffer_add(struct buffer *buffer, struct str s);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_char(struct buffer *buffer, char c);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* The text so far: never NULL, valid until the next addition. */
char *buffer_cstr(struct buffer *buffer);
struct str buffer_str(const struct buffer *buffer);

#endif
