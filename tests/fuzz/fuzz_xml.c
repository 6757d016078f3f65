/*
 * Whatever a server says is XML, reading it ends, and what is read is what
 * well-formed XML of two levels says: written again it reads the same. Dates,
 * numbers and keys in it are read as the stores read them. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "store/bucket.h"
#include "store/xml.h"
#include "base/buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_fields(struct buffer *text, const struct http_header_list *fields)
{
	for (size_t i = 0; i < fields->count; i++)
		buffer_printf(text, "<%s>%s</%s>", fields->items[i].name,
		              xml_escape(text->arena, fields->items[i].value), fields->items[i].name);
}

static void check_same(const struct http_header_list *a, const struct http_header_list *b)
{
	assert(a->count == b->count);
	for (size_t i = 0; i < a->count; i++)
		assert(strcmp(a->items[i].name, b->items[i].name) == 0 &&
		       strcmp(a->items[i].value, b->items[i].value) == 0);
}

/* A carriage return and a colon at a name's end do not survive XML itself. */
static bool is_plain(struct str text)
{
	return str_index(text, '\r') == text.len && str_index(text, ':') == text.len &&
	       str_index(text, '&') == text.len;
}

static void check_again(const struct xml_document *document, struct arena *arena)
{
	struct buffer text = {.arena = arena};
	struct xml_document again;

	buffer_printf(&text, "<%s>", document->root);
	add_fields(&text, &document->fields);
	for (size_t i = 0; i < document->row_count; i++) {
		buffer_printf(&text, "<%s>", document->rows[i].name);
		add_fields(&text, &document->rows[i].fields);
		buffer_printf(&text, "</%s>", document->rows[i].name);
	}
	buffer_printf(&text, "</%s>", document->root);
	assert(xml_read(buffer_str(&text), arena, &again) && again.row_count == document->row_count);
	check_same(&again.fields, &document->fields);
	for (size_t i = 0; i < again.row_count; i++)
		check_same(&again.rows[i].fields, &document->rows[i].fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	const struct str text = {(const char *)data, size};
	const char *copy = str_copy(&arena, (struct str){text.text, strnlen(text.text, size)});
	struct xml_document document;
	char *decoded;

	bucket_time(copy);
	if (uri_decode(&arena, str_of(copy), &decoded)) {
		const char *encoded = uri_encode(&arena, str_of(decoded), URI_ENCODE_SLASH);
		char *again;

		assert(uri_decode(&arena, str_of(encoded), &again) && strcmp(again, decoded) == 0);
	}
	if (xml_read(text, &arena, &document) && is_plain(text))
		check_again(&document, &arena);
	return 0;
}
