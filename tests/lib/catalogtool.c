/*
 * catalogtool.c - the catalogs without the rest of the program
 *
 *	catalogtool complete URL            every row of every catalog is known, and is listed as it is loaded
 *	catalogtool skip URL                leaves out one kind after the other: the warning names its objects
 *	catalogtool pairs URL [EVERY] FILE...   each pair of tests/pairs changes what it says; or every fourth
 *	catalogtool changes URL FILE[:LINE]...  the SQL that is generated leads from one side of each to the
 *	                                        other, and back
 *	catalogtool scripts URL FILE[:LINE]...  the same, and prints it
 *	catalogtool committed URL FILE...   the same, each part in a transaction of its own
 *	catalogtool online URL FILE...      the same, in the forms for tables in use
 *	catalogtool covered URL FILE...     attributes that no pair changes
 *	catalogtool load URL FILE...        all pairs, changed, in one database
 *	catalogtool before URL FILE...      one side of all that statements can be written for; "after": the other
 *	catalogtool lead URL FROM TO [online]   turns what is as the database FROM into what is as TO
 *	catalogtool needs URL               "view app.v n column app.t.x" a line
 *	catalogtool cost URL                objects, bytes an object, seconds
 *
 * Prints a line a finding and exits 1 where there was one. tests/pairs/README.md has the format of pairs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/buffer.h"
#include "base/file.h"
#include "catalog/address_map.h"
#include "catalog/catalog_query.h"
#include "catalog/catalog_changes.h"
#include "catalog/fingerprint.h"
#include "catalog/object_listing.h"
#include "generate/change_script.h"

enum { FIRST_USER_OID = 16384, MOST_BYTES = 4 * 1024 * 1024, LARGE_OBJECT_METADATA = 2995 };

static size_t findings;
static bool is_shown; /* scripts are printed */
static bool is_led;   /* objects are named, as there is but one script */

__attribute__((format(printf, 1, 2))) static void find(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	findings++;
}

static void die(const struct error *err)
{
	fprintf(stderr, "catalogtool: %s %s\n", err->message, err->hint);
	exit(2);
}

static void must(bool ok, const struct error *err)
{
	if (!ok)
		die(err);
}

static void load(struct session *db, uint64_t skipped, struct address_map *map, struct arena *arena,
                 struct catalog *out)
{
	static const struct session *prepared;
	static bool is_prepared;
	const struct catalog_options options = {.skipped = skipped, .map = map, .is_prepared = &is_prepared};
	struct error err = {0};

	is_prepared &= prepared == db;
	prepared = db;
	must(catalog_load(db, &options, arena, out, &err), &err);
}

/* --- complete ------------------------------------------------------------- */

static struct rows *ask(struct session *db, const char *sql)
{
	struct rows *rows = NULL;
	struct error err = {0};

	must(query(db, sql, NO_PARAMS, &rows, &err), &err);
	return rows;
}

static void check_catalog(struct session *db, const struct address_map *map, uint32_t class, const char *name,
                          struct arena *arena)
{
	scoped_rows struct rows *rows = ask(
	    db,
	    arena_printf(arena, "select oid from pg_catalog.%s where oid >= %d%s", name, FIRST_USER_OID,
	                 class == CLASS_SUBSCRIPTION
	                     ? " and subdbid = (select oid from pg_database where datname = current_database())"
	                     : ""));

	for (size_t i = 0; i < rows_count(rows); i++) {
		const struct catalog_address address = {class, (uint32_t)rows_number(rows, i, 0), 0};

		if (!address_map_resolve(map, address))
			find("%s %u is unknown", name, address.oid);
	}
	if (rows_count(rows))
		printf("# %s %zu\n", name, rows_count(rows));
}

/* What is listed without being held is the same to the byte. */
static void check_listing(struct session *db, const struct catalog *catalog, struct arena *arena)
{
	const struct catalog_options options = {0};
	struct object_listed_database listed;
	struct object_list held;
	struct object_moves moves;
	struct error err = {0};

	must(object_listing_read(db, &options, PARTS_USUAL, arena, &listed, &err), &err);
	object_list_make(catalog, PARTS_USUAL, NULL, arena, &held);
	object_list_compare(&held, &listed.list, arena, &moves);
	for (size_t i = 0; i < moves.count; i++)
		find("listed otherwise: %s %s %s", moves.items[i].kind->name, moves.items[i].identity,
		     object_move_name(moves.items[i].move));
	if (memcmp(held.fingerprint, listed.list.fingerprint, DIGEST_SIZE) != 0)
		find("listed with another fingerprint");
}

