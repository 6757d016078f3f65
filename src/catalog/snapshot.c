/*
 * pg_dump knows every kind of object up to its own version; a reader of the catalogs of our own would know
 * those that somebody thought of. Its text is made for restoring and not for comparing, and three things
 * are done about that. It is cut into statements by the reader of scripts, as lines mean nothing inside a
 * function's body. What prepares the session is left out. And the statements are sorted, because pg_dump
 * orders by name, then by what depends on what, and where names are equal by object ids, which differ
 * between two databases that are the same.
 *
 * The order of a table's columns is in its text and cannot be had back by a rollback: a column that is
 * dropped and added again comes last. So differing in that alone is told apart (catalog_is_reordered), by
 * sorting the lines of such a statement, and of no other: in a function the order of lines is what it does.
 *
 * Tables of the history are left out by name, as patterns in which nothing else fits.
 */
#include "catalog/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/file.h"
#include "catalog/difference.h"
#include "pg/address.h"
#include "pg/program.h"
#include "sql/script.h"

/* --- running pg_dump -------------------------------------------------- */

bool catalog_find_program(const struct snapshot_options *options, struct arena *arena, const char **out,
                          struct error *err)
{
	const struct program_wish wish = {
	    .names = (const char *const[]){"pg_dump", NULL},
	    .bindir = options->bindir,
	    .least_major = options->server_major,
	    .server_major = options->server_major,
	    .package = "the client package (Debian, Ubuntu: postgresql-client)",
	};
	struct program_place place;

	if (!program_find(&wish, arena, &place, err))
		return false;
	*out = path_join(arena, place.directory, "pg_dump");
	return true;
}

/* As a pattern in which nothing but the name itself matches. */
static char *exclude(const struct qualified_name *history, const char *suffix, struct arena *arena)
{
	const struct qualified_name table = {history->schema, arena_printf(arena, "%s%s", history->name, suffix)};

	return arena_printf(arena, "--exclude-table=%s", qualified_name_quote(arena, &table));
}

static bool dump(const struct snapshot_options *options, struct arena *arena, struct str *out,
                 struct error *err)
{
	const struct qualified_name *history = options->history;
	struct child_result result;
	const char *program = options->program;
	const char *address;
	const char *password;

	if ((!program && !catalog_find_program(options, arena, &program, err)) ||
	    !address_for_program(options->conninfo, arena, &address, &password, err))
		return false;
	const char *secret = password ? arena_printf(arena, "PGPASSWORD=%s", password) : NULL;
	const char *const argv[] = {program,
	                            "--schema-only",
	                            "--no-password",
	                            "--encoding=UTF8",
	                            arena_printf(arena, "--dbname=%s", address),
	                            history ? exclude(history, "", arena) : NULL,
	                            history ? exclude(history, "_log", arena) : NULL,
	                            history ? exclude(history, "_run", arena) : NULL,
	                            history ? exclude(history, "_step", arena) : NULL,
	                            history ? exclude(history, "_batch", arena) : NULL,
	                            NULL};
	const struct child_options child = {
	    .argv = argv, .environment = (const char *const[]){secret, NULL}, .capture = true};
	if (!child_must_run(&child, arena, &result, err))
		return error_context(err, "while looking at the schema with pg_dump");
	*out = result.output;
	return true;
}

/* --- reading what it wrote -------------------------------------------- */

/*
 * What pg_dump says to prepare the session it is restored in; SET comes before whatever happens to be first.
 */
static bool is_preamble(struct str statement)
{
	return str_starts(statement, "SET ") || str_starts(statement, "SELECT pg_catalog.set_config(");
}

static int compare_parts(const void *a, const void *b)
{
	const struct str *left = a;
	const struct str *right = b;
	const size_t len = left->len < right->len ? left->len : right->len;
	const int order = len ? memcmp(left->text, right->text, len) : 0;

	return order ? order : (left->len > right->len) - (left->len < right->len);
}

/*
 * Cut by the reader of scripts rather than by lines: a comment or a SET
 * inside of a function's body is part of the schema. Sorted, because the
 * order of pg_dump depends on the age of objects where names are equal.
 */
