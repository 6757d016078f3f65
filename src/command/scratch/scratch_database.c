/*
 * To make a database and to drop it is what takes time in all that is tried, so nothing here is made twice,
 * and nothing is waited for longer than it takes. The server waits for those who are still in a database by
 * looking ten times a second; a backend needs some milliseconds to end, so we look first, and oftener.
 *
 * What is like another database starts from template0, the only one that may be of any encoding and locale.
 *
 * A copy has everything but what is not in the database itself: privileges on it, and what ALTER DATABASE has
 * set. On our own server the settings are written to it; on another one only superusers could.
 */
#include "command/scratch/scratch_database.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "pg/address.h"
#include "pg/connection_ahead.h"
#include "pg/query.h"

enum { FORCE_FROM = 130000, STRATEGIES_FROM = 150000, LARGE_BYTES = 64 * 1024 * 1024 };
enum { MOST_DROPS = 5, LEAVING_MS = 1000, LEAVING_STEP_MS = 2 };

/* --- who is in there ------------------------------------------------------ */

/* The server itself would look again ten times a second. */
static void wait_until_left(const struct scratch_server *server, const char *const *names, size_t count)
{
	scoped_arena struct arena arena = {0};
	const int64_t deadline_ms = clock_now_ms() + LEAVING_MS;
	const char *list = array_text(names, count, &arena);
	struct error ignored;

	for (;;) {
		scoped_rows struct rows *rows = NULL;

		if (!query_row(server->beside, SQL_scratch_copy_left, PARAMS(list), &rows, &ignored) ||
		    rows_number(rows, 0, ONLY_COLUMN) == 0 || clock_now_ms() >= deadline_ms ||
		    !clock_sleep_ms(LEAVING_STEP_MS))
			return;
	}
}

bool scratch_database_end_others(struct scratch_database *database, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	scratch_database_leave(database);
	return query_row(database->server->beside, SQL_scratch_end_others, PARAMS(database->name), &rows, err);
}

bool scratch_database_enter(struct scratch_database *database, struct session **out, struct error *err)
{
	const struct session_options options =
	    scratch_server_session_options(database->server, database->address);

	if (!database->session) {
		if (!session_open(&options, &database->session, err))
			return false;
		database->entered++;
	}
	*out = database->session;
	return true;
}

void scratch_database_leave(struct scratch_database *database)
{
	session_close(&database->session);
	connection_ahead_drop();
	database->is_prepared = false;
}

bool scratch_database_catalog(struct scratch_database *database, const struct qualified_name *history,
                              struct arena *arena, struct catalog *out, struct error *err)
{
	const struct catalog_options options = {.history = history, .is_prepared = &database->is_prepared};
	struct session *session;

	if (!scratch_database_enter(database, &session, err))
		return false;
	if (catalog_load(session, &options, arena, out, err))
		return true;
	scratch_database_leave(database); /* what is prepared in it, nobody knows now */
	return false;
}

/* --- an empty one --------------------------------------------------------- */

/* The columns of likeness.sql. */
enum {
	LIKENESS_ENCODING,
	LIKENESS_COLLATE,
	LIKENESS_CTYPE,
	LIKENESS_PROVIDER,
	LIKENESS_LOCALE,
	LIKENESS_RULES,
};

bool scratch_likeness_load(struct session *like, struct arena *arena, struct scratch_likeness *out,
                           struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(like, SQL_scratch_likeness, NO_PARAMS, &rows, err))
		return error_context(err, "while asking how the database stores text");
	*out = (struct scratch_likeness){
	    .encoding = rows_copy(rows, 0, LIKENESS_ENCODING, arena),
	    .collate = rows_copy(rows, 0, LIKENESS_COLLATE, arena),
	    .ctype = rows_copy(rows, 0, LIKENESS_CTYPE, arena),
	    .provider = rows_copy(rows, 0, LIKENESS_PROVIDER, arena),
	    .locale = rows_copy(rows, 0, LIKENESS_LOCALE, arena),
	    .rules = rows_copy(rows, 0, LIKENESS_RULES, arena),
	};
	return true;
}

static void add_word(struct buffer *sql, const char *word, const char *value)
{
	if (value)
		buffer_printf(sql, " %s %s", word, quote_literal(sql->arena, value));
}