static void check_complete(struct session *db, struct arena *arena)
{
	struct address_map map;
	struct catalog catalog;

	load(db, 0, &map, arena, &catalog);
	check_listing(db, &catalog, arena);
	scoped_rows struct rows *rows =
	    ask(db, "select c.oid, c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
	            " where a.attname = 'oid' and c.relnamespace = 11 and c.relkind = 'r'"
	            " and (not c.relisshared or c.relname = 'pg_subscription') order by 2");
	for (size_t i = 0; i < rows_count(rows); i++) {
		const uint32_t class = (uint32_t)rows_number(rows, i, 0);

		if (class == LARGE_OBJECT_METADATA ||
		    (class == CLASS_SUBSCRIPTION && session_server_version(db) < 130000))
			continue;
		check_catalog(db, &map, class, rows_text(rows, i, 1), arena);
	}
	for (size_t i = 0; i < catalog.unmodelled_count; i++)
		find("unmodelled: %s", catalog.unmodelled[i]);
	for (size_t i = 1; i < catalog.count; i++)
		if (object_compare(&catalog.objects[i - 1], &catalog.objects[i]) == 0)
			find("twice: %s %s", catalog.objects[i]->kind->name, catalog.objects[i]->identity);
	printf("catalogs: %zu looked at, %zu objects\n", rows_count(rows), catalog.count);
}

/* What is a part of another one, or of a shared catalog, or read with its parent, and what depends on nothing
 * but the server's own. */
static bool leaves_no_trace(const struct object *object)
{
	for (uint32_t i = 0; i < object->need_count; i++)
		if (strchr("iP", object->needs[i].type))
			return true;
	return object->kind->class == CLASS_SUBSCRIPTION || object->kind->class == CLASS_SCHEMA ||
	       !object->kind->class || object->address.oid < FIRST_USER_OID || object->address.sub ||
	       (!object->need_count && !object->needed_by_count);
}

static void check_skip(struct session *db, struct arena *arena)
{
	struct catalog whole;

	load(db, 0, NULL, arena, &whole);
	for (size_t kind = 0; kind < OBJECT_KIND_COUNT; kind++) {
		struct catalog catalog;
		size_t expected = 0;

		load(db, UINT64_C(1) << kind, NULL, arena, &catalog);
		for (size_t i = 0; i < whole.count; i++)
			expected += whole.objects[i]->kind == &object_kinds[kind] && !leaves_no_trace(whole.objects[i]);
		if (catalog.unmodelled_count < expected)
			find("%s: %zu of them were left out, and %zu named", object_kinds[kind].name, expected,
			     catalog.unmodelled_count);
	}
	printf("kinds: %d left out in turn\n", OBJECT_KIND_COUNT);
}

/* --- pairs ---------------------------------------------------------------- */

struct pair {
	const char *place; /* file:line */
	const char *kind;
	const char *attribute;
	int since;
	int before;
	bool is_unmodelled; /* no statement can be written for it, on the way there or back */
	bool is_undumped;   /* pg_dump does not bring it back, so it is not loaded */
	const char *base;
	const char *change;
};

struct pair_list {
	struct pair *items;
	size_t count;
};

static int number_behind(const char *text, const char *word, int otherwise)
{
	const char *found = strstr(text, word);

	return found ? atoi(found + strlen(word)) : otherwise;
}

/* "--- column: not_null since 15" */
static void begin_pair(struct pair_list *list, struct str line, const char *path, size_t number,
                       struct arena *arena)
{
	char *text = str_copy(arena, str_slice(line, 4, line.len));
	char *colon = strstr(text, ": ");
	struct pair pair = {.place = arena_printf(arena, "%s:%zu", path, number)};

	if (!colon) {
		fprintf(stderr, "%s: no \"kind: attribute\"\n", pair.place);
		exit(2);
	}
	*colon = '\0';
	pair.kind = text;
	pair.attribute = arena_strndup(arena, colon + 2, strcspn(colon + 2, " "));
	pair.since = number_behind(colon + 1, " since ", 0);
	pair.before = number_behind(colon + 1, " before ", 1000);
	pair.is_unmodelled = strstr(colon + 1, " unmodelled");
	pair.is_undumped = strstr(colon + 1, " undumped");
	*ARENA_PUSH(arena, list->items, list->count) = pair;
}

