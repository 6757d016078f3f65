/*
 * Who is the owner of what is made is said by "@self" in a catalog, as nearly everything belongs to the role
 * that looks; a grant to that role by name is then no grant. So what is made beside a database is made by a
 * role that is called as the one there. On a server of our own it is a superuser, as the one who set up
 * extensions there was.
 *
 * Extensions are made where the SQL makes them, and moved to where the other side has them. SQL that cannot
 * do without them before that (it names their schema, or takes them for granted) fails, and is run once more
 * in a database that has them all from the start.
 */
#include "command/generate/side.h"

#include <string.h>

#include "command/database/database.h"
#include "command/generate/catalog_filter.h"
#include "command/generate/desired_command.h"
#include "command/generate/desired_sql.h"
#include "command/generate/side_migrations.h"
#include "command/generate/side_rest.h"
#include "pg/address.h"

/* --- the room -------------------------------------------------------------- */

void side_room_close(struct side_room *room)
{
	if (room->has_server)
		scratch_server_close(&room->server);
	room->has_server = false;
}

void side_close(struct side *side)
{
	scratch_database_close(&side->scratch);
	side->scratch = (struct scratch_database){0};
}

static bool refuse_major(const struct side_room *room, const char *title, int major, struct error *err)
{
	error_set(err, ERROR_USAGE, "%s is PostgreSQL %d, and %s is PostgreSQL %d", room->major_of, room->major,
	          title, major);
	error_detail(err, "Each major version prints expressions in its own way, so differences would be shown "
	                  "that are none.");
	return error_hint(err,
	                  "Both sides have to be on the same major version; --server URL names the server on "
	                  "which files and migrations are tried.");
}

static bool check_major(struct side_room *room, const char *title, int version, struct error *err)
{
	const int major = version / 10000;

	if (!room->major) {
		room->major = major;
		room->major_of = title;
	}
	return room->major == major || refuse_major(room, title, major, err);
}

/* Where none can be started, another one will do. */
static bool refuse_server(const struct side_room *room, struct error *err)
{
	const char *hint = arena_strdup(room->context->arena, err->hint);

	if (!room->server_url && room->major)
		error_hint(err, "%s%sOr name a server of PostgreSQL %d to try it on: --server URL.", hint,
		           *hint ? " " : "", room->major);
	return error_context(err, "while %s the scratch server", room->server_url ? "connecting to" : "starting");
}

static bool enter_server(struct side_room *room, struct error *err)
{
	const struct scratch_server_options options = {.address = room->server_url, .major = room->major};

	if (room->has_server)
		return true;
	room->has_server = true;
	if (!scratch_server_open(room->context, &options, &room->server, err))
		return refuse_server(room, err);
	return check_major(room, "the scratch server", session_server_version(room->server.beside), err);
}

/* --- what is made ----------------------------------------------------------- */

static bool create_like(struct scratch_database *database, const struct side *like, struct error *err)
{
	/* A locale of another machine may not be known here. */
	return (like && scratch_database_create(database, &like->likeness, err)) ||
	       ((!like || err->kind == ERROR_SQL) && scratch_database_create(database, NULL, err));
}

/* One that is there will do. */
static bool make_self(struct side_room *room, const char *name, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *sql = arena_printf(&arena, "CREATE ROLE %s SUPERUSER LOGIN", quote_name(&arena, name));

	return execute(room->server.beside, sql, NO_PARAMS, err) || strcmp(err->sqlstate, "42710") == 0;
}

/* As who looks at the other one, where that can be. */
bool side_room_connect(struct side_room *room, const struct side *like, struct scratch_database *database,
                       const char **conninfo, struct error *err)
{
	*conninfo = database->address;
	if (!room->server.server || !like || !like->has.self)
		return true;
	return make_self(room, like->has.self, err) &&
	       address_with_user(database->address, like->has.self, room->context->arena, conninfo, err);
}

bool side_room_make(struct side_room *room, const struct side *like, struct scratch_database *out,
                    const char **conninfo, struct error *err)
{
	return enter_server(room, err) && scratch_database_init(out, &room->server, err) &&
	       create_like(out, like && like->is_open ? like : NULL, err) &&
	       side_room_connect(room, like && like->is_open ? like : NULL, out, conninfo, err);
}

static bool open_session(struct side_room *room, const char *conninfo, struct session **out,
                         struct error *err)
{
	const struct session_options options = scratch_server_session_options(&room->server, conninfo);

	return session_open(&options, out, err);
}

