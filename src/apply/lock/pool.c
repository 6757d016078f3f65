#include "apply/lock/pool.h"

#include "pg/backend.h"

bool pool_detect(struct run *run, struct error *err)
{
	bool is_kept = false;

	run->pooling = POOLING_NONE;
	if (run->facts.backend_pid == session_backend_pid(run->db))
		return true;
	if (!backend_is_kept(run->db, &run->connection, &is_kept, err))
		return false;
	if (!is_kept)
		run->pooling = POOLING_TRANSACTION;
	return true;
}