static void read_pairs(const char *path, struct arena *arena, struct pair_list *list)
{
	struct buffer sql = {.arena = arena};
	struct error err = {0};
	struct str text;
	struct str line;

	must(file_read(path, MOST_BYTES, ERROR_FILES, arena, &text, &err), &err);
	for (size_t number = 1; str_line_next(&text, &line); number++) {
		if (str_starts(line, "--- ")) {
			begin_pair(list, line, path, number, arena);
			sql = (struct buffer){.arena = arena};
			list->items[list->count - 1].change = "";
		} else if (str_is(line, "-->")) {
			list->items[list->count - 1].base = buffer_cstr(&sql);
			sql = (struct buffer){.arena = arena};
		} else if (list->count) {
			buffer_add(&sql, line);
			buffer_char(&sql, '\n');
			if (list->items[list->count - 1].base)
				list->items[list->count - 1].change = buffer_cstr(&sql);
		}
	}
}

/* "FILE:LINE" is one pair of a file. */
static void read_chosen_pairs(const char *path, struct arena *arena, struct pair_list *list)
{
	const char *colon = strrchr(path, ':');
	struct pair_list all = {0};

	if (!colon) {
		read_pairs(path, arena, list);
		return;
	}
	read_pairs(arena_strndup(arena, path, (size_t)(colon - path)), arena, &all);
	for (size_t i = 0; i < all.count; i++)
		if (strcmp(all.items[i].place, path) == 0)
			*ARENA_PUSH(arena, list->items, list->count) = all.items[i];
}

static void read_all_pairs(char **paths, struct arena *arena, struct pair_list *list)
{
	for (; *paths; paths++)
		read_chosen_pairs(*paths, arena, list);
	for (size_t i = 0; i < list->count; i++)
		if (!list->items[i].base) {
			fprintf(stderr, "%s: no \"-->\"\n", list->items[i].place);
			exit(2);
		}
}

static bool is_for(const struct pair *pair, struct session *db)
{
	const int major = session_server_version(db) / 10000;

	return major >= pair->since && major < pair->before;
}

static bool run_sql(struct session *db, const struct pair *pair, const char *what, const char *sql)
{
	struct error err = {0};

	if (execute_simple(db, sql, NULL, NULL, &err))
		return true;
	find("%s: %s: %s: %s", pair->place, pair->kind, what, err.message);
	return false;
}

/* What changed between two catalogs, as "kind: attribute" texts. */
struct changes {
	const char **items;
	size_t count;
	struct arena *arena;
};

static void add_change(struct changes *changes, const struct object *object, const char *what)
{
	const char *text =
	    is_led ? arena_printf(changes->arena, "%s %s: %s", object->kind->name, object->identity, what)
	           : arena_printf(changes->arena, "%s: %s", object->kind->name, what);

	for (size_t i = 0; i < changes->count; i++)
		if (strcmp(changes->items[i], text) == 0)
			return;
	*ARENA_PUSH(changes->arena, changes->items, changes->count) = text;
}

static void compare_catalogs(struct changes *changes, const struct catalog *before,
                             const struct catalog *after)
{
	struct catalog_changes all;

	catalog_compare(before, after, PARTS_USUAL | PART_TABLESPACE, changes->arena, &all);
	for (size_t i = 0; i < all.count; i++) {
		const struct object_change *change = &all.items[i];

		if (!change->before || !change->after)
			add_change(changes, object_change_object(change), "exists");
		for (size_t j = 0; j < change->fact_count; j++)
			add_change(changes, change->after, change->facts[j].name);
	}
}

static const char *joined(const struct changes *changes)
{
	struct buffer text = {.arena = changes->arena};

	for (size_t i = 0; i < changes->count; i++)
		buffer_printf(&text, "%s%s", i ? ", " : "", changes->items[i]);
	return changes->count ? buffer_cstr(&text) : "nothing";
}

static bool has(const struct changes *changes, const char *item)
{
	for (size_t i = 0; i < changes->count; i++)
		if (strcmp(changes->items[i], item) == 0)
			return true;
	return false;
}