bool catalog_read(struct str text, struct arena *arena, struct snapshot *out, struct error *err)
{
	scoped_script struct script script = {0};
	const struct script_options options = {0};

	if (!script_parse(text, "pg_dump", &options, arena, &script, err))
		return error_context(err, "while reading what pg_dump wrote");
	struct snapshot snapshot = {.parts = arena_array(arena, struct str, script.count + 1)};
	for (size_t i = 0; i < script.count; i++) {
		const struct str part = script.statements[i].text;

		if (part.len > 0 && !is_preamble(part))
			snapshot.parts[snapshot.count++] = (struct str){str_copy(arena, part), part.len};
	}
	if (snapshot.count)
		qsort(snapshot.parts, snapshot.count, sizeof(*snapshot.parts), compare_parts);
	*out = snapshot;
	return true;
}

bool catalog_snapshot(const struct snapshot_options *options, struct arena *arena, struct snapshot *out,
                      struct error *err)
{
	scoped_arena struct arena scratch = {0};
	struct str text = {0};

	return dump(options, &scratch, &text, err) && catalog_read(text, arena, out, err);
}

/* --- comparing -------------------------------------------------------- */

bool catalog_equal(const struct snapshot *before, const struct snapshot *after)
{
	if (before->count != after->count)
		return false;
	for (size_t i = 0; i < before->count; i++)
		if (!str_equal(before->parts[i], after->parts[i]))
			return false;
	return true;
}

struct parts {
	struct str *items;
	size_t count;
};

static struct parts lines_of(struct str part, struct arena *arena)
{
	struct parts lines = {0};
	struct str line;

	while (str_line_next(&part, &line))
		*ARENA_PUSH(arena, lines.items, lines.count) = str_slice(line, 0, line.len - str_ends(line, ","));
	qsort(lines.items, lines.count, sizeof(*lines.items), compare_parts);
	return lines;
}

static bool is_part_reordered(struct str before, struct str after)
{
	scoped_arena struct arena arena = {0};

	if (before.len != after.len)
		return false;
	const struct parts a = lines_of(before, &arena);
	const struct parts b = lines_of(after, &arena);
	const struct snapshot one = {a.items, a.count};
	const struct snapshot other = {b.items, b.count};
	return catalog_equal(&one, &other);
}

/* Of a function's body the order of lines is what it does. */
static bool holds_columns(struct str part)
{
	const struct str line = str_slice(part, 0, str_index(part, '\n'));

	return str_starts(line, "CREATE ") && str_ends(line, " (") && !str_starts(line, "CREATE FUNCTION ") &&
	       !str_starts(line, "CREATE PROCEDURE ");
}

bool catalog_is_reordered(const struct snapshot *before, const struct snapshot *after)
{
	if (before->count != after->count)
		return false;
	for (size_t i = 0; i < before->count; i++)
		if (!str_equal(before->parts[i], after->parts[i]) &&
		    (!holds_columns(before->parts[i]) || !is_part_reordered(before->parts[i], after->parts[i])))
			return false;
	return true;
}

/* Goes through both sorted lists and keeps what only one of them has. */
static void keep_different(const struct snapshot *before, const struct snapshot *after, struct arena *arena,
                           struct parts *gone, struct parts *come)
{
	size_t i = 0;
	size_t j = 0;

	while (i < before->count || j < after->count) {
		const int order = i == before->count  ? 1
		                  : j == after->count ? -1
		                                      : compare_parts(&before->parts[i], &after->parts[j]);

		if (order < 0)
			*ARENA_PUSH(arena, gone->items, gone->count) = before->parts[i];
		else if (order > 0)
			*ARENA_PUSH(arena, come->items, come->count) = after->parts[j];
		i += order <= 0;
		j += order >= 0;
	}
}

static struct str first_line(struct str part)
{
	return str_slice(part, 0, str_index(part, '\n'));
}

/* The counterpart of `part`: the same first line, such as "CREATE TABLE public.users (". Taken out of the
 * list. */
static struct str take_counterpart(struct parts *parts, struct str part)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct str found = parts->items[i];

		if (found.len == 0 || !str_equal(first_line(found), first_line(part)))
			continue;
		parts->items[i].len = 0;
		return found;
	}
	return (struct str){0};
}

char *catalog_difference(const struct snapshot *before, const struct snapshot *after, struct arena *arena)
{
	struct buffer out = {.arena = arena};
	struct parts gone = {0};
	struct parts come = {0};

	keep_different(before, after, arena, &gone, &come);
	for (size_t i = 0; i < gone.count; i++)
		difference_add(&out, gone.items[i], take_counterpart(&come, gone.items[i]));
	for (size_t i = 0; i < come.count; i++)
		difference_add(&out, (struct str){0}, come.items[i]);
	return buffer_cstr(&out);
}
