/*
 * The catalogs are read when the last step is committed and the migration lock is still held, so no other run
 * is at work; they are written under the same lock, with what lets go of it (deploy_lock.c), so both together
 * cost one round trip. With the reading the server is told to count what we wrote (drift_glance). Between the
 * two the row belongs to no state of the history, and so does the one of the run before: drift.c then
 * compares nothing.
 *
 * Only runs that changed something come here. A run that finds nothing to do leaves what is kept as it is,
 * and with it what was changed by hand since.
 */
#include "apply/catalog_keeping.h"

#include "apply/lock/deploy_lock.h"
#include "apply/run_internal.h"
#include "catalog/object_listing.h"
#include "history/kept_catalog.h"
#include "sql/file_cache.h"

/* No file is read after the last step: what is kept of them makes room for what is read now. */
bool catalog_keeping_begin(const struct run *run, const struct history *history)
{
	const bool is_due = run->options->keeps_catalog && !run->facts.is_read_only &&
	                    (run->steps_done > 0 || !history->exists || run_needs_tables(run, history));

	if (is_due)
		file_cache_clear(run->cache);
	return is_due;
}

void catalog_keeping_warn(const struct run *run, const struct error *why)
{
	event_warning(
	    run->options->reporter,
	    "all is done, but what the schema is like now was not kept: %s%s%s; \"rung check\" does not "
	    "see changes by others until the next run keeps it",
	    why->message, *why->hint ? ". " : "", why->hint);
}

bool catalog_keeping_read(struct session *db, const struct qualified_name *history, struct arena *arena,
                          struct request *out, struct error *err)
{
	scoped_arena struct arena scratch = {0};
	const struct catalog_question flush = {SQL_history_catalog_flush, NO_PARAMS, NULL};
	const bool can_flush = session_server_version(db) >= 150000;
	const struct catalog_options options = {
	    .history = history, .questions = &flush, .question_count = can_flush};
	struct object_listed_database listed;

	if (!object_listing_read(db, &options, PARTS_USUAL, &scratch, &listed, err))
		return false;
	const struct kept_catalog kept = {
	    .fingerprint = hex_text(arena, listed.list.fingerprint, DIGEST_SIZE),
	    .format = FINGERPRINT_VERSION,
	    .server_major = listed.server_version / 10000,
	    .kept_by = arena_strdup(arena, listed.self),
	    .objects = object_list_encode(&listed.list, &scratch),
	};
	*out = kept_catalog_save(history, &kept, arena);
	return true;
}

/* Behind a pooler the lock comes with a transaction. */
static bool keep(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct request request;

	if (run->pooling == POOLING_TRANSACTION && !deploy_lock_acquire(run, err))
		return false;
	return catalog_keeping_read(run->db, &run->options->history, &arena, &request, err) &&
	       request_run(run->db, &request, err) &&
	       (run->pooling == POOLING_NONE || execute(run->db, "COMMIT", NO_PARAMS, err));
}

void catalog_keeping_do(struct run *run)
{
	struct error err = {0};

	if (!keep(run, &err))
		catalog_keeping_warn(run, &err);
	session_rollback(run->db);
}
