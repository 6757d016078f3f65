/*
 * store_kind.h - what each kind of store brings: known to store.c and the kinds
 *
 * store.c has looked at names before they come here: relative, no part empty
 * or starting with a dot, no control characters.
 */
#ifndef RUNG_STORE_STORE_KIND_H
#define RUNG_STORE_STORE_KIND_H

#include "store/store.h"

struct store_kind {
	/* Allocates the store on `arena`, which the store owns from then on. */
	bool (*open)(const struct store_options *options, struct arena *arena, struct store **out,
	             struct error *err);
	void (*close)(struct store *store);                   /* what is not on the arena */
	bool (*is_unmade)(const struct store *store);         /* NULL where nothing is to be made */
	void (*hurry)(struct store *store);                   /* NULL where nothing is tried again */
	bool (*clock)(struct store *store, int64_t *ahead_s); /* NULL where it has none of its own */
	bool (*put)(struct store *store, const char *name, struct sink **out, struct error *err);
	bool (*get)(struct store *store, const char *name, struct sink *into, struct error *err);
	int (*descriptor)(struct store *store, const char *name); /* NULL where objects are no files */
	bool (*list)(struct store *store, const char *prefix, struct arena *arena, struct object_list *out,
	             struct error *err);
	bool (*remove)(struct store *store, const char *name, struct arena *arena, const char **retained_until,
	               struct error *err);
	bool (*unfinished)(struct store *store, struct arena *arena, struct unfinished_list *out,
	                   struct error *err);
	bool (*give_up)(struct store *store, const struct unfinished *item, struct error *err);
};

extern const struct store_kind store_directory; /* a directory */
extern const struct store_kind store_s3;        /* S3-compatible object storage */
extern const struct store_kind store_web;       /* a server that takes HTTPS PUT */

/* Embedded as the first member of every store. */
struct store {
	const struct store_kind *kind;
	const char *name;
	struct arena arena; /* as long as the store */
	bool has_none;      /* what was to be got is not there; set by get(), which store.c cleared it for */
};

enum {
	STORE_SWEEP_AGE_S = 24 * 60 * 60, /* what is unfinished and older belongs to nobody */
};

/* Whether it is named like something of ours: what others began in the same place is theirs to finish. */
bool store_may_sweep(const char *name);

/* Adds an object whose name starts with `prefix`. */
void object_list_add(struct object_list *list, struct arena *arena, const char *prefix,
                     const struct stored_object *object);

#endif