/* The fingerprint changes with what a catalog holds, and with nothing else; "same" pairs change neither. */
static void judge(const struct pair *pair, const struct catalog *before, const struct catalog *after,
                  struct arena *arena)
{
	const int all = PARTS_USUAL | PART_TABLESPACE;
	struct changes changes = {.arena = arena};
	uint8_t digests[2][DIGEST_SIZE];

	catalog_fingerprint(before, all, digests[0]);
	catalog_fingerprint(after, all, digests[1]);
	compare_catalogs(&changes, before, after);
	const bool is_equal = memcmp(digests[0], digests[1], DIGEST_SIZE) == 0;
	const char *wanted = arena_printf(arena, "%s: %s", pair->kind, pair->attribute);

	if (strcmp(pair->kind, "same") == 0) {
		if (!is_equal)
			find("%s: %s: changed: %s", pair->place, wanted, joined(&changes));
		return;
	}
	if (is_equal != (changes.count == 0))
		find("%s: %s: fingerprints say %s, and what changed is %s", pair->place, wanted,
		     is_equal ? "equal" : "different", joined(&changes));
	if (is_equal)
		find("%s: %s: the fingerprint is the same", pair->place, wanted);
	if (!has(&changes, wanted))
		find("%s: %s: what changed is %s", pair->place, wanted, joined(&changes));
}

static void run_pair(struct session *db, const struct pair *pair)
{
	scoped_arena struct arena arena = {0};
	struct catalog before;
	struct catalog after;

	if (run_sql(db, pair, "start",
	            "begin; create schema p; set local search_path = p; set local client_min_messages = error;"
	            "do $$ begin if to_regrole('pair_a') is null then create role pair_a; create role pair_b; "
	            "end if; end $$; grant pair_a to current_user; grant create, usage "
	            "on schema p to pair_a") &&
	    run_sql(db, pair, "base", pair->base)) {
		load(db, 0, NULL, &arena, &before);
		if (run_sql(db, pair, "change", pair->change)) {
			load(db, 0, NULL, &arena, &after);
			judge(pair, &before, &after, &arena);
			for (size_t i = 0; i < after.unmodelled_count; i++)
				find("%s: unmodelled: %s", pair->place, after.unmodelled[i]);
		}
	}
	session_rollback(db);
}

static void check_pairs(struct session *db, char **paths, struct arena *arena)
{
	const int given = *paths ? atoi(*paths) : 0;
	const size_t every = given ? (size_t)given : 1;
	struct pair_list list = {0};
	size_t run = 0;

	read_all_pairs(paths + (given ? 1 : 0), arena, &list);
	for (size_t i = 0; i < list.count; i += every) {
		if (!is_for(&list.items[i], db))
			continue;
		run_pair(db, &list.items[i]);
		run++;
	}
	printf("pairs: %zu of %zu run, %zu findings\n", run, list.count, findings);
}

/* --- changes ---------------------------------------------------------------- */

static bool is_online;    /* the forms for tables in use */
static bool is_committed; /* each part of a script in a transaction of its own */

static bool run_statement(struct session *db, const struct pair *pair, const char *way, const char *sql)
{
	struct error err = {0};

	if (execute_simple(db, sql, NULL, NULL, &err))
		return true;
	find("%s: %s: %s: %s: %s", pair->place, pair->kind, way, err.message, sql);
	return false;
}

static bool is_alone(const struct change_script *script, size_t at)
{
	return script->statements[at].hazards & HAZARD_NO_TRANSACTION;
}

static bool run_part(struct session *db, const struct pair *pair, const char *way,
                     const struct change_script *script, size_t part)
{
	bool is_begun = false;

	for (size_t i = 0; i < script->count; i++) {
		if (script->statements[i].part != part)
			continue;
		if (is_committed && !is_begun && !is_alone(script, i) &&
		    !run_statement(db, pair, way, "begin; set local search_path = p"))
			return false;
		is_begun |= !is_alone(script, i);
		if (!run_statement(db, pair, way, script->statements[i].sql))
			return false;
	}
	return !is_committed || !is_begun || run_statement(db, pair, way, "commit");
}

static void print_script(const struct change_script *script, struct arena *arena)
{
	for (size_t part = 0; part < script->part_count; part++)
		printf("%s-- end of part %zu\n", change_script_text(script, part, arena), part);
}

/* What a pair's scripts name as unmodelled. */
static size_t named;

