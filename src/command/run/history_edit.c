/*
 * The record and its line in the log are written in one transaction: a record that no line of the log
 * tells of is what "rung check" reports as a finding. What is claimed here is compared at the end, after
 * the commit, with what the history then says: a trigger or a rule may have kept a row away.
 */
#include "command/run/history_edit.h"

#include "migration/kept_rollback.h"

bool history_edit_values(const struct migration *migration, struct arena *arena, struct record_values *out,
                         struct error *err)
{
	struct kept_rollback kept_rollback;

	if (!rollback_to_keep_load(migration, NULL, arena, &kept_rollback, err))
		return false;
	*out = (struct record_values){
	    .version = migration->number,
	    .name = migration->name,
	    .description = migration->description,
	    .checksum = migration->checksum,
	    .state = RECORD_APPLIED,
	    .rollback_sql = kept_rollback.sql,
	    .rollback_checksum = kept_rollback.checksum,
	};
	return true;
}

bool history_edit_log(const struct migrate_options *run_options, const struct locked_history *locked,
                      const char *action, const struct record_values *facts, struct error *err)
{
	const struct log_entry entry = {
	    .action = action,
	    .outcome = "done",
	    .version = facts->version,
	    .name = facts->name,
	    .checksum = facts->checksum,
	    .rollback_checksum = facts->rollback_checksum,
	};
	const struct request request =
	    history_log(&run_options->history, &run_options->author, &entry, COMMIT_AS_CONFIGURED, locked->arena);

	return request_run(locked->db, &request, err);
}

void history_edit_claim(struct locked_history *locked, const struct record_values *facts, bool is_applied)
{
	*ARENA_PUSH(locked->arena, locked->claims.items, locked->claims.count) = (struct claim){
	    .version = facts->version,
	    .is_applied = is_applied,
	    .checksum = is_applied ? facts->checksum : NULL,
	};
}

struct history_edit {
	locked_work work;
	void *context;
};

/* Behind a transaction pooler the lock has opened the transaction already. */
static bool in_transaction(const struct migrate_options *run_options, struct locked_history *locked,
                           void *argument, struct error *err)
{
	const struct history_edit *edit = argument;
	const bool is_open = session_transaction(locked->db) == SESSION_IN_TRANSACTION;

	return (is_open || execute(locked->db, "BEGIN", NO_PARAMS, err)) &&
	       edit->work(run_options, locked, edit->context, err) &&
	       (is_open || execute(locked->db, "COMMIT", NO_PARAMS, err));
}

bool history_edit_reach(const struct migrate_options *run_options, locked_work work, void *context,
                        struct error *err)
{
	struct history_edit edit = {work, context};

	return migrate_with_lock(run_options, in_transaction, &edit, err);
}

void history_edit_say(struct context *context, const char *text, size_t changed)
{
	event_done(context->reporter, text, -1, (int64_t)changed);
}
