/*
 * It doubles, and leaves the old text on the arena: at most as much again as the result, and nobody holds
 * a pointer that is freed. One byte is always kept for the NUL, so buffer_cstr() copies nothing.
 */
#include "base/buffer.h"

#include <stdarg.h>
#include <string.h>

enum { FIRST_SIZE = 256 };

static void make_room(struct buffer *buffer, size_t len)
{
	if (buffer->size - buffer->len > len)
		return;

	size_t size = buffer->size ? buffer->size : FIRST_SIZE;
	while (size - buffer->len <= len)
		size *= 2;
	char *text = arena_alloc(buffer->arena, size);
	if (buffer->len)
		memcpy(text, buffer->text, buffer->len);
	buffer->text = text;
	buffer->size = size;
}

void buffer_add(struct buffer *buffer, struct str s)
{
	make_room(buffer, s.len);
	if (s.len)
		memcpy(buffer->text + buffer->len, s.text, s.len);
	buffer->len += s.len;
	buffer->text[buffer->len] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, str_of(text));
}

void buffer_char(struct buffer *buffer, char c)
{
	buffer_add(buffer, (struct str){&c, 1});
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_text(buffer, arena_vprintf(buffer->arena, format, args));
	va_end(args);
}

char *buffer_cstr(struct buffer *buffer)
{
	make_room(buffer, 0);
	return buffer->text;
}

struct str buffer_str(const struct buffer *buffer)
{
	return (struct str){buffer->text, buffer->len};
}
