#include "apply/pool.h"

enum { ROUNDS = 4 };

static bool ask_backend(struct session *session, int64_t *pid, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(session, SQL_apply_backend, NO_PARAMS, &rows, err))
		return false;
	*pid = rows_number(rows, 0, 0);
	return true;
}

/* Transaction pooling hands the same idle backend to both, or another one each time. */
static bool keeps_backends(struct session *ours, struct session *other, bool *keeps, struct error *err)
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
		*keeps = pids[0] != pids[1] && pids[0] == first[0] && pids[1] == first[1];
		if (!*keeps)
			return true;
	}
	return true;
}

bool pool_detect(struct run *run, struct error *err)
{
	scoped_session struct session *other = NULL;
	bool keeps = false;

	run->pooling = POOLING_NONE;
	if (run->facts.backend_pid == session_backend_pid(run->db))
		return true;
	if (!session_open(&run->climb->connection, &other, err) || !keeps_backends(run->db, other, &keeps, err))
		return error_context(err, "while finding out what kind of pooler is in between");
	if (!keeps)
		run->pooling = POOLING_TRANSACTION;
	return true;
}
