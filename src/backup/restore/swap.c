/*
 * A database can be renamed only while nobody is in it, and clients reconnect faster than we can rename.
 * So the old one is closed to new connections, its sessions are ended, both are renamed in one
 * transaction, and it is opened again under its new name: ALLOW_CONNECTIONS stays with the database, not
 * with the name.
 *
 * What must not happen is a production database that stays closed. So a cancel is held back for these
 * seconds, a lock is waited for 10 s at most, opening it again is tried with a second connection, and
 * when that fails the message says so first.
 *
 * Only where the closing itself ended in a lock timeout is it certain that nothing was changed; after any
 * other error it may have been, so it is opened again.
 */
#include "backup/restore/swap.h"

#include <string.h>

#include "backup/restore/restore_internal.h"

enum { MOST_NAMES = 1000, MOST_TRIES = 2 };

/* --- names ------------------------------------------------------------ */

static bool name_exists(struct session *beside, const char *name, bool *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(beside, SQL_restore_exists, PARAMS(name), &rows, err))
		return false;
	*out = rows_count(rows) > 0;
	return true;
}

/* "app_before_ID", then "app_before_ID_2" and so on. */
static bool find_free(struct session *beside, const char *head, const char *tail, struct arena *arena,
                      const char **out, struct error *err)
{
	bool exists = true;

	for (int number = 1; exists; number++) {
		if (number > MOST_NAMES)
			return error_set(err, ERROR_USAGE, "every name from \"%s%s\" to \"%s\" is taken", head, tail,
			                 *out);
		*out = name_with_tail(arena, head, number == 1 ? tail : arena_printf(arena, "%s_%d", tail, number));
		if (!name_exists(beside, *out, &exists, err))
			return false;
	}
	return true;
}

/* --- the plan --------------------------------------------------------- */

/* The columns of restore_owned.sql. */
enum {
	OWNED_MAY_CREATE,
	OWNED_EXISTS,
	OWNED_IS_OURS,
};

static bool check_rights(struct session *beside, const char *current, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(beside, SQL_restore_owned, PARAMS(current), &rows, err))
		return false;
	if (!rows_flag(rows, 0, OWNED_MAY_CREATE)) {
		error_set(err, ERROR_USAGE, "cannot restore as \"%s\": this role may not create databases",
		          session_user(beside));
		return error_hint(err, "ALTER ROLE ... CREATEDB allows it; or connect as another role.");
	}
	if (current && !rows_flag(rows, 0, OWNED_EXISTS)) {
		error_set(err, ERROR_USAGE, "cannot swap: there is no database \"%s\" to replace", current);
		return error_hint(err, "Restore it under its own name: --into \"%s\", without --swap.", current);
	}
	return !current || rows_flag(rows, 0, OWNED_IS_OURS) ||
	       error_set(err, ERROR_USAGE, "cannot swap: \"%s\" belongs to another role than \"%s\"", current,
	                 session_user(beside));
}

static bool check_given(struct session *beside, const char *name, struct arena *arena, struct error *err)
{
	if (!*name)
		return error_set(err, ERROR_USAGE, "cannot restore into a database without a name");
	if (strlen(name) > NAME_MOST_LEN)
		return error_set(err, ERROR_USAGE, "cannot restore into \"%s\": a name has %d bytes at most", name,
		                 NAME_MOST_LEN);
	return creation_check_absent(beside, name, arena, err);
}

bool swap_plan(const struct session_options *connection, const char *id, struct arena *arena,
               struct swap *swap, struct error *err)
{
	scoped_session struct session *beside = NULL;

	if (!restoring_open_beside(connection, arena, &beside, err) || !check_rights(beside, swap->current, err))
		return false;
	if (swap->fresh ? !check_given(beside, swap->fresh, arena, err)
	                : !find_free(beside, "restored_", id, arena, &swap->fresh, err))
		return false;
	return !swap->current ||
	       find_free(beside, swap->current, arena_printf(arena, "_before_%s", id), arena, &swap->kept, err);
}

