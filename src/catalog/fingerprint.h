/*
 * fingerprint.h - whether two databases are made of the same
 *
 * An object's digest is over what it is, without its name: attributes and
 * definition, and as far as asked for its owner, grants, comment and labels.
 * A catalog's is over the identities and digests of all objects, in order.
 * Numbers of rows in catalogs, dropped columns, and the order in which things
 * were made, are in neither. The current role is "@self" as an owner, so that a
 * copy that somebody else owns, who looks at it, is the same.
 *
 * An invalid index counts as absent.
 */
#ifndef RUNG_CATALOG_FINGERPRINT_H
#define RUNG_CATALOG_FINGERPRINT_H

#include "base/buffer.h"
#include "base/digest.h"
#include "catalog/catalog.h"

/* What a fingerprint is made of beside attributes and definitions. */
enum fingerprint_part {
	PART_NONE = 0, /* of what is read to write statements with, and is no difference */
	PART_OWNER = 1,
	PART_GRANTS = 2,
	PART_COMMENT = 4,
	PART_LABELS = 8,
	PART_TABLESPACE = 16,
	PART_COLUMN_ORDER = 32, /* of tables and views; that of composite types always counts */
	PARTS_USUAL = PART_OWNER | PART_GRANTS | PART_COMMENT | PART_LABELS,
};

/* 0 when no part is called so: owner, acl, comment, label, tablespace, column-order. */
enum fingerprint_part fingerprint_part_find(struct str name);

/* Counted up with what goes into a digest: another version means another fingerprint, and no drift. */
enum { FINGERPRINT_VERSION = 2 };

bool object_counts(const struct object *object);

/* Whether a digest of these parts is over that attribute. */
bool object_attribute_counts(const struct object *object, const char *name, int parts);
void object_digest(const struct object *object, const struct catalog *catalog, int parts,
                   uint8_t out[DIGEST_SIZE]);
void catalog_fingerprint(const struct catalog *catalog, int parts, uint8_t out[DIGEST_SIZE]);

/* What both are made of, for who has one object at a time; `text` is written over. */
void object_digest_with(const struct object *object, const char *self, int parts, struct buffer *text,
                        uint8_t out[DIGEST_SIZE]);
void fingerprint_add(struct digest *whole, const struct object_kind *kind, const char *identity,
                     const uint8_t own[DIGEST_SIZE], struct buffer *text);

/* The same; `note`, unless NULL, is told each object that counts with its digest, in order. */
typedef void (*note_digest)(void *context, const struct object *object, const uint8_t digest[DIGEST_SIZE]);
void catalog_fingerprint_noting(const struct catalog *catalog, int parts, note_digest note, void *context,
                                uint8_t out[DIGEST_SIZE]);

#endif
