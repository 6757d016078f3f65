/*
 * catalog_filter.h - which objects of a catalog are looked at
 *
 * Patterns as pg_dump has them (backup/pattern.h), several with commas between
 * them. What is not chosen is as if it were not there, and so is what goes with
 * it: children, sequences of its columns.
 *
 * Schemas that extensions keep their own state in (cron, pgmq, ...) are left
 * alone without being asked.
 */
#ifndef RUNG_COMMAND_GENERATE_CATALOG_FILTER_H
#define RUNG_COMMAND_GENERATE_CATALOG_FILTER_H

#include "catalog/catalog.h"

struct catalog_filter_options {
	const char *schemas;           /* only these, and nothing that is in no schema; NULL: all */
	const char *exclude_schemas;   /* NULL: none; the same below */
	const char *exclude;           /* names of tables, views, functions, types ... */
	const char *ignore_partitions; /* tables whose partitions are made by others */
};

struct name_list {
	const char **items;
	size_t count;
};

struct name_pattern;
struct catalog_filter {
	struct name_pattern *schemas;
	struct name_pattern *exclude_schemas;
	struct name_pattern *exclude;
	struct name_pattern *ignore_partitions;
	bool has_schemas;
	const struct object **left_alone; /* by kind and identity; side_choice.c adds them */
	size_t left_alone_count;
};

/* Refuses (ERROR_USAGE) what is no regular expression. Patterns lie on `arena`; their insides are to be
 * cleared. */
MUST_USE bool catalog_filter_open(const struct catalog_filter_options *options, struct arena *arena,
                                  struct catalog_filter *out, struct error *err);
void catalog_filter_close(struct catalog_filter *filter);
#define scoped_catalog_filter SCOPED(catalog_filter_close)

/*
 * Takes the objects that are not chosen out of `catalog`; who is looked for by catalog_find() is then not
 * found, and others still point to them. `*left_alone` is given the schemas of extensions that held some,
 * once each; it grows on `arena`.
 */
void catalog_filter_apply(const struct catalog_filter *filter, struct arena *arena, struct catalog *catalog,
                          struct name_list *left_alone);

#endif
