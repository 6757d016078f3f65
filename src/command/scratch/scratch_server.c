/*
 * A run that is killed leaves its databases on somebody's server, where nobody else would drop what they do
 * not know. So a name says all of it: whose it is, when it was made by the server's own clock, and by which
 * run. A day is more than any run takes, and one that lives is in its database most of the time.
 *
 * Our own server needs none of that: it ends with us, and its directory is removed by the next one.
 */
#include "command/scratch/scratch_server.h"

#include <string.h>

#include "command/database/database.h"
#include "pg/query.h"

/* --- the server --------------------------------------------------------- */

static bool start_server(struct scratch_server *server, int major, struct error *err)
{
	const struct server_options options = {.bindir =
	                                           setting_text(server->context->settings, SETTING_PG_BINDIR),
	                                       .major = major,
	                                       .is_fast = true};

	if (!server_open(&options, &server->server, err))
		return false;
	server->address = server_url(server->server, "postgres", server->context->arena);
	return true;
}

struct session_options scratch_server_session_options(const struct scratch_server *server,
                                                      const char *conninfo)
{
	struct session_options options = database_options(server->context, conninfo);

	options.role = NULL;
	return options;
}

static bool open_beside(struct scratch_server *server, struct error *err)
{
	const struct session_options options = scratch_server_session_options(server, server->address);

	return session_open(&options, &server->beside, err);
}

/* --- what is there ------------------------------------------------------- */

/* The columns of left_over.sql. */
enum {
	LEFT_OVER_KIND,
	LEFT_OVER_TEXT,
};

/* What cannot be dropped, as it is another user's, stays for him to drop. */
static void sweep(struct scratch_server *server, const char *name)
{
	scoped_arena struct arena arena = {0};
	struct error ignored;

	if (execute(server->beside, arena_printf(&arena, "DROP DATABASE IF EXISTS %s", quote_name(&arena, name)),
	            NO_PARAMS, &ignored))
		event_note(server->context->reporter, "dropped \"%s\", which a run that was killed had left behind",
		           name);
}

/* The first row is the time. */
static bool look_around(struct scratch_server *server, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	struct author author;

	if (!query(server->beside, SQL_scratch_left_over, NO_PARAMS, &rows, err))
		return false;
	author_init(&author, server->context->arena);
	server->stem = arena_printf(server->context->arena, SCRATCH_DATABASE_PREFIX "%s_%s",
	                            rows_text(rows, 0, LEFT_OVER_TEXT), author.run_id);
	for (size_t i = 1; i < rows_count(rows); i++)
		sweep(server, rows_text(rows, i, LEFT_OVER_TEXT));
	return true;
}

/* --- open and close ------------------------------------------------------ */

bool scratch_server_open(const struct context *context, const struct scratch_server_options *options,
                         struct scratch_server *out, struct error *err)
{
	*out = (struct scratch_server){.context = context, .address = options->address};
	return (options->address || start_server(out, options->major, err)) && open_beside(out, err) &&
	       look_around(out, err);
}

void scratch_server_close(struct scratch_server *server)
{
	session_close(&server->beside);
	server_close(&server->server);
}
