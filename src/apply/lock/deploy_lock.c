/*
 * The lock is asked for again and again (pg_try_advisory_lock) and never waited for: a session that waits
 * for a lock holds a snapshot, and CREATE INDEX CONCURRENTLY, run by the session that has the lock, would
 * wait for that snapshot. Both would stand still until a timeout.
 *
 * It is an advisory lock of the session, so it goes with the backend: a client that was killed leaves
 * nothing behind, and a lock that turns out to be gone at the end says that somebody else answered in
 * between, as a transaction pooler does. Behind one it is taken inside each transaction.
 *
 * The last question, whether the history shows what was done, travels with the release: it costs no round
 * trip. So does what is kept of the schema, which may fail without harm: it comes behind a COMMIT, as all
 * that is sent in one pipeline is one transaction otherwise, and what it stops is the release alone.
 */
#include "apply/lock/deploy_lock.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/digest.h"
#include "history/run_record.h"
#include "pg/pipeline.h"

enum { ASK_EVERY_MS = 300, SPEAK_AFTER_MS = 2000, SPEAK_EVERY_MS = 10000 };

/* Locks are per database already; the history table's name makes two projects in one database two locks. */
const char *deploy_lock_key(const struct run *run, struct arena *arena)
{
	const struct qualified_name *history = &run->options->history;
	const char *hex =
	    digest_hex(arena, str_of(arena_printf(arena, "rung:%s.%s", history->schema, history->name)));
	char first[17] = {0};

	for (size_t i = 0; i < 16; i++)
		first[i] = hex[i];
	return arena_printf(arena, "%lld", (long long)strtoull(first, NULL, 16));
}

static bool try_lock(struct run *run, const char *key, bool *taken, struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const bool in_transaction = run->pooling == POOLING_TRANSACTION;

	if (in_transaction && !session_begin(run->db, "BEGIN", err))
		return false;
	if (!query_row(run->db, in_transaction ? SQL_lock_deploy_try_transaction : SQL_lock_deploy_try,
	               PARAMS(key), &rows, err))
		return false;
	*taken = rows_flag(rows, 0, ONLY_COLUMN);
	if (in_transaction && !*taken)
		session_rollback(run->db);
	return true;
}

/* The columns of deploy_holder.sql. */
enum {
	HOLDER_PID,
	HOLDER_USER,
	HOLDER_APPLICATION,
	HOLDER_ADDRESS,
	HOLDER_AGE_S,
	HOLDER_STATE,
	HOLDER_QUERY,
};

static char *describe_holder(struct run *run, const char *key, struct arena *arena)
{
	scoped_rows struct rows *rows = NULL;
	struct error ignored;

	if (!query(run->db, SQL_lock_deploy_holder, PARAMS(key), &rows, &ignored) || rows_count(rows) == 0)
		return arena_strdup(arena, "another deployer");
	char *text = arena_printf(
	    arena, "pid %s (user %s, %s, from %s, connected for %s, %s)", rows_text(rows, 0, HOLDER_PID),
	    rows_text(rows, 0, HOLDER_USER), rows_text(rows, 0, HOLDER_APPLICATION),
	    rows_text(rows, 0, HOLDER_ADDRESS), duration_text(arena, 1000 * rows_number(rows, 0, HOLDER_AGE_S)),
	    rows_text(rows, 0, HOLDER_STATE) ? rows_text(rows, 0, HOLDER_STATE) : "state unknown");
	if (run->options->locks.show_queries && rows_text(rows, 0, HOLDER_QUERY))
		text = arena_printf(arena, "%s: %s", text, rows_text(rows, 0, HOLDER_QUERY));
	return text;
}

static bool out_of_patience(struct run *run, const char *key, struct error *err)
{
	scoped_arena struct arena arena = {0};

	error_set(err, ERROR_LOCK, "could not acquire the migration lock in time");
	error_detail(err, "It is held by %s.", describe_holder(run, key, &arena));
	error_hint(err, "Wait for it and run the same command again, or raise --lock-wait.");
	return !run->is_second && error_state(err, "Nothing was changed.");
}

bool deploy_lock_acquire(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *key = deploy_lock_key(run, &arena);
	const int64_t began_ms = clock_now_ms();
	int64_t speak_at_ms = began_ms + SPEAK_AFTER_MS;

	for (;;) {
		bool taken = false;

		if (!try_lock(run, key, &taken, err))
			return error_context(err, "while taking the migration lock");
		if (taken)
			return true;
		const int64_t now_ms = clock_now_ms();
		if (now_ms - began_ms >= run->options->locks.lock_wait_ms)
			return out_of_patience(run, key, err);
		if (now_ms >= speak_at_ms) {
			event_waiting(
			    run->options->reporter, NULL,
			    arena_printf(&arena, "waiting for another deployer: %s", describe_holder(run, key, &arena)),
			    now_ms - began_ms);
			speak_at_ms = now_ms + SPEAK_EVERY_MS;
		}
		if (!clock_sleep_ms(clock_jitter_ms(ASK_EVERY_MS)))
			return error_set(err, ERROR_CANCELLED, "cancelled");
	}
}