/* Where the statements fail, or lead elsewhere. */
static bool run_script(struct session *db, const struct pair *pair, const char *way,
                       const struct catalog *from, const struct catalog *to, struct arena *arena)
{
	const struct change_options options = {.parts = PARTS_USUAL, .is_online = is_online};
	struct changes changes = {.arena = arena};
	struct change_script script;
	struct catalog result;
	struct error err = {0};

	if (!change_script_make(from, to, &options, arena, &script, &err)) {
		find("%s: %s: %s: %s\n%s", pair->place, pair->kind, way, err.message, err.detail);
		return false;
	}
	for (size_t i = 0; is_shown && i < script.part_count; i++)
		printf("-- %s %s%s\n%s\n", pair->place, way, i ? ", next part" : "",
		       change_script_text(&script, i, arena));
	named += script.unmodelled_count;
	for (size_t i = 0; i < script.unmodelled_count && !pair->is_unmodelled; i++)
		find("%s: %s: %s: unmodelled: %s", pair->place, pair->kind, way, script.unmodelled[i]);
	if (script.part_count > 1 && !is_committed)
		return false; /* no one transaction holds it: that is for "committed" */
	for (size_t part = 0; part < script.part_count; part++)
		if (!run_part(db, pair, way, &script, part))
			return false;
	load(db, 0, NULL, arena, &result);
	compare_catalogs(&changes, to, &result);
	if (changes.count && !script.unmodelled_count) {
		find("%s: %s: %s: differs in %s", pair->place, pair->kind, way, joined(&changes));
		if (!is_led)
			print_script(&script, arena);
	}
	return !changes.count || script.unmodelled_count;
}

/* What is named as unmodelled keeps the script from the other state: that is made by the pair itself. */
static bool go_there(struct session *db, const struct pair *pair, struct arena *arena)
{
	return !pair->is_unmodelled ||
	       run_sql(db, pair, "again",
	               arena_printf(arena, "rollback to s; set local search_path = p; %s", pair->change));
}

static bool load_change(struct session *db, const struct pair *pair, const char *mark, const char *back,
                        struct arena *arena, struct catalog *out)
{
	if (!run_sql(db, pair, "mark", mark) || !run_sql(db, pair, "path", "set local search_path = p") ||
	    !run_sql(db, pair, "change", pair->change))
		return false;
	load(db, 0, NULL, arena, out);
	return run_sql(db, pair, "back", back);
}

/* From its beginning to its end and back, each in the state that the other left. */
static void run_changes(struct session *db, const struct pair *pair)
{
	scoped_arena struct arena arena = {0};
	struct catalog before;
	struct catalog after;

	named = 0;
	if (run_sql(db, pair, "start",
	            "begin; create schema p; set local search_path = p; set local client_min_messages = error;"
	            "grant create, usage on schema p to pair_a") &&
	    run_sql(db, pair, "base", pair->base) && (!is_committed || run_sql(db, pair, "base", "commit"))) {
		load(db, 0, NULL, &arena, &before);
		if (load_change(db, pair, is_committed ? "begin" : "savepoint s",
		                is_committed ? "rollback" : "rollback to s", &arena, &after) &&
		    run_script(db, pair, "up", &before, &after, &arena) && go_there(db, pair, &arena))
			(void)run_script(db, pair, "down", &after, &before, &arena);
	}
	if (pair->is_unmodelled && !named)
		find("%s: %s: nothing was named as unmodelled", pair->place, pair->kind);
	session_rollback(db);
}

/* Whatever a pair left behind is taken away by a script as well. */
static void clear(struct session *db, const struct pair *pair, const struct catalog *empty)
{
	scoped_arena struct arena arena = {0};
	struct catalog now;

	load(db, 0, NULL, &arena, &now);
	if (run_script(db, pair, "away", &now, empty, &arena))
		return;
	session_rollback(db);
	(void)run_sql(db, pair, "drop", "drop schema if exists p cascade");
}

static void check_changes(struct session *db, char **paths, struct arena *arena)
{
	struct pair_list list = {0};
	struct catalog empty;
	size_t run = 0;
	size_t failed = 0;

	read_all_pairs(paths, arena, &list);
	load(db, 0, NULL, arena, &empty);
	(void)run_sql(db, &list.items[0], "roles",
	              "do $$ begin if to_regrole('pair_a') is null then create role pair_a; create role pair_b; "
	              "create role pair_super superuser; end if; end $$; grant pair_a to current_user");
	for (size_t i = 0; i < list.count; i++) {
		const size_t had = findings;

		if (!is_for(&list.items[i], db) || (is_committed && list.items[i].is_unmodelled))
			continue;
		run_changes(db, &list.items[i]);
		if (is_committed)
			clear(db, &list.items[i], &empty);
		run++;
		failed += findings > had;
	}
	printf("pairs: %zu run, %zu failed\n", run, failed);
}

