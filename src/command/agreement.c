#include "command/agreement.h"

#include "migration/way_back.h"

bool agreement_facts(const struct migration *migration, struct arena *arena, struct record_facts *out,
                     struct error *err)
{
	struct way_back way_back;

	if (!way_back_load(migration, NULL, arena, &way_back, err))
		return false;
	*out = (struct record_facts){
	    .version = migration->number,
	    .name = migration->name,
	    .description = migration->description,
	    .checksum = migration->checksum,
	    .state = RECORD_APPLIED,
	    .rollback_sql = way_back.sql,
	    .rollback_checksum = way_back.checksum,
	};
	return true;
}

bool agreement_log(const struct climb *climb, const struct climb_desk *desk, const char *action,
                   const struct record_facts *facts, struct error *err)
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
	    history_log(&climb->history, &climb->author, &entry, COMMIT_AS_CONFIGURED, desk->arena);

	return request_run(desk->db, &request, err);
}

void agreement_claim(struct climb_desk *desk, const struct record_facts *facts, bool is_applied)
{
	*ARENA_PUSH(desk->arena, desk->claims.items, desk->claims.count) = (struct claim){
	    .version = facts->version,
	    .is_applied = is_applied,
	    .checksum = is_applied ? facts->checksum : NULL,
	};
}

struct agreement {
	climb_work work;
	void *context;
};

/* Behind a transaction pooler the lock has opened the transaction already. */
static bool in_transaction(struct climb *climb, struct climb_desk *desk, void *argument, struct error *err)
{
	const struct agreement *agreement = argument;
	const bool is_open = session_transaction(desk->db) == SESSION_IN_TRANSACTION;

	return (is_open || execute(desk->db, "BEGIN", NO_PARAMS, err)) &&
	       agreement->work(climb, desk, agreement->context, err) &&
	       (is_open || execute(desk->db, "COMMIT", NO_PARAMS, err));
}

bool agreement_reach(struct climb *climb, climb_work work, void *context, struct error *err)
{
	struct agreement agreement = {work, context};

	return climb_with_lock(climb, in_transaction, &agreement, err);
}

void agreement_say(struct context *context, const char *text, size_t changed)
{
	event_emit(context->reporter, &(struct event){
	                                  .kind = EVENT_DONE,
	                                  .text = text,
	                                  .duration_ms = -1,
	                                  .fraction = -1,
	                                  .count = (int64_t)changed,
	                              });
}