static bool run_files(struct side_room *room, struct side *side, const struct prerequisites *prerequisites,
                      struct error *err)
{
	scoped_session struct session *db = NULL;
	struct script_options scripts = database_script_options(room->context);
	const struct desired_sql_options options = {.path = side->name.detail,
	                                            .scripts = &scripts,
	                                            .prerequisites = prerequisites,
	                                            .reporter = room->context->reporter,
	                                            .renames = &side->renames,
	                                            .arena = room->context->arena};

	/* Who types a path means it, wherever it is. */
	if (!side->name.is_of_settings)
		scripts.boundary = NULL;
	return open_session(room, side->conninfo, &db, err) && desired_sql_load(&options, db, err);
}

static bool run_migrations(struct side_room *room, const struct side *side,
                           const struct prerequisites *prerequisites, struct error *err)
{
	const struct side_migrations_options options = {.context = room->context,
	                                                .name = &side->name,
	                                                .conninfo = side->conninfo,
	                                                .beside = room->server.beside,
	                                                .prerequisites = prerequisites};

	return side_migrations_run(&options, err);
}

static bool with_session(struct side_room *room, const char *conninfo,
                         bool (*work)(const struct prerequisites *, struct session *, struct error *),
                         const struct prerequisites *prerequisites, struct error *err)
{
	scoped_session struct session *db = NULL;

	return open_session(room, conninfo, &db, err) && work(prerequisites, db, err);
}

/*
 * What its schema takes for granted is there from the start: who writes models rarely makes extensions. Who
 * is still in the database when it has ended keeps it from being copied.
 */
static bool run_command(struct side_room *room, struct side *side, const struct prerequisites *prerequisites,
                        struct error *err)
{
	return with_session(room, side->conninfo, prerequisites_create, prerequisites, err) &&
	       desired_command_run(room->context, side->name.detail, side->conninfo, err) &&
	       scratch_database_end_others(&side->scratch, err);
}

static bool fill(struct side_room *room, struct side *side, const struct prerequisites *prerequisites,
                 struct error *err)
{
	switch (side->name.kind) {
	case SIDE_FILES:
		return run_files(room, side, prerequisites, err);
	case SIDE_MIGRATIONS:
	case SIDE_GIT:
		return run_migrations(room, side, prerequisites, err);
	case SIDE_COMMAND:
		return run_command(room, side, prerequisites, err);
	case SIDE_LIVE:
	case SIDE_DATABASE:
	case SIDE_EMPTY:
		break;
	}
	return true;
}

/*
 * Once more, in a database that has all extensions of the other side from the start. Who loads files does so
 * by himself.
 */
static bool fill_again(struct side_room *room, const struct side *like, struct side *side,
                       const struct prerequisites *prerequisites, struct error *err)
{
	const struct error first = *err;

	if (side->name.kind == SIDE_FILES || first.kind != ERROR_SQL || !prerequisites->extension_count ||
	    !refusal_is_of_absence(&first))
		return false;
	if (!scratch_database_drop(&side->scratch, err) || !create_like(&side->scratch, like, err) ||
	    !with_session(room, side->conninfo, prerequisites_create, prerequisites, err))
		return false;
	if (fill(room, side, prerequisites, err))
		return true;
	*err = first;
	return false;
}

static bool make(struct side_room *room, const struct side *like, struct side *side, struct error *err)
{
	struct prerequisites prerequisites = like ? like->has : (struct prerequisites){0};

	if (!side_room_make(room, like, &side->scratch, &side->conninfo, err))
		return false;
	prerequisites.is_own_server = room->server.server != NULL;
	if (!fill(room, side, &prerequisites, err) && !fill_again(room, like, side, &prerequisites, err)) {
		(void)!prerequisites_explain(&prerequisites, session_server_version(room->server.beside), err);
		return false;
	}
	return side->name.kind == SIDE_EMPTY ||
	       with_session(room, side->conninfo, prerequisites_move, &prerequisites, err);
}

/* --- what is there ----------------------------------------------------------- */

static bool choose_database(struct side_room *room, const struct side_name *name, const char **out,
                            struct error *err)
{
	*out = name->kind == SIDE_LIVE ? room->context->database : name->detail;
	return *out ? database_check(room->context, *out, err) : database_refuse_none(room->context, err);
}

static bool look(struct side_room *room, struct side *side, struct session *db, struct error *err)
{
	struct qualified_name history;
	const struct catalog_options options = {.history = &history};
	struct arena *arena = room->context->arena;

	return database_history_table(room->context, &history, err) &&
	       catalog_load(db, &options, arena, &side->catalog, err) &&
	       prerequisites_load(db, arena, &side->has, err) &&
	       scratch_likeness_load(db, arena, &side->likeness, err);
}