/* --- covered -------------------------------------------------------------- */

static const char *const places[] = {"oid",  "sub",    "class",      "kind",         "schema", "name",
                                     "tail", "parent", "parent_sub", "parent_class", NULL};

static bool is_place(const char *name)
{
	for (size_t i = 0; places[i]; i++)
		if (strcmp(places[i], name) == 0)
			return true;
	return false;
}

/* Kinds that one query reads count as one here. */
static const char *family_of(const char *kind)
{
	static const char *const rows[][2] = {
	    {"view", "table"},       {"materialized view", "table"}, {"foreign table", "table"},
	    {"attribute", "column"}, {"procedure", "function"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i][0], kind) == 0)
			return rows[i][1];
	return kind;
}

/* What cannot be changed within a transaction, or is no difference, or part of another change;
 * tests/cases/fingerprint.bats changes these. */
static bool is_changed_elsewhere(const char *attribute)
{
	static const char *const names[] = {"tablespace", "detach_pending", "invalid", "usual_storage",
	                                    "real_name",  "initial",        "encoding"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], attribute) == 0)
			return true;
	return false;
}

static bool is_covered(const struct pair_list *list, const char *kind, const char *attribute)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(family_of(list->items[i].kind), kind) == 0 &&
		    strcmp(list->items[i].attribute, attribute) == 0)
			return true;
	return false;
}

static void check_covered(struct session *db, char **paths, struct arena *arena)
{
	const int major = session_server_version(db) / 10000;
	struct pair_list list = {0};
	size_t count = 0;

	read_all_pairs(paths, arena, &list);
	for (size_t i = 0; i < catalog_query_count; i++) {
		const struct catalog_query *row = &catalog_queries[i];
		const char *kind = object_kinds[row->kind].name;

		if (major < row->since)
			continue;
		scoped_rows struct rows *rows = ask(db, sql_of_version(arena, row->sql, major));
		for (int column = 0; column < rows_width(rows); column++) {
			const char *name = rows_column_name(rows, column);

			count += !is_place(name);
			if (!is_place(name) && !is_changed_elsewhere(name) && !is_covered(&list, kind, name))
				find("no pair changes %s: %s", kind, name);
		}
	}
	for (size_t kind = 0; kind < OBJECT_KIND_COUNT; kind++)
		if (!is_covered(&list, family_of(object_kinds[kind].name), "exists"))
			find("no pair makes %s", object_kinds[kind].name);
	printf("attributes: %zu, pairs: %zu\n", count, list.count);
}

/* --- load ------------------------------------------------------------------ */

/* All pairs live beside each other: what lies in no schema has a name of its own in the files. */
static bool load_half(struct session *db, const struct pair *pair, bool is_changed)
{
	return run_sql(db, pair, "base", pair->base) &&
	       (!is_changed || run_sql(db, pair, "change", pair->change)) && run_sql(db, pair, "end", "commit");
}

/* Statements are written for it, and it acts on no other pair. */
static bool lives_beside_others(const struct pair *pair)
{
	return !pair->is_unmodelled && strcmp(pair->kind, "same") != 0 &&
	       !strstr(pair->base, "default privileges") && !strstr(pair->change, "default privileges") &&
	       !strstr(pair->base, "event trigger") && !strstr(pair->change, "event trigger");
}

/* `half`: one side of what can live beside others, "before" or "after"; else all, changed. */
static void load_pairs(struct session *db, const char *half, char **paths, struct arena *arena)
{
	const bool is_changed = strcmp(half, "before") != 0;

	struct pair_list list = {0};
	struct error err = {0};

	read_all_pairs(paths, arena, &list);
	must(execute_simple(db, "set client_min_messages = error", NULL, NULL, &err), &err);
	for (size_t i = 0; i < list.count; i++) {
		const struct pair *pair = &list.items[i];

		if (!is_for(pair, db) || (strcmp(half, "load") == 0 ? pair->is_undumped : !lives_beside_others(pair)))
			continue;
		if (!(run_sql(db, pair, "start",
		              arena_printf(arena,
		                           "begin; create schema p%03zu; set local search_path = p%03zu;"
		                           "grant create, usage on schema p%03zu to pair_a",
		                           i, i, i)) &&
		      load_half(db, pair, is_changed)))
			session_rollback(db);
	}
}

