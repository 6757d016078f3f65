/*
 * What is compared has two ranks. Tables, rows, large objects and history must be equal, or the restore
 * has failed. The catalogs' fingerprints may differ without any fault, since PostgreSQL prints
 * expressions anew, so the caller judges; and they are comparable within one major version only. A line
 * for each kind says more than two hashes would: "functions: 12 recorded, 11 found" is where to look.
 *
 * Only the first few differences are told. A restore that went wrong has thousands, and the first says why.
 */
#include "backup/summary/summary_comparison.h"

#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"

enum { DIFFERENCES_SHOWN = 5 };

struct summary_check {
	struct buffer text;
	size_t found;
};

static void differ(struct summary_check *it, const char *what, int64_t expected, int64_t actual)
{
	if (it->found++ < DIFFERENCES_SHOWN)
		buffer_printf(&it->text, "%s%s: %lld recorded, %lld found", it->text.len ? "\n" : "", what,
		              (long long)expected, (long long)actual);
}

/* Both are in order, so it is likely to be at its own place; looked for after that, and then before. */
static const struct table_summary *find_table(const struct database_summary *summary,
                                              const struct table_summary *wanted, size_t likely)
{
	for (size_t i = 0; i < summary->table_count; i++) {
		const struct table_summary *table = &summary->tables[(likely + i) % summary->table_count];

		if (strcmp(table->schema, wanted->schema) == 0 && strcmp(table->name, wanted->name) == 0)
			return table;
	}
	return NULL;
}

static void compare_tables(struct summary_check *it, const struct database_summary *recorded,
                           const struct database_summary *actual)
{
	struct arena *arena = it->text.arena;

	for (size_t i = 0; i < recorded->table_count; i++) {
		const struct table_summary *table = &recorded->tables[i];
		const struct table_summary *same = find_table(actual, table, i);
		const char *name = arena_printf(arena, "rows of \"%s.%s\"", table->schema, table->name);

		if (!same)
			differ(it, arena_printf(arena, "table \"%s.%s\"", table->schema, table->name), 1, 0);
		else if (table->rows >= 0 && table->rows != same->rows)
			differ(it, name, table->rows, same->rows);
	}
}

static void compare_history(struct summary_check *it, const struct history_summary *recorded,
                            const struct history_summary *actual)
{
	if (!recorded->exists)
		return;
	if (recorded->count != actual->count)
		differ(it, "migrations in the history", recorded->count, actual->count);
	else if (!actual->hash || strcmp(recorded->hash, actual->hash) != 0)
		differ(it, "the history's head, with other contents", recorded->head, actual->head);
}

/* --- fingerprints ----------------------------------------------------- */

/* Belongs to somebody: differs where owners and privileges were left out on purpose. */
static bool speaks_of_roles(const char *kind)
{
	return strcmp(kind, "owners") == 0 || str_ends(str_of(kind), "privileges");
}

static const struct kind_summary *find_kind(const struct catalog_summary *catalog, const char *name)
{
	static const struct kind_summary none = {.hash = ""};

	for (size_t i = 0; i < catalog->kind_count; i++)
		if (strcmp(catalog->kinds[i].name, name) == 0)
			return &catalog->kinds[i];
	return &none;
}

static void compare_kind(struct buffer *text, const char *name, const struct kind_summary *recorded,
                         const struct kind_summary *actual)
{
	if (strcmp(recorded->hash, actual->hash) == 0)
		return;
	buffer_printf(text, "%s%s: %lld recorded, %lld found%s", text->len ? "\n" : "", name,
	              (long long)recorded->count, (long long)actual->count,
	              recorded->count == actual->count ? ", not the same ones" : "");
}

static const char *catalog_differences(const struct catalog_summary *recorded,
                                       const struct catalog_summary *actual, bool with_owners,
                                       struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < recorded->kind_count; i++) {
		const struct kind_summary *kind = &recorded->kinds[i];

		if (with_owners || !speaks_of_roles(kind->name))
			compare_kind(&text, kind->name, kind, find_kind(actual, kind->name));
	}
	for (size_t i = 0; i < actual->kind_count; i++) {
		const struct kind_summary *kind = &actual->kinds[i];

		if (!*find_kind(recorded, kind->name)->hash && (with_owners || !speaks_of_roles(kind->name)))
			compare_kind(&text, kind->name, find_kind(recorded, kind->name), kind);
	}
	return buffer_cstr(&text);
}

static void compare_catalogs(const struct catalog_summary *recorded, const struct catalog_summary *actual,
                             bool with_owners, struct arena *arena, struct summary_comparison *out)
{
	out->differences = "";
	out->catalog = LIKENESS_UNKNOWN;
	if (recorded->server != actual->server)
		return;
	out->differences = catalog_differences(recorded, actual, with_owners, arena);
	out->catalog = *out->differences ? LIKENESS_DIFFERENT : LIKENESS_EQUAL;
}

/* --- both ------------------------------------------------------------- */

/* In the same settings as then, since some of them change how the catalogs print. */
static bool gather_as_then(struct session *db, const struct qualified_name *history, struct arena *arena,
                           struct database_summary *out, struct error *err)
{
	const struct summary_options options = {.history = history};
	const bool is_done = execute_simple(db, SQL_backup_dump_begin, NULL, NULL, err) &&
	                     summary_gather(db, &options, arena, out, err);

	session_rollback(db);
	return is_done;
}

bool summary_compare(struct session *db, const struct qualified_name *history,
                     const struct database_summary *recorded, bool with_owners, struct arena *arena,
                     struct summary_comparison *out, struct error *err)
{
	struct summary_check it = {.text = {.arena = arena}};
	struct database_summary actual = {0};

	if (!gather_as_then(db, history, arena, &actual, err))
		return false;
	compare_tables(&it, recorded, &actual);
	compare_history(&it, &recorded->history, &actual.history);
	if (recorded->large_objects != actual.large_objects)
		differ(&it, "large objects", recorded->large_objects, actual.large_objects);
	if (it.found) {
		error_set(err, ERROR_STORAGE, "the restored database differs from the backup: %zu difference%s",
		          it.found, plural(it.found));
		return error_detail(err, "%s", buffer_cstr(&it.text));
	}
	out->tables = recorded->table_count;
	compare_catalogs(&recorded->catalog, &actual.catalog, with_owners, arena, out);
	return true;
}
