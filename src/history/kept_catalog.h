/*
 * kept_catalog.h - what the schema was like at the end of the last run that changed it
 *
 * One row in schema_version_catalog. What its fingerprint and its list of
 * objects mean is known to src/catalog; here they are a text and bytes.
 */
#ifndef RUNG_HISTORY_KEPT_CATALOG_H
#define RUNG_HISTORY_KEPT_CATALOG_H

#include "history/history_store.h"

struct kept_catalog {
	int64_t version;         /* the highest that was applied; 0 for none */
	const char *fingerprint; /* in hexadecimal */
	int format;              /* of the fingerprint */
	int server_major;
	const char *kept_by; /* the role that looked, quoted where it needs it */
	const char *kept_at;
	struct str objects;
	bool is_current; /* the history has not changed since */
};

/*
 * Written last, under the migration lock: it belongs to the history as it is then. What the session itself
 * wrote to the catalogs should be counted by then: SQL_history_catalog_flush in an earlier round trip,
 * since 15.
 */
struct request kept_catalog_save(const struct qualified_name *history, const struct kept_catalog *kept,
                                 struct arena *arena);

/* Around a change of the record alone: what is kept belongs to the state behind it, if it did to the one
 * before. */
struct request kept_catalog_mark(const struct qualified_name *history, struct arena *arena);
struct request kept_catalog_follow(const struct qualified_name *history, struct arena *arena);

/*
 * A quick answer: the server has counted no write to its catalogs since. False where there may have been any,
 * or it is not known; a change of the last second may be missed.
 */
bool kept_catalog_is_unmoved(struct session *db, const struct qualified_name *history);

/* What to ask for it, row-level security off: the answer is that of the last. */
enum { KEPT_CATALOG_QUERIES = 2 };
void kept_catalog_queries(const struct qualified_name *history, struct arena *arena,
                          struct read_query out[KEPT_CATALOG_QUERIES]);

/* `*found` false where nothing is kept. Bytes that are no base64 are an error. */
MUST_USE bool kept_catalog_read(const struct rows *rows, struct arena *arena, struct kept_catalog *out,
                                bool *found, struct error *err);

#endif
