#include "history/kept_catalog.h"

#include <string.h>

#include "base/number_text.h"
#include "crypto/base64.h"

/* The columns of catalog_kept.sql. */
enum {
	KEPT_VERSION,
	KEPT_FINGERPRINT,
	KEPT_FORMAT,
	KEPT_SERVER_MAJOR,
	KEPT_BY,
	KEPT_AT,
	KEPT_OBJECTS,
	KEPT_IS_CURRENT,
};

static const char *with_facts(const char *sql, struct arena *arena)
{
	static const struct query_word words[] = {{"writes", SQL_history_catalog_writes},
	                                          {"recorded", SQL_history_catalog_recorded}};

	return query_fill(arena, sql, words, 2);
}

struct request kept_catalog_save(const struct qualified_name *history, const struct kept_catalog *kept,
                                 struct arena *arena)
{
	char *objects = arena_alloc(arena, BASE64_SIZE(kept->objects.len));

	(void)!base64_encode((const uint8_t *)kept->objects.text, kept->objects.len, BASE64_PADDED, objects);
	return request_make(history, with_facts(SQL_history_catalog_keep, arena),
	                    PARAMS(kept->fingerprint, number_text(arena, kept->format),
	                           number_text(arena, kept->server_major), kept->kept_by, objects),
	                    arena);
}

struct request kept_catalog_mark(const struct qualified_name *history, struct arena *arena)
{
	return request_make(history, with_facts(SQL_history_fold_mark, arena), NO_PARAMS, arena);
}

struct request kept_catalog_follow(const struct qualified_name *history, struct arena *arena)
{
	return request_make(history, with_facts(SQL_history_fold_keep, arena), NO_PARAMS, arena);
}

void kept_catalog_queries(const struct qualified_name *history, struct arena *arena,
                          struct read_query out[KEPT_CATALOG_QUERIES])
{
	out[0] = (struct read_query){SQL_history_read_all, NO_PARAMS};
	out[1] = (struct read_query){query_render(arena, with_facts(SQL_history_catalog_kept, arena), history),
	                             NO_PARAMS};
}

bool kept_catalog_is_unmoved(struct session *db, const struct qualified_name *history)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	struct error ignored;
	const char *sql = query_render(&arena, with_facts(SQL_history_catalog_unmoved, &arena), history);

	return history_read(db, sql, NO_PARAMS, &rows, &ignored) && rows_count(rows) == 1 &&
	       rows_flag(rows, 0, ONLY_COLUMN);
}

static bool read_objects(const char *text, struct arena *arena, struct str *out, struct error *err)
{
	const size_t size = 3 * (strlen(text) / 4) + 3;
	uint8_t *bytes = arena_alloc(arena, size);
	size_t len;

	if (!base64_decode(str_of(text), BASE64_PADDED, bytes, size, &len))
		return error_set(err, ERROR_FOUND, "what is kept of the schema cannot be read");
	*out = (struct str){(const char *)bytes, len};
	return true;
}

bool kept_catalog_read(const struct rows *rows, struct arena *arena, struct kept_catalog *out, bool *found,
                       struct error *err)
{
	*found = rows && rows_count(rows) == 1;
	if (!*found)
		return true;
	struct kept_catalog kept = {
	    .version = rows_number(rows, 0, KEPT_VERSION),
	    .fingerprint = rows_copy(rows, 0, KEPT_FINGERPRINT, arena),
	    .format = (int)rows_number(rows, 0, KEPT_FORMAT),
	    .server_major = (int)rows_number(rows, 0, KEPT_SERVER_MAJOR),
	    .kept_by = rows_copy(rows, 0, KEPT_BY, arena),
	    .kept_at = rows_copy(rows, 0, KEPT_AT, arena),
	    .is_current = rows_flag(rows, 0, KEPT_IS_CURRENT),
	};
	if (!read_objects(rows_text(rows, 0, KEPT_OBJECTS), arena, &kept.objects, err))
		return false;
	*out = kept;
	return true;
}
