#include "history/grants.h"

#include <string.h>

/* At the end of both statements, which are SQL as they are. */
static const char stands_for_role[] = "current_user";

static const char *statement_for(const struct session *db, const char *sql,
                                 const struct qualified_name *table, struct arena *arena)
{
	const char *role = quote_name(arena, session_user(db));
	const struct str text = str_trim(str_of(query_render(arena, sql, table)));

	return arena_printf(arena, "%.*s%s", (int)(text.len - strlen(stands_for_role)), text.text, role);
}

bool grants_explain_schema(const struct session *db, const struct qualified_name *table, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (strcmp(err->sqlstate, "42501") == 0)
		error_hint(err, "The user needs CREATE on the schema \"%s\" to keep a history there: %s",
		           table->schema, statement_for(db, SQL_history_grant_schema, table, &arena));
	if (strcmp(err->sqlstate, "3F000") == 0)
		error_hint(err,
		           "The user cannot create it. Somebody who can must run CREATE SCHEMA %s AUTHORIZATION %s; "
		           "or keep the history in an existing schema, with --history-table.",
		           quote_name(&arena, table->schema), quote_name(&arena, session_user(db)));
	return false;
}

bool grants_explain_tables(const struct session *db, const struct qualified_name *table, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (strcmp(err->sqlstate, "42501") == 0)
		error_hint(err, "The user needs rights on the tables of the history; their owner gives them: %s",
		           statement_for(db, SQL_history_grant_tables, table, &arena));
	return false;
}