/* The owner of most that is there; NULL where nobody owns anything. */
static const char *main_owner(const struct catalog *catalog, struct arena *arena)
{
	struct {
		const char *name;
		size_t count;
	} *owners = NULL;
	size_t count = 0;
	size_t most = 0;

	for (size_t i = 0; i < catalog->count; i++) {
		const char *owner = catalog->objects[i]->owner;
		size_t at = 0;

		if (!owner || strcmp(owner, "@server") == 0 || strcmp(owner, "pg_database_owner") == 0)
			continue;
		while (at < count && strcmp(owners[at].name, owner) != 0)
			at++;
		if (at == count)
			ARENA_PUSH(arena, owners, count)->name = owner;
		owners[at].count++;
		if (strcmp(owner, catalog->self) == 0)
			return catalog->self;
		most = owners[at].count > owners[most].count ? at : most;
	}
	return count ? owners[most].name : NULL;
}

/*
 * A role that owns nothing there, such as one that may only read, or an administrator, will not be the one
 * whose migrations made it: the owner of most counts as that.
 */
static void take_for_self(struct side *side, struct arena *arena)
{
	const char *owner = main_owner(&side->catalog, arena);

	if (!owner || strcmp(owner, side->catalog.self) == 0)
		return;
	side->catalog.self = owner;
	side->has.self = unquote_name(arena, owner);
}

static bool open_database(struct side_room *room, struct side *side, struct error *err)
{
	scoped_session struct session *db = NULL;

	if (!choose_database(room, &side->name, &side->conninfo, err))
		return false;
	struct session_options options = database_options(room->context, side->conninfo);
	if (side->name.kind != SIDE_LIVE)
		options.role = NULL;
	if (!session_open(&options, &db, err))
		return false;
	side->title = database_title(db, room->context->arena);
	if (!check_major(room, side->title, session_server_version(db), err) || !look(room, side, db, err) ||
	    !table_sizes_load(db, room->context->arena, &side->sizes, err))
		return false;
	take_for_self(side, room->context->arena);
	return true;
}

/* Otherwise everything would be dropped that the migrations have made. */
static bool check_made(const struct side *side, struct error *err)
{
	for (size_t i = 0; i < side->catalog.count; i++)
		if (side->catalog.objects[i]->schema)
			return true;
	error_set(err, ERROR_HOOK, "the command succeeded, but created nothing in its database");
	return error_hint(err, "It has to connect to the database that DATABASE_URL and PGHOST, PGPORT, PGUSER, "
	                       "PGDATABASE say, and to commit.");
}

bool side_look(struct side_room *room, const char *conninfo, struct catalog *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name history;
	const struct catalog_options options = {.history = &history};

	return database_history_table(room->context, &history, err) && open_session(room, conninfo, &db, err) &&
	       catalog_load(db, &options, room->context->arena, out, err);
}

static bool add_rest(struct side_room *room, const struct side *like, struct side *side, struct session *db,
                     struct error *err)
{
	struct catalog without;
	const struct side_rest rest = {.context = room->context,
	                               .made = &side->catalog,
	                               .other = &like->catalog,
	                               .without = &without,
	                               .prerequisites = &like->has};

	return side_look(room, like->conninfo, &without, err) && side_rest_add(&rest, db, err) &&
	       look(room, side, db, err);
}

static bool open_made(struct side_room *room, const struct side *like, struct side *side, struct error *err)
{
	scoped_session struct session *db = NULL;

	side->title = side->name.shown;
	if (!make(room, like, side, err) || !open_session(room, side->conninfo, &db, err) ||
	    !look(room, side, db, err))
		return false;
	return side->name.kind != SIDE_COMMAND ||
	       (check_made(side, err) && (!like || add_rest(room, like, side, db, err)));
}

/* --- one, and both ------------------------------------------------------------ */

bool side_open(struct side_room *room, const struct side_name *name, const struct side *like,
               struct side *out, struct error *err)
{
	out->name = *name;
	out->is_open = side_name_is_database(name)
	                   ? open_database(room, out, err)
	                   : open_made(room, like && like->is_open ? like : NULL, out, err);
	return out->is_open || error_context(err, "while looking at %s", name->shown);
}

bool sides_open(struct side_room *room, const struct side_name *from, const struct side_name *to,
                struct side *out_from, struct side *out_to, struct error *err)
{
	/* A command is completed by what the other side has. */
	if ((side_name_is_database(to) && !side_name_is_database(from)) || from->kind == SIDE_COMMAND)
		return side_open(room, to, NULL, out_to, err) && side_open(room, from, out_to, out_from, err);
	return side_open(room, from, NULL, out_from, err) && side_open(room, to, out_from, out_to, err);
}
