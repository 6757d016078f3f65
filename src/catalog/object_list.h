/*
 * object_list.h - what a database was made of, small enough to be kept
 *
 * Of each object that counts its kind, its identity and the beginning of its
 * digest, in canonical order: enough to name what was added, changed or removed
 * since, and not what it was like before.
 *
 *	struct object_list now;
 *	struct object_moves moves;
 *
 *	object_list_make(&catalog, PARTS_USUAL, kept_self, arena, &now);
 *	if (!object_list_decode(bytes, arena, &before, err))
 *		return false;
 *	object_list_compare(&before, &now, arena, &moves);
 */
#ifndef RUNG_CATALOG_OBJECT_LIST_H
#define RUNG_CATALOG_OBJECT_LIST_H

#include "catalog/catalog.h"
#include "catalog/fingerprint.h"

/* The fingerprint of the whole is what tells equal from not; these only tell which. */
enum { LISTED_DIGEST_SIZE = 8 };

struct listed_object {
	const struct object_kind *kind;
	const char *identity;
	uint8_t digest[LISTED_DIGEST_SIZE];
};

struct object_list {
	struct listed_object *items; /* in canonical order */
	size_t count;
	uint8_t fingerprint[DIGEST_SIZE]; /* all zero in one that was decoded */
};

/* Identities stay where the catalog has them. `self`: the role that counts as "@self"; NULL: who looked. */
void object_list_make(const struct catalog *catalog, int parts, const char *self, struct arena *arena,
                      struct object_list *out);

struct str object_list_encode(const struct object_list *list, struct arena *arena);

/* Of bytes that may be anything: what is no list is ERROR_FOUND. */
MUST_USE bool object_list_decode(struct str bytes, struct arena *arena, struct object_list *out,
                                 struct error *err);

enum object_move_kind {
	OBJECT_ADDED,
	OBJECT_CHANGED,
	OBJECT_REMOVED,
};

struct object_move {
	enum object_move_kind move;
	const struct object_kind *kind;
	const char *identity;
};

struct object_moves {
	struct object_move *items; /* in canonical order */
	size_t count;
};

void object_list_compare(const struct object_list *before, const struct object_list *after,
                         struct arena *arena, struct object_moves *out);

/* "added", "changed", "removed" */
const char *object_move_name(enum object_move_kind move);

#endif
