#include "backup/restore.h"

#include <string.h>

#include "backup/restoring.h"

static const char *kept_name(const char *current, const char *id, struct arena *arena)
{
	enum { LONGEST_NAME = 63 };
	const size_t rest = strlen("_before_") + strlen(id);
	size_t len = strlen(current);

	/* Cut between characters, should it be cut. */
	if (len + rest > LONGEST_NAME)
		for (len = LONGEST_NAME - rest; len > 0 && ((unsigned char)current[len] & 0xC0) == 0x80;)
			len--;
	return arena_printf(arena, "%.*s_before_%s", (int)len, current, id);
}

static bool allow_connections(struct session *beside, const char *name, bool allowed, struct arena *arena,
                              struct error *err)
{
	return execute(beside,
	               arena_printf(arena, "ALTER DATABASE %s WITH ALLOW_CONNECTIONS %s", quote_name(arena, name),
	                            allowed ? "true" : "false"),
	               NO_PARAMS, err);
}

static bool rename_both(struct session *beside, const char *fresh, const char *current, const char *kept,
                        struct arena *arena, struct error *err)
{
	const char *quoted = quote_name(arena, current);
	const char *sql =
	    arena_printf(arena, "BEGIN; ALTER DATABASE %s RENAME TO %s; ALTER DATABASE %s RENAME TO %s; COMMIT",
	                 quoted, quote_name(arena, kept), quote_name(arena, fresh), quoted);

	if (execute(beside, SQL_backup_restore_terminate, PARAMS(current, fresh), err) &&
	    execute_simple(beside, sql, NULL, NULL, err))
		return true;
	session_rollback(beside);
	return false;
}

/* Also when we were asked to stop: nobody may be kept out for good. */
static bool let_in_again(struct session *beside, const char *name, struct arena *arena, struct error *err)
{
	return allow_connections(beside, name, true, arena, err) ||
	       (err->kind == ERROR_CANCELLED && allow_connections(beside, name, true, arena, err));
}

bool restore_swap(const struct session_options *connection, const char *fresh, const char *current,
                  const char *id, struct arena *arena, const char **kept, struct error *err)
{
	scoped_session struct session *beside = NULL;
	const char *old = kept_name(current, id, arena);
	struct error trouble;

	if (!restoring_open_beside(connection, arena, &beside, err) ||
	    !allow_connections(beside, current, false, arena, err))
		return error_context(err, "while putting \"%s\" in the place of \"%s\"", fresh, current);
	const bool is_done = rename_both(beside, fresh, current, old, arena, err);
	if (!let_in_again(beside, is_done ? old : current, arena, &trouble)) {
		if (!is_done)
			return error_detail(err, "\"%s\" still refuses connections: %s", current, trouble.message);
		*err = trouble;
		return error_context(err, "while opening \"%s\" again; the swap itself is done", old);
	}
	if (!is_done)
		return error_context(err, "while putting \"%s\" in the place of \"%s\"; both are as before", fresh,
		                     current);
	*kept = old;
	return true;
}
