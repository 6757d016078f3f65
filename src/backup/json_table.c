/*
 * The manifest and the facts are read from stores that others can write to, so what does not fit the
 * table is an error and never guessed: another kind of value, a missing key that is needed, a key twice
 * (two readers could take different ones, and the signature would cover both). A text with \u0000 is
 * refused by jansson, so what is kept as a C string is all that was there. A key that is absent or null
 * leaves the field as the caller had it.
 *
 * A dot in a key means one object inside another, one level deep; find_value() and object_for() know no
 * more.
 *
 * JSON holds UTF-8 alone, and a database may not: one with the encoding SQL_ASCII has any bytes in its
 * names and settings, and roles were perhaps made by another database's encoding. Such a text is written
 * as {"base64": "..."} and read back byte for byte, since "?" or an escape in its place would be restored
 * as it stands. Names of pairs must be UTF-8 already: put() ends the process where one is not, because
 * jansson would leave the pair out and say nothing that we could not miss.
 */
#include "backup/json_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/scope.h"
#include "crypto/base64.h"

static void json_clear(json_t **value)
{
	json_decref(*value);
}
#define scoped_json SCOPED(json_clear)

/* --- writing ---------------------------------------------------------- */

static json_t *write_fields(const struct json_field *fields, const void *from);

static void put(json_t *object, const char *key, json_t *value)
{
	assert(utf8_check(str_of(key)) == strlen(key));
	if (json_object_set_new(object, key, value) < 0)
		die_out_of_memory();
}

/* The key of an object that stands for a text which is not UTF-8. */
static const char bytes_key[] = "base64";

static json_t *write_bytes(struct str bytes)
{
	scoped_arena struct arena arena = {0};
	json_t *object = json_object();

	put(object, bytes_key,
	    json_string(base64_encode((const uint8_t *)bytes.text, bytes.len, BASE64_PADDED,
	                              arena_alloc(&arena, BASE64_SIZE(bytes.len)))));
	return object;
}

static json_t *write_text(const char *text)
{
	const struct str bytes = text ? str_of(text) : (struct str){0};

	if (!text)
		return json_null();
	return utf8_check(bytes) == bytes.len ? json_string(text) : write_bytes(bytes);
}

static json_t *write_list(const struct json_field *field, const char *items, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		if (json_array_append_new(list, field->kind == FIELD_TEXTS
		                                    ? write_text(((const char *const *)items)[i])
		                                    : write_fields(field->item, items + i * field->item_size)) < 0)
			die_out_of_memory();
	return list;
}

static json_t *write_pairs(const struct json_pair *pairs, size_t count)
{
	json_t *object = json_object();

	for (size_t i = 0; i < count; i++)
		put(object, pairs[i].name, write_text(pairs[i].value));
	return object;
}

static json_t *write_value(const struct json_field *field, const char *from)
{
	const void *at = from + field->offset;
	const size_t *count = (const size_t *)(from + field->count_offset);

	switch (field->kind) {
	case FIELD_TEXT:
		return write_text(*(const char *const *)at);
	case FIELD_NUMBER:
		return json_integer(*(const int64_t *)at);
	case FIELD_FLAG:
		return json_boolean(*(const bool *)at);
	case FIELD_TEXTS:
	case FIELD_ITEMS:
		return write_list(field, *(const char *const *)at, *count);
	case FIELD_PAIRS:
		return write_pairs(*(const struct json_pair *const *)at, *count);
	}
	return json_null();
}

/* The object a key lies in, made when missing; `*key` loses its front part. */
static json_t *object_for(json_t *root, const char **key)
{
	const char *dot = strchr(*key, '.');

	if (!dot)
		return root;
	json_t *object = json_object_getn(root, *key, (size_t)(dot - *key));
	if (!object) {
		object = json_object();
		if (json_object_setn_new(root, *key, (size_t)(dot - *key), object) < 0)
			die_out_of_memory();
	}
	*key = dot + 1;
	return object;
}

static json_t *write_fields(const struct json_field *fields, const void *from)
{
	json_t *root = json_object();

	for (const struct json_field *field = fields; field->key; field++) {
		const char *key = field->key;
		json_t *object = object_for(root, &key);

		put(object, key, write_value(field, from));
	}
	return root;
}

struct str json_table_write(const struct json_field *fields, const void *from, struct arena *arena)
{
	scoped_json json_t *root = write_fields(fields, from);
	scoped_malloced char *text = json_dumps(root, JSON_INDENT(2));

	if (!text)
		die_out_of_memory();
	return str_of(arena_printf(arena, "%s\n", text));
}

/* --- reading ---------------------------------------------------------- */

struct reading {
	const char *what;
	struct arena *arena;
	struct error *err;
};

static bool read_fields(const struct reading *it, const struct json_field *fields, const json_t *root,
                        void *into);

static bool refuse(const struct reading *it, const char *key, const char *why)
{
	return error_set(it->err, ERROR_STORAGE, "cannot use %s: \"%s\" %s", it->what, key, why);
}

