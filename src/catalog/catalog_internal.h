/*
 * catalog_internal.h - a catalog while it is read, for the files of catalog/ only
 *
 * What is needed only until the catalog is whole lies on an arena of its own.
 */
#ifndef RUNG_CATALOG_CATALOG_INTERNAL_H
#define RUNG_CATALOG_CATALOG_INTERNAL_H

#include "catalog/address_map.h"
#include "catalog/catalog.h"
#include "catalog/catalog_query.h"
#include "catalog/text_pool.h"

/* An object, and what is looked up when all are there. */
struct found_object {
	struct object *object;
	struct catalog_address parent; /* class 0: none */
	uint32_t schema;               /* 0: none */
	const char *tail;
};

struct found_dependency {
	struct catalog_address from;
	struct catalog_address to;
	char type;
};

struct catalog_reading {
	struct arena *arena; /* the catalog's */
	struct arena *scratch;
	const struct catalog_options *options;
	struct text_pool texts;
	struct address_map map;     /* where objects are only listed: those of which something is said */
	struct address_map members; /* of extensions: those of them that are objects here */
	struct found_object *found;
	size_t count;
	struct found_dependency *dependencies;
	size_t dependency_count;
	const char *self;
	const char **unknown; /* what cannot be looked into */
	size_t unknown_count;
	struct catalog_address *unmodelled;
	size_t unmodelled_count;
	struct object_listing *listing; /* NULL: objects are kept whole */
	const char *vanished;           /* one whose definition the server had no more */
};

/*
 * catalog_ask.c: asks for everything and hands each answer to one of the functions below. Where objects are
 * only listed, what is said of them comes before them.
 */
MUST_USE bool reading_ask(struct session *db, struct catalog_reading *reading, struct error *err);

/* object_rows.c: each takes the rows of one answer. */
void reading_take_objects(struct catalog_reading *reading, const struct catalog_query *query,
                          const struct rows *rows);
void reading_take_absorbed(struct catalog_reading *reading, const struct rows *rows);
void reading_take_dependencies(struct catalog_reading *reading, const struct rows *rows);
void reading_take_comments(struct catalog_reading *reading, const struct rows *rows);
void reading_take_labels(struct catalog_reading *reading, const struct rows *rows);
void reading_take_grants(struct catalog_reading *reading, const struct rows *rows);
void reading_take_gone(struct catalog_reading *reading, const struct rows *rows);

/* object_listing.c: an object whose texts last until the function returns. */
void listing_take(struct catalog_reading *reading, const struct found_object *found);

/* object_identity.c: parents, schemas and identities, once all objects are there. */
void reading_name_objects(struct catalog_reading *reading);

/* Of one whose schema is known; `parent` is its parent's identity, or NULL, and may be the result. */
const char *object_identity_make(const struct object *object, const char *tail, const char *parent,
                                 struct arena *arena);

/* left_out.c: whether it is not the user's by itself; and marks all that is not, and what goes with it. */
bool reading_is_not_users(const struct catalog_reading *reading, const struct object *object);
void reading_leave_out(struct catalog_reading *reading);

/* dependency.c: what needs what among the objects that are left, and what no kind is known for. */
void reading_link(struct catalog_reading *reading);

#endif