/* --- lead ------------------------------------------------------------------- */

static void load_other(const char *url, struct arena *arena, struct catalog *out)
{
	const struct session_options options = {.conninfo = url, .application_name = "catalogtool"};
	scoped_session struct session *db = NULL;
	struct error err = {0};

	must(session_open(&options, &db, &err), &err);
	load(db, 0, NULL, arena, out);
}

/* Turns a database that is as FROM into one as TO. */
static void lead(struct session *db, char **urls, struct arena *arena)
{
	const struct pair pair = {.place = "lead", .kind = "all"};
	struct catalog from;
	struct catalog to;

	is_committed = is_led = true;
	is_online = urls[2];
	load_other(urls[0], arena, &from);
	load_other(urls[1], arena, &to);
	(void)run_script(db, &pair, "there", &from, &to, arena);
}

/* --- needs and cost --------------------------------------------------------- */

static void print_needs(struct session *db, struct arena *arena)
{
	struct catalog catalog;

	load(db, 0, NULL, arena, &catalog);
	for (size_t i = 0; i < catalog.count; i++)
		for (uint32_t j = 0; j < catalog.objects[i]->need_count; j++) {
			const struct dependency *need = &catalog.objects[i]->needs[j];

			printf("%s %s %c %s %s\n", catalog.objects[i]->kind->name, catalog.objects[i]->identity,
			       need->type, need->object->kind->name, need->object->identity);
		}
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void print_cost(struct session *db, struct arena *arena)
{
	const double begun = now();
	struct rusage before;
	struct rusage after;
	struct catalog catalog;
	uint8_t digest[DIGEST_SIZE];

	getrusage(RUSAGE_SELF, &before);
	load(db, 0, NULL, arena, &catalog);
	const double loaded = now();
	catalog_fingerprint(&catalog, PARTS_USUAL, digest);
	const double ended = now();
	getrusage(RUSAGE_SELF, &after);
	printf("objects %zu bytes_an_object %ld load_ms %.1f hash_ms %.1f\n", catalog.count,
	       (after.ru_maxrss - before.ru_maxrss) * 1024 / (long)catalog.count, (loaded - begun) * 1000,
	       (ended - loaded) * 1000);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	const struct session_options options = {.conninfo = argc > 2 ? argv[2] : "",
	                                        .application_name = "catalogtool"};
	scoped_arena struct arena arena = {0};
	scoped_session struct session *db = NULL;
	struct error err = {0};

	if (argc < 3)
		return fprintf(stderr,
		               "usage: catalogtool complete|skip|pairs|changes|scripts|committed|online|covered|"
		               "load|before|after|lead|needs|cost URL [FILE...]\n"),
		       2;
	must(session_open(&options, &db, &err), &err);
	if (strcmp(verb, "complete") == 0)
		check_complete(db, &arena);
	else if (strcmp(verb, "skip") == 0)
		check_skip(db, &arena);
	else if (strcmp(verb, "pairs") == 0)
		check_pairs(db, argv + 3, &arena);
	else if (strcmp(verb, "changes") == 0 || strcmp(verb, "scripts") == 0 || strcmp(verb, "committed") == 0 ||
	         strcmp(verb, "online") == 0) {
		is_committed = strcmp(verb, "committed") == 0 || strcmp(verb, "online") == 0;
		is_online = strcmp(verb, "online") == 0;
		is_shown = strcmp(verb, "scripts") == 0;
		check_changes(db, argv + 3, &arena);
	} else if (strcmp(verb, "covered") == 0)
		check_covered(db, argv + 3, &arena);
	else if (strcmp(verb, "load") == 0 || strcmp(verb, "before") == 0 || strcmp(verb, "after") == 0)
		load_pairs(db, verb, argv + 3, &arena);
	else if (strcmp(verb, "lead") == 0 && argc > 4)
		lead(db, argv + 3, &arena);
	else if (strcmp(verb, "needs") == 0)
		print_needs(db, &arena);
	else if (strcmp(verb, "cost") == 0)
		print_cost(db, &arena);
	return findings > 0;
}