static void tell_unlocked(struct run *run, const struct rows *rows)
{
	if (!rows_flag(rows, 0, ONLY_COLUMN))
		event_warning(run->options->reporter,
		              "the migration lock was lost before the end; is there a pooler in between?");
}

struct letting_go {
	size_t ask;            /* the reply to whether all is recorded */
	size_t unlock;         /* that of the release */
	size_t keep;           /* that of what may fail; SIZE_MAX: nothing is kept */
	struct error *kept;    /* why that failed; kind ERROR_NONE otherwise */
	struct rows *recorded; /* of recorded.sql: steps that the history does not show, tables that are gone */
	struct rows *unlocked; /* of deploy_release.sql; each NULL until it is answered */
};

static void letting_go_clear(struct letting_go *letting_go)
{
	rows_clear(&letting_go->recorded);
	rows_clear(&letting_go->unlocked);
}

static void receive(void *context, const struct reply *reply)
{
	struct letting_go *letting_go = context;

	if (reply->error && reply->index >= letting_go->keep)
		*letting_go->kept = *reply->error;
	if (reply->rows && reply->index == letting_go->ask)
		letting_go->recorded = reply_take(reply);
	else if (reply->rows && reply->index == letting_go->unlock)
		letting_go->unlocked = reply_take(reply);
}

static struct claim_list claims_of(const struct plan *plan, struct arena *arena)
{
	struct claim_list claims = {0};

	for (size_t i = 0; i < plan->count; i++) {
		const struct step *step = &plan->steps[i];
		const bool is_applied = step->action != STEP_ROLLBACK;

		*ARENA_PUSH(arena, claims.items, claims.count) = (struct claim){
		    .version = step_version(step),
		    .is_applied = is_applied,
		    .checksum = is_applied && step->migration ? step->migration->checksum : NULL,
		};
	}
	return claims;
}

/* Each write was counted; what takes a row away afterwards (a trigger AFTER it, a file) shows at the end
 * only. */
static bool refuse_missing(const char *missing, struct error *err)
{
	error_set(err, ERROR_FOUND, "the history does not show what was done: %s", missing);
	error_hint(err, "A trigger on its tables or one of the files removed it; \"rung check\" names triggers. "
	                "Fix that, then stamp the number that the database is really at.");
	return error_state(err, "All steps are done and committed.");
}

/* The columns of recorded.sql. */
enum {
	RECORDED_MISSING,
	RECORDED_TABLES_GONE,
};

static bool check_claims(struct run *run, const struct claim_list *claims, struct arena *arena,
                         struct error *err)
{
	scoped_rows struct rows *rows = NULL;
	const struct request request = history_recorded(&run->options->history, claims, arena);

	if (!history_read(run->db, request_sql(&request, arena), request.params, &rows, err) ||
	    !rows_are_one(rows, err))
		return error_state(err, "All steps are done and committed.");
	return !rows_text(rows, 0, RECORDED_MISSING) || refuse_missing(rows_text(rows, 0, RECORDED_MISSING), err);
}

bool deploy_lock_check_claims(struct run *run, const struct claim_list *claims, struct error *err)
{
	scoped_arena struct arena arena = {0};

	return claims->count == 0 || check_claims(run, claims, &arena, err);
}

bool deploy_lock_check_plan(struct run *run, const struct plan *plan, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct claim_list claims = claims_of(plan, &arena);

	return deploy_lock_check_claims(run, &claims, err);
}

/* The rows of other migrations are to be there still. */
static void claim_others(const struct history *history, const struct plan *plan, struct arena *arena,
                         struct claim_list *claims)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].state == RECORD_APPLIED && !plan_find(plan, history->records[i].version))
			*ARENA_PUSH(arena, claims->items, claims->count) =
			    (struct claim){.version = history->records[i].version, .is_applied = true};
}

/* Of tables that no step needed only the mark or the next run would tell. */
static bool refuse_gone(const char *tables, struct error *err)
{
	error_set(err, ERROR_FOUND, "one of the files drops the history tables: %s", tables);
	error_hint(err, "\"rung upgrade\" creates those that are missing, but their rows are lost. Drop objects "
	                "by name instead of their whole schema.");
	return error_state(err, "All steps are done and committed.");
}

