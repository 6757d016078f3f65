#include "apply/timeouts.h"

/* The columns of timeouts_now.sql, which are put back by timeouts.sql. */
enum {
	TIMEOUTS_LOCK,
	TIMEOUTS_STATEMENT,
};

bool timeouts_set(struct session *db, struct step_limits limits, bool is_local, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *lock = milliseconds_text(&arena, limits.lock_timeout_ms);
	const char *statement = milliseconds_text(&arena, limits.statement_timeout_ms);

	return execute(db, SQL_apply_timeouts, PARAMS(lock, statement, is_local ? "true" : "false"), err);
}

bool timeouts_lift(struct session *db, struct rows **former, struct error *err)
{
	return query_row(db, SQL_apply_timeouts_now, NO_PARAMS, former, err) &&
	       timeouts_set(db, (struct step_limits){0}, false, err);
}

bool timeouts_put_back(struct session *db, const struct rows *former, struct error *err)
{
	return execute(
	    db, SQL_apply_timeouts,
	    PARAMS(rows_text(former, 0, TIMEOUTS_LOCK), rows_text(former, 0, TIMEOUTS_STATEMENT), "false"), err);
}
