/*
 * catalog.h - what a database is made of
 *
 * A picture of its catalogs: every object of the user's, flat, each fact one
 * of its own (a column, its default, a constraint, an index are objects beside
 * their table, which is their parent). Left out is what is the server's, an
 * extension's (the extension itself is there), temporary, or rung's own.
 *
 * Texts are the server's own, read with an empty search_path, so that they
 * name everything in full; names are quoted where SQL needs it. Two catalogs
 * compare where both servers are of the same major version: each prints
 * expressions in its own way.
 *
 *	const struct object *table = catalog_find(&catalog, OBJECT_TABLE, "app.items");
 *	const char *owner = table ? table->owner : NULL;
 *
 * Everything lies on the arena that was given to catalog_load().
 */
#ifndef RUNG_CATALOG_CATALOG_H
#define RUNG_CATALOG_CATALOG_H

#include "base/arena.h"
#include "base/error.h"
#include "catalog/object_kind.h"
#include "pg/query.h"

struct attribute {
	const char *name;
	const char *value; /* never NULL nor "": what is as it is by default is no attribute; "true" for flags */
};

struct grant {
	const char *grantee;    /* "" is PUBLIC, "@owner" the owner of the object */
	const char *privileges; /* "INSERT, SELECT*": sorted; with "*" they may be granted on */
	const char *grantor;    /* NULL: the owner */
};

/* A security label. */
struct label {
	const char *provider;
	const char *label;
};

/* As pg_depend has it: 'n' normal, 'a' automatic, 'i' internal, 'P' and 'S' of partitions, 'x' of an
 * extension. */
struct dependency {
	struct object *object;
	char type;
};

/* Where the server keeps it: of no meaning in another database. */
struct catalog_address {
	uint32_t class;
	uint32_t oid;
	uint32_t sub; /* a column's number, or 0 */
};

struct object {
	const struct object_kind *kind;
	const char *identity;  /* one among those of its kind: app.items, app.items.price, app.f(integer, text) */
	const char *schema;    /* NULL for what lies in none, or in its parent's */
	const char *name;      /* NULL for what has none: a column's default */
	struct object *parent; /* NULL for none */
	struct object *first_child; /* in canonical order */
	struct object *next_sibling;
	const char *owner;                  /* NULL for what belongs to its parent's */
	const char *definition;             /* NULL for what attributes say in full */
	const char *comment;                /* NULL for none */
	const struct attribute *attributes; /* sorted by name */
	struct grant *grants;
	struct label *labels;
	struct dependency *needs;     /* what it is made with */
	struct dependency *needed_by; /* what would go with it, or stops it from going */
	uint32_t attribute_count;
	uint32_t grant_count;
	uint32_t label_count;
	uint32_t need_count;
	uint32_t needed_by_count;
	bool has_grants; /* other ones than such an object has by default; possibly none at all */
	bool is_left_out;
	struct catalog_address address;
};

struct catalog {
	struct object **objects; /* in canonical order: by kind, then by identity, bytewise */
	size_t count;
	const char *self; /* the role that looked */
	int server_version;
	const char **unmodelled; /* what is there and no kind is known for, in the server's words */
	size_t unmodelled_count;
};

struct address_map;

/* Something of the caller's that is asked in the same round trip and answered of the same moment. */
struct catalog_question {
	const char *sql;
	struct params params;
	struct rows **answer; /* the caller's to clear; NULL: what it says does not matter */
};

struct catalog_options {
	const struct qualified_name *history; /* its tables are rung's and left out; NULL for none */
	/*
	 * For who looks often over one connection, a fifth of the time: NULL, or false at first, then what it
	 * was set to. Not through a pooler, nor again after a failure.
	 */
	bool *is_prepared;
	uint64_t skipped;                         /* kinds that are not read, as bits 1 << number; for tests */
	const struct catalog_question *questions; /* before the catalogs; one that is refused refuses all */
	size_t question_count;
	struct address_map *map; /* NULL, or where all addresses are kept that are known, left out ones too */
};

/*
 * Reads it in one transaction and one round trip: of its own where none is open, else in the open one, as
 * of now. A further round trip names what is unmodelled.
 */
MUST_USE bool catalog_load(struct session *db, const struct catalog_options *options, struct arena *arena,
                           struct catalog *out, struct error *err);

/* NULL when there is none. */
const struct object *catalog_find(const struct catalog *catalog, enum object_kind_number kind,
                                  const char *identity);

/* NULL when it is not set. */
const char *object_attribute(const struct object *object, const char *name);

/* Canonical order, for qsort: of pointers to objects. */
int object_compare(const void *a, const void *b);

#endif
