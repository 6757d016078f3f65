/*
 * Each text goes in with its closing NUL, which none of them holds, and each value behind its name: so no two
 * different objects are the same bytes.
 */
#include "catalog/fingerprint.h"

#include <string.h>

#include "base/buffer.h"
#include "catalog/fact_text.h"

static const struct {
	const char *name;
	enum fingerprint_part part;
} parts_by_name[] = {
    {"owner", PART_OWNER},           {"acl", PART_GRANTS},
    {"comment", PART_COMMENT},       {"label", PART_LABELS},
    {"tablespace", PART_TABLESPACE}, {"column-order", PART_COLUMN_ORDER},
};

/* Attributes that count only where their part is asked for. */
static const struct {
	const char *attribute;
	enum object_kind_number kind; /* or OBJECT_KIND_COUNT: of any */
	enum fingerprint_part part;
} rows[] = {
    {"tablespace", OBJECT_KIND_COUNT, PART_TABLESPACE}, {"position", OBJECT_COLUMN, PART_COLUMN_ORDER},
    {"usual_storage", OBJECT_COLUMN, PART_NONE},        {"real_name", OBJECT_NOT_NULL, PART_NONE},
    {"encoding", OBJECT_COLLATION, PART_NONE}, /* none where it was made from one of the server's */
};

enum fingerprint_part fingerprint_part_find(struct str name)
{
	for (size_t i = 0; i < sizeof(parts_by_name) / sizeof(*parts_by_name); i++)
		if (str_is(name, parts_by_name[i].name))
			return parts_by_name[i].part;
	return 0;
}

bool object_attribute_counts(const struct object *object, const char *name, int parts)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i].attribute, name) == 0 &&
		    (rows[i].kind == OBJECT_KIND_COUNT || object->kind == &object_kinds[rows[i].kind]))
			return (parts & (int)rows[i].part) != 0;
	return true;
}

static void add(struct buffer *out, const char *text)
{
	buffer_text(out, text);
	buffer_char(out, '\0');
}

static void add_pair(struct buffer *out, const char *name, const char *value)
{
	if (!value)
		return;
	add(out, name);
	add(out, value);
}

static void add_grants(struct buffer *out, const struct object *object)
{
	if (object->has_grants)
		add(out, "grants");
	for (uint32_t i = 0; i < object->grant_count; i++) {
		add_pair(out, object->grants[i].grantee, object->grants[i].privileges);
		add_pair(out, "by", object->grants[i].grantor);
	}
}

static void add_remarks(struct buffer *out, const struct object *object, const char *self, int parts)
{
	if (parts & PART_OWNER && object->owner)
		add_pair(out, "owner", strcmp(object->owner, self) == 0 ? "@self" : object->owner);
	if (parts & PART_GRANTS)
		add_grants(out, object);
	if (parts & PART_COMMENT)
		add_pair(out, "comment", object->comment);
	for (uint32_t i = 0; parts & PART_LABELS && i < object->label_count; i++)
		add_pair(out, object->labels[i].provider, object->labels[i].label);
}

bool object_counts(const struct object *object)
{
	return object->kind != &object_kinds[OBJECT_INDEX] || !object_attribute(object, "invalid");
}

void object_digest_with(const struct object *object, const char *self, int parts, struct buffer *text,
                        uint8_t out[DIGEST_SIZE])
{
	text->len = 0;
	buffer_char(text, FINGERPRINT_VERSION);
	add(text, object->kind->name);
	for (uint32_t i = 0; i < object->attribute_count; i++)
		if (object_attribute_counts(object, object->attributes[i].name, parts))
			add_pair(text, object->attributes[i].name,
			         fact_text_settle(text->arena, object->attributes[i].name, object->attributes[i].value));
	add(text, "");
	add_pair(text, "definition", fact_text_settle(text->arena, "definition", object->definition));
	add_remarks(text, object, self, parts);
	digest_of(buffer_str(text), out);
}

void object_digest(const struct object *object, const struct catalog *catalog, int parts,
                   uint8_t out[DIGEST_SIZE])
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};

	object_digest_with(object, catalog->self, parts, &text, out);
}

void fingerprint_add(struct digest *whole, const struct object_kind *kind, const char *identity,
                     const uint8_t own[DIGEST_SIZE], struct buffer *text)
{
	text->len = 0;
	add(text, kind->name);
	add(text, identity);
	buffer_add(text, (struct str){(const char *)own, DIGEST_SIZE});
	digest_add(whole, buffer_str(text));
}

void catalog_fingerprint_noting(const struct catalog *catalog, int parts, note_digest note, void *context,
                                uint8_t out[DIGEST_SIZE])
{
	scoped_arena struct arena arena = {0};
	scoped_digest struct digest *digest = digest_open();
	struct buffer text = {.arena = &arena};

	for (size_t i = 0; i < catalog->count; i++) {
		const struct object *object = catalog->objects[i];
		uint8_t own[DIGEST_SIZE];

		if (!object_counts(object))
			continue;
		object_digest_with(object, catalog->self, parts, &text, own);
		if (note)
			note(context, object, own);
		fingerprint_add(digest, object->kind, object->identity, own, &text);
	}
	digest_finish(digest, out);
}

void catalog_fingerprint(const struct catalog *catalog, int parts, uint8_t out[DIGEST_SIZE])
{
	catalog_fingerprint_noting(catalog, parts, NULL, NULL, out);
}
