#include "history/accepted_log.h"

/* The columns of log_digest.sql. */
enum { BOUND_ID, BOUND_HOLDS, BOUND_DIGEST };

bool accepted_log_load(struct session *db, const struct qualified_name *table, struct arena *arena,
                       struct accepted_log *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	*out = (struct accepted_log){0};
	if (!history_read(db, query_render(arena, SQL_history_log_digest, table), NO_PARAMS, &rows, err))
		return false;
	for (size_t i = 0; i < rows_count(rows); i++) {
		if (rows_flag(rows, i, BOUND_HOLDS))
			out->until = rows_number(rows, i, BOUND_ID);
		out->digest = rows_copy(rows, i, BOUND_DIGEST, arena);
	}
	return true;
}