/* --- the act ---------------------------------------------------------- */

static bool allow_connections(struct session *beside, const char *name, bool allowed, struct arena *arena,
                              struct error *err)
{
	return execute(beside,
	               arena_printf(arena, "ALTER DATABASE %s WITH ALLOW_CONNECTIONS %s", quote_name(arena, name),
	                            allowed ? "true" : "false"),
	               NO_PARAMS, err);
}

/* What is called `from` makes room for `next`, which takes its name. */
static const char *renaming(const char *from, const char *to, const char *next, struct arena *arena)
{
	const char *name = quote_name(arena, from);

	return arena_printf(arena, "ALTER DATABASE %s RENAME TO %s; ALTER DATABASE %s RENAME TO %s;", name,
	                    quote_name(arena, to), quote_name(arena, next), name);
}

static const char *swapping(const struct swap *swap, struct arena *arena)
{
	return renaming(swap->current, swap->kept, swap->fresh, arena);
}

const char *swap_undoing(const struct swap *swap, struct arena *arena)
{
	return renaming(swap->current, swap->fresh, swap->kept, arena);
}

static bool is_in_use(const struct error *err)
{
	return strcmp(err->sqlstate, "55006") == 0;
}

/* Who was on the way in when the door was shut is met by the second try. */
static bool rename_both(struct session *beside, const struct swap *swap, struct arena *arena,
                        struct error *err)
{
	const char *sql = arena_printf(arena, "BEGIN; %s COMMIT", swapping(swap, arena));

	for (int tries = 1;; tries++) {
		if (execute(beside, SQL_restore_terminate, PARAMS(swap->current, swap->fresh), err) &&
		    execute_simple(beside, sql, NULL, NULL, err))
			return true;
		session_rollback(beside);
		if (!is_in_use(err) || tries == MOST_TRIES)
			return false;
	}
}

/* We cannot be cancelled meanwhile, and behind us waits everybody who wants in. */
static bool limit_lock_wait(struct session *beside, struct error *err)
{
	return execute(beside, "SET lock_timeout = '10s'", NO_PARAMS, err);
}

static bool is_lock_timeout(const struct error *err)
{
	return strcmp(err->sqlstate, "55P03") == 0;
}

/* Nobody may be kept out for good: when our own session is gone, another one opens the door. */
static bool let_in_again(const struct session_options *connection, struct session *beside, const char *name,
                         struct arena *arena, struct error *err)
{
	scoped_session struct session *another = NULL;

	return allow_connections(beside, name, true, arena, err) ||
	       (restoring_open_beside(connection, arena, &another, err) &&
	        allow_connections(another, name, true, arena, err));
}

bool swap_run(const struct session_options *connection, const struct swap *swap, struct arena *arena,
              struct error *err)
{
	scoped_session struct session *beside = NULL;
	struct error trouble;

	if (!restoring_open_beside(connection, arena, &beside, err))
		return error_context(err, "before putting \"%s\" in the place of \"%s\"", swap->fresh, swap->current);
	session_hold_cancel(beside, true); /* seconds, and a door that must not stay shut */
	const bool is_shut =
	    limit_lock_wait(beside, err) && allow_connections(beside, swap->current, false, arena, err);
	const bool is_done = is_shut && rename_both(beside, swap, arena, err);
	if ((is_shut || !is_lock_timeout(err)) &&
	    !let_in_again(connection, beside, is_done ? swap->kept : swap->current, arena, &trouble)) {
		if (!is_done)
			return error_detail(err, "\"%s\" still refuses connections: %s", swap->current, trouble.message);
		*err = trouble;
		return error_context(err, "while opening \"%s\" again; the swap itself is done", swap->kept);
	}
	if (is_done)
		return true;
	error_context(err, "while putting \"%s\" in the place of \"%s\"; both are as before", swap->fresh,
	              swap->current);
	return error_hint(err, "Once the cause is removed: %s", swapping(swap, arena));
}
