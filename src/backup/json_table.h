/*
 * json_table.h - structs as JSON, by a table
 *
 * A row names a key, what kind of value it has and where in the struct it
 * lies. The same rows write and read. Keys a reader does not know are passed
 * over, so that a newer writer may say more.
 */
#ifndef RUNG_BACKUP_JSON_TABLE_H
#define RUNG_BACKUP_JSON_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum json_field_kind {
	FIELD_TEXT,   /* const char *; NULL is null; any bytes come back as they were */
	FIELD_NUMBER, /* int64_t */
	FIELD_FLAG,   /* bool */
	FIELD_TEXTS,  /* const char **, with a count */
	FIELD_ITEMS,  /* an array of structs, with a count */
	FIELD_PAIRS,  /* an object of texts; an array of struct json_pair, with a count */
};

struct json_pair {
	const char *name; /* UTF-8 */
	const char *value;
};

struct json_field {
	const char *key; /* "size", or "object.size" for one in an object of its own; NULL ends the list */
	enum json_field_kind kind;
	size_t offset;
	bool is_needed; /* a document without it is refused */
	size_t count_offset;
	const struct json_field *item; /* of FIELD_ITEMS */
	size_t item_size;
};

/* The text ends with a newline. */
struct str json_table_write(const struct json_field *fields, const void *from, struct arena *arena);

/* `what` names the document in messages. `into` is zeroed by the caller. */
MUST_USE bool json_table_read(const struct json_field *fields, struct str text, const char *what,
                              struct arena *arena, void *into, struct error *err);

#endif
