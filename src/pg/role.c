/*
 * The role is a startup option of the connection, not a statement: RESET ROLE, RESET ALL and DISCARD
 * return to what a session started with, so a file that says one of them does not get out of the role.
 *
 * Poolers know few startup options. PgBouncer refuses those it does not know, naming the parameter; others
 * drop them without a word, which shows only in who we are afterwards. Then it is SET ROLE: for the
 * session where it keeps its backend, and otherwise in every transaction.
 */
#include "pg/role_internal.h"

#include <string.h>

#include "base/buffer.h"
#include "pg/address.h"
#include "pg/backend.h"
#include "pg/query.h"
#include "pg/session_internal.h"

/* Options are split at white space; a backslash takes the next character as it is. */
static void add_escaped(struct buffer *text, const char *value)
{
	for (; *value; value++) {
		if (strchr(" \t\n\r\f\v\\", *value))
			buffer_char(text, '\\');
		buffer_char(text, *value);
	}
}

const char *role_startup_options(const char *conninfo, const char *role, struct arena *arena)
{
	struct buffer text = {.arena = arena};
	const char *own = address_setting(conninfo, "options", arena);

	if (own)
		buffer_printf(&text, "%s ", own);
	buffer_text(&text, "-c role=");
	add_escaped(&text, role);
	return buffer_cstr(&text);
}

bool role_was_refused(const struct session *session, const char *role)
{
	/* Poolers do not translate; servers name the role in every language. */
	const char *const words[] = {"startup parameter", "options", role};
	const char *told = libpq.errorMessage(session->conn);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(told, words[i]))
			return true;
	return false;
}

static bool set_role(struct session *session, const char *role, struct error *err)
{
	scoped_arena struct arena arena = {0};

	return execute(session, arena_printf(&arena, "SET ROLE %s", quote_name(&arena, role)), NO_PARAMS, err);
}

/* A pooler dropped the options without a word. */
static bool take_through_pooler(struct session *session, const struct session_options *options,
                                struct error *err)
{
	bool is_kept;

	if (!backend_is_kept(session, options, &is_kept, err))
		return false;
	if (is_kept)
		return set_role(session, options->role, err);
	session->local_role = strdup(options->role);
	return session->local_role || error_set(err, ERROR_SERVER, "out of memory");
}

bool role_take(struct session *session, const struct session_options *options, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(session, SQL_pg_backend, NO_PARAMS, &rows, err))
		return false;
	session->keeps_role = strcmp(rows_text(rows, 0, BACKEND_USER), options->role) == 0;
	if (session->keeps_role)
		return true;
	if (rows_number(rows, 0, BACKEND_PID) == libpq.backendPID(session->conn))
		return set_role(session, options->role, err);
	return take_through_pooler(session, options, err);
}