/* NULL for what cannot be a C string of ours: another form of base64, a zero byte. */
static const char *read_bytes(struct arena *arena, struct str encoded)
{
	char *text = arena_alloc(arena, encoded.len + 1);
	size_t len;

	if (!base64_decode(encoded, BASE64_PADDED, (uint8_t *)text, encoded.len, &len))
		return NULL;
	text[len] = '\0';
	return strlen(text) == len ? text : NULL;
}

static const char *text_of(const struct reading *it, const json_t *value)
{
	const json_t *bytes = json_object_get(value, bytes_key);

	if (json_is_string(bytes) && json_object_size(value) == 1)
		return read_bytes(it->arena, str_of(json_string_value(bytes)));
	return json_is_string(value) ? arena_strdup(it->arena, json_string_value(value)) : NULL;
}

static bool read_text(const struct reading *it, const json_t *value, const char **out)
{
	*out = text_of(it, value);
	return *out != NULL;
}

static bool read_texts(const struct reading *it, const json_t *value, const char ***out, size_t *count)
{
	*count = json_array_size(value);
	*out = arena_array(it->arena, const char *, *count + 1);
	for (size_t i = 0; i < *count; i++)
		if (!((*out)[i] = text_of(it, json_array_get(value, i))))
			return false;
	return true;
}

static bool read_items(const struct reading *it, const struct json_field *field, const json_t *value,
                       void **out, size_t *count)
{
	*count = json_array_size(value);
	*out = arena_alloc(it->arena, (*count + 1) * field->item_size);
	for (size_t i = 0; i < *count; i++)
		if (!read_fields(it, field->item, json_array_get(value, i), (char *)*out + i * field->item_size))
			return false;
	return true;
}

static bool read_pairs(const struct reading *it, json_t *value, struct json_pair **out, size_t *count)
{
	const char *key;
	json_t *member;

	*count = 0;
	*out = arena_array(it->arena, struct json_pair, json_object_size(value) + 1);
	json_object_foreach(value, key, member)
	{
		(*out)[*count] = (struct json_pair){arena_strdup(it->arena, key), text_of(it, member)};
		if (!(*out)[(*count)++].value)
			return false;
	}
	return true;
}

static bool has_kind(const struct json_field *field, const json_t *value)
{
	switch (field->kind) {
	case FIELD_TEXT:
		return json_is_string(value) || json_is_object(value);
	case FIELD_NUMBER:
		return json_is_integer(value);
	case FIELD_FLAG:
		return json_is_boolean(value);
	case FIELD_TEXTS:
	case FIELD_ITEMS:
		return json_is_array(value);
	case FIELD_PAIRS:
		return json_is_object(value);
	}
	return false;
}

static bool read_value(const struct reading *it, const struct json_field *field, json_t *value, char *into)
{
	void *at = into + field->offset;
	size_t *count = (size_t *)(into + field->count_offset);

	switch (field->kind) {
	case FIELD_TEXT:
		return read_text(it, value, at) || refuse(it, field->key, "is not a string");
	case FIELD_NUMBER:
		*(int64_t *)at = json_integer_value(value);
		return true;
	case FIELD_FLAG:
		*(bool *)at = json_is_true(value);
		return true;
	case FIELD_TEXTS:
		return read_texts(it, value, at, count) || refuse(it, field->key, "is not a list of strings");
	case FIELD_ITEMS:
		return read_items(it, field, value, at, count);
	case FIELD_PAIRS:
		return read_pairs(it, value, at, count) || refuse(it, field->key, "is not an object of strings");
	}
	return false;
}

static json_t *find_value(const json_t *root, const char *key)
{
	const char *dot = strchr(key, '.');

	return dot ? json_object_get(json_object_getn(root, key, (size_t)(dot - key)), dot + 1)
	           : json_object_get(root, key);
}

static bool read_fields(const struct reading *it, const struct json_field *fields, const json_t *root,
                        void *into)
{
	for (const struct json_field *field = fields; field->key; field++) {
		json_t *value = find_value(root, field->key);

		if (!value || json_is_null(value)) {
			if (field->is_needed)
				return refuse(it, field->key, "is missing");
			continue;
		}
		if (!has_kind(field, value))
			return refuse(it, field->key, "has the wrong type");
		if (!read_value(it, field, value, into))
			return false;
	}
	return true;
}

bool json_table_read(const struct json_field *fields, struct str text, const char *what, struct arena *arena,
                     void *into, struct error *err)
{
	const struct reading it = {what, arena, err};
	json_error_t trouble;
	scoped_json json_t *root = json_loadb(text.text, text.len, JSON_REJECT_DUPLICATES, &trouble);

	if (!root)
		return error_set(err, ERROR_STORAGE, "cannot use %s: %s (line %d)", what, trouble.text, trouble.line);
	if (!json_is_object(root))
		return error_set(err, ERROR_STORAGE, "cannot use %s: it is not a JSON object", what);
	return read_fields(&it, fields, root, into);
}
