/*
 * That a copy is one is seen by its catalog and not believed. Our own SQL comes first, as a role that may
 * only look is enough for it and it costs no other program; pg_dump knows more kinds of objects, and takes a
 * lock on each table.
 */
#include "command/generate/side_copy.h"

#include <string.h>

#include "base/child.h"
#include "base/scratch.h"
#include "catalog/catalog_changes.h"
#include "catalog/changes_text.h"
#include "command/database/database.h"
#include "command/generate/change_run.h"
#include "command/generate/desired_sql.h"
#include "pg/address.h"
#include "pg/program.h"

/* A copy in the making. */
struct copying {
	struct side_room *room;
	struct side *side;
	int parts;
	struct scratch_database *scratch;
	const char *conninfo;
	struct prerequisites prerequisites;
};

static bool open_session(const struct copying *copying, struct session **out, struct error *err)
{
	const struct session_options options =
	    scratch_server_session_options(&copying->room->server, copying->conninfo);

	return session_open(&options, out, err);
}

/* --- whether it is one ------------------------------------------------------ */

/* What was filtered out of the side may be there or not: only what is in it counts. */
static void keep_known(const struct catalog *known, struct catalog *catalog, struct arena *arena)
{
	struct object **objects = arena_array(arena, struct object *, catalog->count);
	size_t count = 0;

	for (size_t i = 0; i < catalog->count; i++)
		if (catalog_find(known, object_kind_number(catalog->objects[i]->kind), catalog->objects[i]->identity))
			objects[count++] = catalog->objects[i];
	catalog->objects = objects;
	catalog->count = count;
}

static bool check(const struct copying *copying, struct error *err)
{
	struct arena *arena = copying->room->context->arena;
	struct buffer text = {.arena = arena};
	struct catalog_changes changes;
	struct catalog catalog;

	if (!side_look(copying->room, copying->conninfo, &catalog, err))
		return false;
	keep_known(&copying->side->catalog, &catalog, arena);
	catalog_compare(&copying->side->catalog, &catalog, copying->parts, arena, &changes);
	if (!changes.count)
		return true;
	changes_text(&changes, 5, &text);
	error_set(err, ERROR_FOUND, "could not make a copy of %s on the scratch server", copying->side->title);
	return error_detail(err, "%s", buffer_cstr(&text));
}

/* --- by our own SQL ----------------------------------------------------------- */

static bool write_schema(const struct copying *copying, struct error *err)
{
	struct arena *arena = copying->room->context->arena;
	const struct change_options options = {.parts = copying->parts};
	const struct change_statement *failed = NULL;
	scoped_session struct session *db = NULL;
	struct change_script script;
	struct catalog nothing;

	return side_look(copying->room, copying->conninfo, &nothing, err) &&
	       change_script_make(&nothing, &copying->side->catalog, &options, arena, &script, err) &&
	       open_session(copying, &db, err) &&
	       execute(db, "SET check_function_bodies = off", NO_PARAMS, err) &&
	       change_run(db, &script, &copying->prerequisites, &failed, err) && check(copying, err);
}

/* --- by pg_dump ----------------------------------------------------------------- */

static bool dump(const struct copying *copying, struct str *out, struct error *err)
{
	const struct context *context = copying->room->context;
	const struct program_wish wish = {.names = (const char *const[]){"pg_dump", NULL},
	                                  .bindir = setting_text(context->settings, SETTING_PG_BINDIR),
	                                  .least_major = copying->room->major,
	                                  .server_major = copying->room->major,
	                                  .package = "the client programs of PostgreSQL"};
	struct program_place place;
	const char *conninfo = NULL;
	const char *password = NULL;
	struct child_result result;

	if (!program_find(&wish, context->arena, &place, err) ||
	    !address_for_program(copying->side->conninfo, context->arena, &conninfo, &password, err))
		return false;
	const char *variable = password ? arena_printf(context->arena, "PGPASSWORD=%s", password) : NULL;
	const struct child_options options = {
	    .argv = (const char *const[]){arena_printf(context->arena, "%s/pg_dump", place.directory),
	                                  "--schema-only", "-d", conninfo, NULL},
	    .environment = (const char *const[]){variable, NULL},
	    .capture = true};
	if (!child_must_run(&options, context->arena, &result, err))
		return false;
	*out = result.output;
	return true;
}

static bool load_dump(const struct copying *copying, struct error *err)
{
	const struct script_options scripts = {0};
	const struct desired_sql_options options = {
	    .scripts = &scripts, .prerequisites = &copying->prerequisites, .text_name = "the dump"};
	scoped_session struct session *db = NULL;
	struct desired_sql_options with_text = options;

	return dump(copying, &with_text.text, err) && open_session(copying, &db, err) &&
	       desired_sql_load(&with_text, db, err) && check(copying, err);
}

/* --- all ------------------------------------------------------------------------- */

/* Our own refusal says more than that of a program that may be missing. */
static bool make_schema(struct copying *copying, struct error *err)
{
	if (write_schema(copying, err))
		return true;
	const struct error first = *err;
	if (first.kind == ERROR_CANCELLED || first.kind == ERROR_SERVER)
		return false;
	if (scratch_database_drop(copying->scratch, err) &&
	    scratch_database_create(copying->scratch, &copying->side->likeness, err) && load_dump(copying, err))
		return true;
	if (err->kind != ERROR_CANCELLED)
		*err = first;
	return error_context(err, "while making a copy of %s on the scratch server", copying->side->title);
}

bool side_copy(struct side_room *room, struct side *side, int parts, struct scratch_database *out,
               const char **conninfo, struct error *err)
{
	struct copying copying = {.room = room, .side = side, .parts = parts, .scratch = out};

	if (side->scratch.exists)
		return scratch_database_init(out, &room->server, err) &&
		       scratch_database_copy(out, &side->scratch, err) &&
		       side_room_connect(room, side, out, conninfo, err);
	if (!side_room_make(room, side, out, &copying.conninfo, err))
		return false;
	copying.prerequisites = side->has;
	copying.prerequisites.is_own_server = room->server.server != NULL;
	*conninfo = copying.conninfo;
	return make_schema(&copying, err);
}
