/*
 * http_header.h - names with values, as the headers and queries of HTTP have them
 */
#ifndef RUNG_STORE_HTTP_HEADER_H
#define RUNG_STORE_HTTP_HEADER_H

#include "base/arena.h"
#include "base/str.h"

struct http_header {
	const char *name;
	const char *value;
};

struct http_header_list {
	struct http_header *items;
	size_t count;
};

/* Texts stay where they are; they must live as long as the list. */
void http_header_add(struct http_header_list *list, struct arena *arena, const char *name, const char *value);

/* The value of a header, whatever the case of its name; NULL without one. */
const char *http_header_find(const struct http_header_list *list, const char *name);

enum uri_slash { URI_ENCODE_SLASH, URI_KEEP_SLASH };

/* Everything but letters, digits and "-._~" as %XX, in upper case. */
char *uri_encode(struct arena *arena, struct str text, enum uri_slash slash);

/* What %XX stands for; false when it is not one. */
bool uri_decode(struct arena *arena, struct str text, char **out);

/* "a=1&b=" encoded and sorted, as signatures want it and servers take it; "" for none. */
char *uri_query(struct arena *arena, const struct http_header_list *query);

#endif
