#include "backup/rights/restorable.h"

#include <string.h>

/* Lines, as a list in one. */
static const char *joined(const char *lines, struct arena *arena)
{
	struct buffer text = {.arena = arena};
	struct str rest = str_of(lines);
	struct str line;

	while (str_line_next(&rest, &line))
		buffer_printf(&text, "%s%.*s", text.len ? "; " : "", STR_ARGS(line));
	return buffer_cstr(&text);
}

/* The roles of a restore: who logs in makes the database, and who was named, or the same, what is in it. */
bool restorable_look(const struct session_options *connection, const struct archive_list *list,
                     const struct database_summary *summary, struct arena *arena, struct restorable *out,
                     struct error *err)
{
	scoped_session struct session *db = NULL;
	struct session_options options = *connection;
	const struct rights_options wish = {.role = connection->role, .database_owner = summary->database.owner};
	struct rights rights;

	options.role = NULL;
	if (!session_open(&options, &db, err) || !rights_look(db, list, summary, &wish, arena, &rights, err))
		return false;
	const bool is_whole = rights.is_hosted || !*rights.lacking;
	const char *databases = "a new database: the role may not create databases (CREATEDB)";
	const char *lines = is_whole ? "" : rights.lacking;
	*out = (struct restorable){.role = rights.role, .advice = rights_advice(&rights, arena)};
	if (!is_whole || !rights.may_create_databases)
		out->lacking = joined(rights.may_create_databases
		                          ? lines
		                          : arena_printf(arena, "%s%s%s", databases, *lines ? "\n" : "", lines),
		                      arena);
	return true;
}
