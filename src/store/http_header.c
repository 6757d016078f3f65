/*
 * Encoding is strict where HTTP would not mind, because a signature is made of the result: SigV4 wants
 * upper-case digits, all but the unreserved characters of RFC 3986 encoded, and a query sorted by encoded
 * names. What is sent is the very text that was signed; a query that is sent in another order than it was
 * signed in is answered with SignatureDoesNotMatch.
 *
 * Decoding refuses %00: names are C strings from here on, and a name cut there would be that of another
 * object.
 */
#include "store/http_header.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

void http_header_add(struct http_header_list *list, struct arena *arena, const char *name, const char *value)
{
	*ARENA_PUSH(arena, list->items, list->count) = (struct http_header){name, value};
}

const char *http_header_find(const struct http_header_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_is_folded(str_of(list->items[i].name), name))
			return list->items[i].value;
	return NULL;
}

/* RFC 3986, and what SigV4 calls UriEncode(). */
static bool is_unreserved(char c)
{
	return (char_fold(c) >= 'a' && char_fold(c) <= 'z') || char_is_digit(c) || (c && strchr("-._~", c));
}

char *uri_encode(struct arena *arena, struct str text, enum uri_slash slash)
{
	static const char digits[] = "0123456789ABCDEF";
	struct buffer buffer = {.arena = arena};

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.text[i];

		if (is_unreserved(c) || (c == '/' && slash == URI_KEEP_SLASH)) {
			buffer_char(&buffer, c);
			continue;
		}
		buffer_char(&buffer, '%');
		buffer_char(&buffer, digits[(unsigned char)c >> 4]);
		buffer_char(&buffer, digits[(unsigned char)c & 15]);
	}
	return buffer_cstr(&buffer);
}

static int hex_value(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, char_fold(c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

bool uri_decode(struct arena *arena, struct str text, char **out)
{
	struct buffer buffer = {.arena = arena};

	for (size_t i = 0; i < text.len; i++) {
		if (text.text[i] != '%') {
			buffer_char(&buffer, text.text[i]);
			continue;
		}
		const int high = i + 2 < text.len ? hex_value(text.text[i + 1]) : -1;
		const int low = high >= 0 ? hex_value(text.text[i + 2]) : -1;
		if (low < 0 || (high == 0 && low == 0))
			return false;
		buffer_char(&buffer, (char)(high << 4 | low));
		i += 2;
	}
	*out = buffer_cstr(&buffer);
	return true;
}

/* Sorted by encoded name, then by encoded value. */
static int compare_fields(const void *a, const void *b)
{
	const struct http_header *one = a;
	const struct http_header *other = b;
	const int by_name = strcmp(one->name, other->name);

	return by_name ? by_name : strcmp(one->value, other->value);
}

char *uri_query(struct arena *arena, const struct http_header_list *query)
{
	struct http_header_list encoded = {0};
	struct buffer buffer = {.arena = arena};

	for (size_t i = 0; i < query->count; i++)
		http_header_add(&encoded, arena, uri_encode(arena, str_of(query->items[i].name), URI_ENCODE_SLASH),
		                uri_encode(arena, str_of(query->items[i].value), URI_ENCODE_SLASH));
	if (encoded.count)
		qsort(encoded.items, encoded.count, sizeof(*encoded.items), compare_fields);
	for (size_t i = 0; i < encoded.count; i++)
		buffer_printf(&buffer, "%s%s=%s", i ? "&" : "", encoded.items[i].name, encoded.items[i].value);
	return buffer_cstr(&buffer);
}