static bool judge_recorded(const struct rows *recorded, struct error *err)
{
	return (!rows_text(recorded, 0, RECORDED_TABLES_GONE) ||
	        refuse_gone(rows_text(recorded, 0, RECORDED_TABLES_GONE), err)) &&
	       (!rows_text(recorded, 0, RECORDED_MISSING) ||
	        refuse_missing(rows_text(recorded, 0, RECORDED_MISSING), err));
}

/* What was not answered is not taken for "nothing is missing". */
static bool judge(struct run *run, const struct letting_go *letting_go, struct error *err)
{
	if (!rows_are_one(letting_go->recorded, err) || !rows_are_one(letting_go->unlocked, err))
		return error_state(err, "All steps are done and committed.");
	tell_unlocked(run, letting_go->unlocked);
	return judge_recorded(letting_go->recorded, err);
}

/* The mark of the run cannot be made where its table is gone, which was answered before. */
static bool blame_unfinished(const struct letting_go *letting_go, struct error *err)
{
	struct error ignored;

	if (rows_are_one(letting_go->recorded, &ignored) && !judge_recorded(letting_go->recorded, err))
		return false;
	return error_state(err, "All steps are done and committed.");
}

/* A request that is NULL is none. */
static bool send(struct pipeline *pipeline, const struct request *request, struct arena *arena,
                 struct error *err)
{
	return !request || pipeline_send(pipeline, request_sql(request, arena), request->params, err);
}

static bool say(struct pipeline *pipeline, bool is_said, const char *sql, struct error *err)
{
	return !is_said || pipeline_send(pipeline, sql, NO_PARAMS, err);
}

/* What may fail, `keep`, is alone in its transaction. */
static bool let_go(struct run *run, const struct request *recorded, const struct request *finish,
                   const struct request *keep, struct letting_go *letting_go, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_pipeline struct pipeline pipeline = {0};
	const bool keeps = keep != NULL;

	letting_go->ask = keeps;
	letting_go->keep = keeps ? 3 + (finish != NULL) : SIZE_MAX;
	letting_go->unlock = keeps ? letting_go->keep + 3 : 1 + (finish != NULL);
	return pipeline_begin(&pipeline, run->db, receive, letting_go, err) &&
	       say(&pipeline, keeps, "BEGIN", err) && send(&pipeline, recorded, &arena, err) &&
	       send(&pipeline, finish, &arena, err) && say(&pipeline, keeps, "COMMIT", err) &&
	       say(&pipeline, keeps, "BEGIN", err) && send(&pipeline, keep, &arena, err) &&
	       say(&pipeline, keeps, "COMMIT", err) &&
	       pipeline_send(&pipeline, SQL_lock_deploy_release, PARAMS(deploy_lock_key(run, &arena)), err) &&
	       pipeline_end(&pipeline, err);
}

/* The lock was not let go of then, and the lock alone. */
static bool judge_without_keeping(struct run *run, const struct letting_go *letting_go, struct error *err)
{
	if (!rows_are_one(letting_go->recorded, err))
		return error_state(err, "All steps are done and committed.");
	session_rollback(run->db);
	deploy_lock_release(run);
	return judge_recorded(letting_go->recorded, err);
}

bool deploy_lock_finish(struct run *run, const struct history *history, const struct plan *plan, bool marks,
                        const struct request *keep, struct error *kept, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request finish = run_record_finish(&run->options->history, run->goal.record.id, &arena);
	struct claim_list claims = claims_of(plan, &arena);
	claim_others(history, plan, &arena, &claims);
	const struct request recorded = history_recorded(&run->options->history, &claims, &arena);
	const bool is_recorded = marks && run->goal.record.id && (run->steps_done > 0 || run->is_recorded);
	SCOPED(letting_go_clear) struct letting_go letting_go = {.kept = kept};

	*kept = (struct error){0};
	if (let_go(run, &recorded, is_recorded ? &finish : NULL, keep, &letting_go, err))
		return judge(run, &letting_go, err);
	if (kept->kind != ERROR_NONE && session_is_alive(run->db)) {
		(void)!request_explain(run->db, keep, kept);
		return judge_without_keeping(run, &letting_go, err);
	}
	return blame_unfinished(&letting_go, err);
}

void deploy_lock_release(struct run *run)
{
	scoped_arena struct arena arena = {0};
	scoped_rows struct rows *rows = NULL;
	struct error trouble;

	if (run->pooling == POOLING_TRANSACTION || !session_is_alive(run->db))
		return;
	session_unwind(run->db);
	if (!query_row(run->db, SQL_lock_deploy_release, PARAMS(deploy_lock_key(run, &arena)), &rows, &trouble))
		event_warning(run->options->reporter, "the migration lock could not be released: %s",
		              trouble.message);
	else
		tell_unlocked(run, rows);
}
