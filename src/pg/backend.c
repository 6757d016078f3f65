/*
 * That a pooler is in between is told by the pid: the one of the handshake is the pooler's invention, or
 * that of another backend. Which kind it is takes a second connection. With session pooling each keeps its
 * own backend however often both ask in turn; with transaction pooling an idle backend goes to the one that
 * asks next, so the two share one or swap. Several rounds, as a pooler whose idle backends others take and
 * give back meanwhile may hand out the right ones by chance; the first round that does not ends it, so only
 * session pooling pays for all of them.
 */
#include "pg/backend.h"

#include "pg/query.h"

enum { ROUNDS = 12 };

static bool ask_backend(struct session *session, int64_t *pid, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query_row(session, SQL_pg_backend, NO_PARAMS, &rows, err))
		return false;
	*pid = rows_number(rows, 0, BACKEND_PID);
	return true;
}

/* Transaction pooling hands the same idle backend to both, or another one each time. */
static bool compare(struct session *ours, struct session *other, bool *kept, struct error *err)
{
	int64_t first[2];

	for (int round = 0; round < ROUNDS; round++) {
		int64_t pids[2];

		if (!ask_backend(ours, &pids[0], err) || !ask_backend(other, &pids[1], err))
			return false;
		if (round == 0) {
			first[0] = pids[0];
			first[1] = pids[1];
		}
		*kept = pids[0] != pids[1] && pids[0] == first[0] && pids[1] == first[1];
		if (!*kept)
			return true;
	}
	return true;
}

bool backend_is_kept(struct session *session, const struct session_options *options, bool *kept,
                     struct error *err)
{
	scoped_session struct session *other = NULL;
	struct session_options plain = *options;

	plain.role = NULL;
	if (session_open(&plain, &other, err) && compare(session, other, kept, err))
		return true;
	return error_context(err, "while finding out what kind of pooler is in between");
}