/* Only from 15 on a database has a provider of its own. */
static void add_likeness(struct buffer *sql, const struct scratch_likeness *likeness)
{
	const char provider = likeness->provider ? *likeness->provider : 'c';

	add_word(sql, "ENCODING", likeness->encoding);
	add_word(sql, "LC_COLLATE", likeness->collate);
	add_word(sql, "LC_CTYPE", likeness->ctype);
	if (likeness->provider)
		add_word(sql, "LOCALE_PROVIDER", provider == 'i' ? "icu" : provider == 'b' ? "builtin" : "libc");
	if (provider != 'c')
		add_word(sql, provider == 'i' ? "ICU_LOCALE" : "BUILTIN_LOCALE", likeness->locale);
	add_word(sql, "ICU_RULES", likeness->rules);
}

/* Where nobody has heard whether it was made, it may have been. */
static bool make(struct scratch_database *database, const char *sql, struct error *err)
{
	database->exists = execute(database->server->beside, sql, NO_PARAMS, err);
	if (database->exists)
		return true;
	database->exists = err->kind != ERROR_SQL;
	return false;
}

bool scratch_database_create(struct scratch_database *database, const struct scratch_likeness *likeness,
                             struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer sql = {.arena = &arena};

	buffer_printf(&sql, "CREATE DATABASE %s TEMPLATE template0", quote_name(&arena, database->name));
	if (likeness)
		add_likeness(&sql, likeness);
	scratch_database_leave(database);
	return make(database, buffer_cstr(&sql), err) ||
	       error_context(err, "while creating a database to try it in");
}

/* --- a copy ---------------------------------------------------------------- */

/*
 * To log what is copied, which servers do from 15 on, spares two checkpoints;
 * for what is large to copy the files is less.
 */
static const char *strategy(const struct scratch_server *server, const char *original)
{
	scoped_rows struct rows *rows = NULL;
	struct error ignored;

	if (session_server_version(server->beside) < STRATEGIES_FROM ||
	    !query_row(server->beside, SQL_scratch_copy_size, PARAMS(original), &rows, &ignored) ||
	    rows_number(rows, 0, ONLY_COLUMN) < LARGE_BYTES)
		return "";
	return " STRATEGY file_copy";
}

bool scratch_database_copy(struct scratch_database *database, struct scratch_database *original,
                           struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct scratch_server *server = database->server;
	const char *sql =
	    arena_printf(&arena, "CREATE DATABASE %s TEMPLATE %s%s", quote_name(&arena, database->name),
	                 quote_name(&arena, original->name), strategy(server, original->name));

	scratch_database_leave(database);
	scratch_database_leave(original);
	wait_until_left(server, (const char *const[]){database->name, original->name}, 2);
	return make(database, sql, err) &&
	       (!server->server ||
	        execute(server->beside, SQL_scratch_copy_settings, PARAMS(original->name, database->name), err));
}

/* --- open and close --------------------------------------------------------- */

/*
 * After Ctrl-C a statement of the session is cancelled on the server, whatever
 * it is, and a cancellation that comes late meets another one: once more then.
 */
bool scratch_server_drop(struct scratch_server *server, const char *name, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *sql =
	    arena_printf(&arena, "DROP DATABASE IF EXISTS %s%s", quote_name(&arena, name),
	                 session_server_version(server->beside) >= FORCE_FROM ? " WITH (FORCE)" : "");

	wait_until_left(server, &name, 1);
	for (int i = 0; i < MOST_DROPS; i++)
		if (execute(server->beside, sql, NO_PARAMS, err))
			return true;
	return false;
}

bool scratch_database_drop(struct scratch_database *database, struct error *err)
{
	scratch_database_leave(database);
	if (database->exists && !scratch_server_drop(database->server, database->name, err))
		return false;
	database->exists = false;
	return true;
}

bool scratch_database_init(struct scratch_database *database, struct scratch_server *server,
                           struct error *err)
{
	struct arena *arena = server->context->arena;
	const char *name = arena_printf(arena, "%s_%zu", server->stem, ++server->named);

	*database = (struct scratch_database){.server = server, .name = name};
	if (!server->server)
		return address_with_database(server->address, name, arena, &database->address, err);
	database->address = server_url(server->server, name, arena);
	return true;
}

void scratch_database_close(struct scratch_database *database)
{
	struct error ignored;

	if (!database->server)
		return;
	scratch_database_leave(database);
	if (database->exists && !database->server->server)
		(void)!scratch_database_drop(database, &ignored);
}
