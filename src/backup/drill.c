/*
 * As on a new server: all roles of the summary exist, and the one that restores is no superuser, but may
 * create databases and is a member of what it was a member of. More would let a drill succeed that fails
 * on the day.
 *
 * The superuser's own name is taken: a role that is called so cannot be tried.
 */
#include "backup/drill.h"

#include <string.h>

#include "backup/restore/globals.h"
#include "pg/address.h"

static bool is_known(const struct database_summary *summary, const char *role)
{
	for (size_t i = 0; i < summary->role_count; i++)
		if (strcmp(summary->roles[i], role) == 0)
			return true;
	return false;
}

/* The one that is there already is the superuser whose server this is. */
static bool add_names(struct session *db, const struct database_summary *summary, struct buffer *sql,
                      struct error *err)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; i < summary->role_count; i++)
		if (strcmp(summary->roles[i], session_user(db)) != 0)
			*ARENA_PUSH(sql->arena, names, count) = summary->roles[i];
	return globals_roles(NULL, names, count, sql, err);
}

static void add_rights(const struct database_summary *summary, const char *role, struct buffer *sql)
{
	const char *name = quote_name(sql->arena, role);

	buffer_printf(sql, "%s ROLE %s LOGIN NOSUPERUSER CREATEDB;\n",
	              is_known(summary, role) ? "ALTER" : "CREATE", name);
	for (size_t i = 0; i < summary->membership_count; i++)
		if (strcmp(summary->memberships[i].member, role) == 0)
			buffer_printf(sql, "GRANT %s TO %s;\n", quote_name(sql->arena, summary->memberships[i].role),
			              name);
}

bool drill_as_role(const struct session_options *superuser, const struct database_summary *summary,
                   const char *role, struct arena *arena, struct session_options *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct buffer sql = {.arena = arena};
	struct session_options options = *superuser;

	if (!session_open(superuser, &db, err))
		return false;
	if (strcmp(role, session_user(db)) == 0)
		return error_set(err, ERROR_USAGE, "cannot drill as \"%s\": it is the scratch server's superuser",
		                 role);
	if (!add_names(db, summary, &sql, err))
		return false;
	add_rights(summary, role, &sql);
	if (!execute_simple(db, buffer_cstr(&sql), NULL, NULL, err))
		return error_context(err, "while creating the roles for the drill");
	if (!address_with_user(superuser->conninfo, role, arena, &options.conninfo, err))
		return false;
	*out = options;
	return true;
}
