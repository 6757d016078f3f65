#include "apply/plain.h"

#include <string.h>

#include "apply/batch.h"
#include "apply/blame.h"
#include "apply/leftover.h"
#include "apply/lookout.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/interrupt.h"
#include "history/journal.h"
#include "migration/batch.h"

enum { ASK_EVERY_MS = 500, SPEAK_EVERY_MS = 10000, MOST_TRIES_CONCURRENT = 3 };

/* One plain migration on its way. */
struct walk {
	struct run *run;
	struct passage *passage;
	struct journal journal;
	struct arena arena;   /* of the statement at hand */
	size_t index;         /* of the statement at hand, from 0 */
	const char *checksum; /* of its text */
	size_t block;         /* index of the BEGIN the file itself has open */
	size_t done;          /* statements that stay done whatever happens now */
	bool leaves_traces;   /* something in the database is not as it was */
	bool sets_timeouts;   /* the file chooses its own */
	bool changes_user;    /* the file does SET ROLE or the like: the journal is not that user's to write */
};

static const struct statement *statement_of(const struct walk *walk)
{
	return &walk->passage->script.statements[walk->index];
}

static bool is_rollback(const struct walk *walk)
{
	return walk->passage->step->action == STEP_ROLLBACK;
}

/*
 * Settings are made again after a stop: they are not the database's, but the
 * statements after them need them.
 */
static bool is_always_run(const struct statement *statement)
{
	return statement->echo || statement->kind.changes_session;
}

/* --- journal ---------------------------------------------------------- */

/* The way down has its own rows, so that a half-done rollback is not taken for a half-done apply. */
static size_t journal_number(const struct walk *walk)
{
	return walk->index + 1 + (is_rollback(walk) ? JOURNAL_ROLLBACK_FROM : 0);
}

static const char *role_command(const struct walk *walk, struct arena *arena, const char *scope)
{
	const char *role = walk->run->climb->connection.role;

	return arena_printf(arena, "SET %sSESSION AUTHORIZATION DEFAULT; SET %sROLE %s", scope, scope,
	                    role ? quote_name(arena, role) : "NONE");
}

/* Until the open transaction ends, we are who we were before the file changed that. */
static bool be_ourselves(struct walk *walk, struct error *err)
{
	return !walk->changes_user ||
	       execute_simple(walk->run->db, role_command(walk, &walk->arena, "LOCAL "), NULL, NULL, err);
}

static bool note_within(struct walk *walk, const struct request *request, struct error *err)
{
	return be_ourselves(walk, err) && request_run(walk->run->db, request, err);
}

/* Where no transaction is open; one is needed only to change the user for its length. */
static bool note(struct walk *walk, const struct request *request, struct error *err)
{
	struct session *db = walk->run->db;

	if (!walk->changes_user)
		return request_run(db, request, err);
	return execute(db, "BEGIN", NO_PARAMS, err) && note_within(walk, request, err) &&
	       execute(db, "COMMIT", NO_PARAMS, err);
}

static struct suspect suspect_of(const struct walk *walk)
{
	return (struct suspect){statement_of(walk), step_version(walk->passage->step), journal_number(walk)};
}

static struct request request_done(struct walk *walk)
{
	return journal_done(&walk->run->climb->history, step_version(walk->passage->step), journal_number(walk),
	                    walk->checksum, walk->index + 1, &walk->arena);
}

static bool note_start(struct walk *walk, struct error *err)
{
	const struct request request =
	    journal_start(&walk->run->climb->history, step_version(walk->passage->step), journal_number(walk),
	                  walk->checksum, &walk->arena);

	return note(walk, &request, err);
}

static bool note_done(struct walk *walk, struct error *err)
{
	const struct request request = request_done(walk);

	return note(walk, &request, err);
}

/* --- one statement ---------------------------------------------------- */

/* The file's own statement: what the server says of it has a place. */
static bool run_it(struct walk *walk, struct error *err)
{
	return statement_run(walk->run, statement_of(walk), err) ||
	       statement_blame(walk->run->db, statement_of(walk), err);
}

static bool set_timeouts(struct walk *walk, bool is_local, struct step_limits limits, struct error *err)
{
	const char *lock = milliseconds_text(&walk->arena, limits.lock_timeout_ms);
	const char *statement = milliseconds_text(&walk->arena, limits.statement_timeout_ms);

	return execute(walk->run->db, SQL_apply_timeouts, PARAMS(lock, statement, is_local ? "true" : "false"),
	               err);
}

static bool set_usual_timeouts(struct walk *walk, bool is_local, struct error *err)
{
	return walk->sets_timeouts ||
	       set_timeouts(walk, is_local, run_limits(walk->run, walk->passage->step->migration), err);
}

/* Together with its row in the journal: done and known to be done, or neither. */
static bool run_in_transaction(struct walk *walk, struct error *err)
{
	const struct request done = request_done(walk);

	return execute(walk->run->db, "BEGIN", NO_PARAMS, err) && set_usual_timeouts(walk, true, err) &&
	       run_it(walk, err) && note_within(walk, &done, err) &&
	       execute(walk->run->db, "COMMIT", NO_PARAMS, err);
}

/*
 * A statement that no list of ours knew to refuse transactions: REINDEX of a
 * partitioned table, a procedure that commits. The server says so before
 * anything of it stays.
 */
static bool refuses_transactions(const struct error *err)
{
	return strcmp(err->sqlstate, "25001") == 0 || strcmp(err->sqlstate, "2D000") == 0;
}

static bool run_alone(struct walk *walk, bool was_begun, struct error *err);

static bool run_ordinary(struct walk *walk, struct error *err)
{
	struct error refusal;

	while (!run_in_transaction(walk, &refusal)) {
		*err = refusal;
		if (refusal.kind != ERROR_SQL)
			return false;
		session_rollback(walk->run->db);
		if (refuses_transactions(&refusal))
			return run_alone(walk, false, err);
		if (!run_may_try_again(&refusal) || !lookout_after_refusal(walk->run, walk->passage, &refusal, err))
			return false;
	}
	walk->leaves_traces = true;
	return true;
}

/*
 * CONCURRENTLY waits for others by design: a timeout would leave its work
 * half-done. What the file has set is put back afterwards.
 */
static bool run_without_timeouts(struct walk *walk, struct error *err)
{
	const struct step_limits none = {0};
	struct session *db = walk->run->db;
	scoped_rows struct rows *former = NULL;

	if (!walk->sets_timeouts)
		return set_timeouts(walk, false, none, err) && run_it(walk, err);
	return query(db, SQL_apply_timeouts_now, NO_PARAMS, &former, err) &&
	       set_timeouts(walk, false, none, err) && run_it(walk, err) &&
	       execute(db, SQL_apply_timeouts, PARAMS(rows_text(former, 0, 0), rows_text(former, 0, 1), "false"),
	               err);
}

static bool run_bare(struct walk *walk, struct error *err)
{
	if (statement_of(walk)->kind.is_concurrent)
		return run_without_timeouts(walk, err);
	return set_usual_timeouts(walk, false, err) && run_it(walk, err);
}

static bool run_alone_once(struct walk *walk, bool was_begun, struct error *err)
{
	const struct statement *statement = statement_of(walk);

	if (!note_start(walk, err))
		return false;
	if (!run_bare(walk, err))
		return was_begun && leftover_means_done(statement, err);
	return leftover_verify(walk->run, statement, err);
}

/* What a failed statement may have left is cleared; where that is not possible, it stays known. */
static void clear_after_failure(struct walk *walk, const struct error *failure)
{
	const struct statement *statement = statement_of(walk);
	const struct suspect suspect = suspect_of(walk);
	struct error trouble;

	if (failure->kind != ERROR_SQL) {
		walk->leaves_traces |= statement->kind.is_concurrent;
		return;
	}
	walk->leaves_traces |= leftover_may_stay(statement, failure);
	if (leftover_clear(walk->run, &suspect, &trouble))
		return;
	walk->leaves_traces = true;
	event_warning(walk->run->climb->reporter, "%s", trouble.message);
}

static bool try_again(struct walk *walk, int tries, const struct error *refusal, struct error *err)
{
	if (!run_may_try_again(refusal))
		return false;
	if (!statement_of(walk)->kind.is_concurrent)
		return lookout_after_refusal(walk->run, walk->passage, refusal, err);
	return tries < MOST_TRIES_CONCURRENT && clock_sleep_ms(clock_jitter_ms(ASK_EVERY_MS));
}

/* A statement that no transaction can hold: journaled before and after. */
static bool run_alone(struct walk *walk, bool was_begun, struct error *err)
{
	const struct suspect suspect = suspect_of(walk);

	for (int tries = 1;; tries++) {
		struct error refusal;

		if (!leftover_clear(walk->run, &suspect, err))
			return false;
		if (run_alone_once(walk, was_begun, &refusal)) {
			walk->leaves_traces = true;
			return note_done(walk, err);
		}
		*err = refusal;
		clear_after_failure(walk, &refusal);
		if (!try_again(walk, tries, &refusal, err))
			return false;
	}
}

/* A file's own BEGIN ... COMMIT is journaled as a whole, by its COMMIT. */
static bool note_block(struct walk *walk, struct error *err)
{
	const size_t last = walk->index;
	bool noted = be_ourselves(walk, err);

	for (walk->index = walk->block; noted && walk->index <= last; walk->index++) {
		if (is_always_run(statement_of(walk)))
			continue;
		walk->checksum = digest_hex(&walk->arena, statement_of(walk)->text);
		const struct request done = request_done(walk);
		noted = request_run(walk->run->db, &done, err);
	}
	walk->index = last;
	return noted;
}

/* BEGIN, COMMIT and what stands between them in a file that holds its own transactions. */
static bool run_inside(struct walk *walk, struct error *err)
{
	const enum statement_class class = statement_of(walk)->kind.class;

	if (class == STATEMENT_BEGIN)
		walk->block = walk->index;
	if (class != STATEMENT_COMMIT)
		return run_it(walk, err);
	if (!note_block(walk, err) || !run_it(walk, err))
		return false;
	walk->leaves_traces = true;
	return true;
}

static bool run_batch(struct walk *walk, struct error *err)
{
	const struct batch_place place = {step_version(walk->passage->step), journal_number(walk),
	                                  walk->checksum};
	const struct request done = request_done(walk);

	walk->leaves_traces = true; /* some turns may be committed */
	return batch_run(walk->run, walk->passage, statement_of(walk), &place, &done, err) ||
	       statement_blame(walk->run->db, statement_of(walk), err);
}

static bool run_statement(struct walk *walk, bool was_begun, struct error *err)
{
	const struct statement *statement = statement_of(walk);

	if (statement->kind.class == STATEMENT_BEGIN ||
	    session_transaction(walk->run->db) == SESSION_IN_TRANSACTION)
		return run_inside(walk, err);
	if (batch_is_wanted(statement))
		return run_batch(walk, err);
	if (is_always_run(statement))
		return run_it(walk, err);
	if (statement->kind.class == STATEMENT_PLAIN || was_begun)
		return run_alone(walk, was_begun, err);
	return run_ordinary(walk, err);
}

/* --- going on after a stop -------------------------------------------- */

static bool edited_after_it_ran(struct walk *walk, struct error *err)
{
	const struct place place = statement_place(statement_of(walk), 0);

	error_set(err, ERROR_FILES, "a statement was edited after it had run");
	error_hint(err,
	           "Put it back as it was; further statements may change. Or \"rung repair\" to start over.");
	return error_at(err, &place);
}

static void say_waiting(struct walk *walk, int pid, int64_t waited_ms)
{
	event_emit(walk->run->climb->reporter,
	           &(struct event){
	               .kind = EVENT_WAITING,
	               .name = step_name(walk->passage->step),
	               .text = arena_printf(&walk->arena, "waiting for pid %d, which still runs statement %zu",
	                                    pid, walk->index + 1),
	               .duration_ms = waited_ms,
	               .fraction = -1,
	               .count = -1,
	           });
}

/* Another backend may still be at it: a killed client does not stop its statement. */
static bool wait_for_backend(struct walk *walk, const struct journal_step *step, struct error *err)
{
	const int64_t began_ms = clock_now_ms();
	int64_t speak_at_ms = began_ms;

	while (step && step->is_alive && step->pid != session_backend_pid(walk->run->db)) {
		const int64_t now_ms = clock_now_ms();

		if (now_ms >= speak_at_ms) {
			say_waiting(walk, step->pid, now_ms - began_ms);
			speak_at_ms = now_ms + SPEAK_EVERY_MS;
		}
		if (!clock_sleep_ms(ASK_EVERY_MS))
			return error_set(err, ERROR_CANCELLED, "cancelled");
		if (!journal_load(walk->run->db, &walk->run->climb->history, step_version(walk->passage->step),
		                  &walk->passage->arena, &walk->journal, err))
			return false;
		step = journal_find(&walk->journal, journal_number(walk));
	}
	return true;
}

static bool settle_begun(struct walk *walk, const struct journal_step *step, bool *is_done, struct error *err)
{
	const struct suspect suspect = suspect_of(walk);

	return wait_for_backend(walk, step, err) && leftover_settle(walk->run, &suspect, is_done, err) &&
	       (!*is_done || note_done(walk, err));
}

static bool step_over(struct walk *walk, struct error *err)
{
	const struct journal_step *step = journal_find(&walk->journal, journal_number(walk));
	bool is_done = false;

	if (is_always_run(statement_of(walk)) && !(step && step->is_done))
		step = NULL;
	if (step && step->is_done && strcmp(step->checksum, walk->checksum) != 0)
		return edited_after_it_ran(walk, err);
	if (step && !step->is_done && !settle_begun(walk, step, &is_done, err))
		return false;
	if (!is_done && !(step && step->is_done) && !run_statement(walk, step != NULL, err))
		return false;
	/* Inside the file's own transaction nothing stays done before its COMMIT. */
	if (session_transaction(walk->run->db) == SESSION_IDLE)
		walk->done = walk->index + 1;
	return true;
}

/* What went wrong around a statement is said beside it; what the server said of itself has a place already.
 */
static bool blame(struct walk *walk, struct error *err)
{
	if (err->kind == ERROR_SERVER || err->kind == ERROR_CANCELLED || err->kind == ERROR_LOCK || err->place[0])
		return false;
	const struct place place = statement_place(statement_of(walk), 0);
	return error_at(err, &place);
}

static bool walk_statements(struct walk *walk, struct error *err)
{
	for (walk->index = 0; walk->index < walk->passage->script.count; walk->index++) {
		arena_clear(&walk->arena);
		walk->checksum = digest_hex(&walk->arena, statement_of(walk)->text);
		if (!step_over(walk, err))
			return blame(walk, err);
	}
	return true;
}

/* --- beginning and end ------------------------------------------------ */

static bool mentions(const struct walk *walk, const char *word)
{
	scoped_arena struct arena arena = {0};
	const struct script *script = &walk->passage->script;

	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].kind.changes_session &&
		    strcasestr(str_copy(&arena, script->statements[i].text), word))
			return true;
	return false;
}

static struct request record_of(struct walk *walk, enum record_state state, int64_t duration_ms)
{
	const struct climb *climb = walk->run->climb;
	struct record_facts facts = passage_record(walk->passage);

	facts.state = state;
	facts.duration_ms = duration_ms;
	if (state == RECORD_PARTIAL)
		facts.statements_done = 0;
	return history_record(&climb->history, &climb->author, &facts, state != RECORD_PARTIAL, &walk->arena);
}

static struct request state_of(struct walk *walk, enum record_state state)
{
	return history_set_state(&walk->run->climb->history, step_version(walk->passage->step), state,
	                         &walk->arena);
}

/* Before anything of it runs, the record says that the migration is neither up nor down. */
/* What a settled or forgotten record left in the journal says nothing of the walk that begins now. */
static bool clear_stale_journal(struct walk *walk, struct error *err)
{
	const struct step *step = walk->passage->step;
	const struct request request =
	    journal_clear(&walk->run->climb->history, step_version(step), &walk->arena);

	if (step->record && (step->record->state != RECORD_APPLIED || step->action == STEP_REAPPLY))
		return true;
	return request_run(walk->run->db, &request, err);
}

static bool note_walk(struct walk *walk, struct error *err)
{
	struct request request;

	if (!clear_stale_journal(walk, err))
		return false;
	switch (walk->passage->step->action) {
	case STEP_RESUME:
	case STEP_REAPPLY:
		return true;
	case STEP_APPLY:
		request = record_of(walk, RECORD_PARTIAL, 0);
		break;
	case STEP_ROLLBACK:
		request = state_of(walk, RECORD_UNWINDING);
		break;
	}
	return request_run(walk->run->db, &request, err);
}

/* A killed client does not stop its statement by itself; the server has to look for it, where it can. */
static bool let_server_notice_death(struct walk *walk, struct error *err)
{
	struct run *run = walk->run;

	return run->forgoes_client_check || session_server_version(run->db) < 140000 ||
	       execute(run->db, "SELECT set_config('client_connection_check_interval', '2s', false)", NO_PARAMS,
	               err) ||
	       run_forgoes_client_check(run, err);
}

static bool begin_walk(struct walk *walk, struct error *err)
{
	walk->sets_timeouts = mentions(walk, "lock_timeout") || mentions(walk, "statement_timeout");
	walk->changes_user = mentions(walk, "role") || mentions(walk, "authorization");
	if (!let_server_notice_death(walk, err) || !note_walk(walk, err) ||
	    !journal_load(walk->run->db, &walk->run->climb->history, step_version(walk->passage->step),
	                  &walk->passage->arena, &walk->journal, err))
		return false;
	walk->leaves_traces = walk->journal.count > 0;
	return true;
}

/* Back to how the session was, as after any migration. */
static bool restore(struct walk *walk, struct error *err)
{
	return execute_simple(walk->run->db, role_command(walk, &walk->arena, ""), NULL, NULL, err) &&
	       execute(walk->run->db, "RESET ALL", NO_PARAMS, err);
}

static bool run_all(struct run *run, const struct request *requests, size_t count, struct error *err)
{
	if (!execute(run->db, "BEGIN", NO_PARAMS, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!request_run(run->db, &requests[i], err))
			return false;
	return execute(run->db, "COMMIT", NO_PARAMS, err);
}

static struct request log_of(struct walk *walk, int64_t duration_ms)
{
	const struct step *step = walk->passage->step;
	const struct log_entry entry = {
	    .action = step_action_name(step->action),
	    .outcome = "done",
	    .version = step_version(step),
	    .name = step_name(step),
	    .checksum = step->migration ? step->migration->checksum : NULL,
	    .duration_ms = duration_ms,
	};

	return history_log(&walk->run->climb->history, &walk->run->climb->author, &entry, COMMIT_DURABLE,
	                   &walk->arena);
}

static bool finish_walk(struct walk *walk, int64_t duration_ms, struct error *err)
{
	const struct climb *climb = walk->run->climb;
	const int64_t version = step_version(walk->passage->step);
	struct request requests[3];

	if (!restore(walk, err))
		return false;
	requests[0] = is_rollback(walk) ? history_forget(&climb->history, version, &walk->arena)
	                                : record_of(walk, RECORD_APPLIED, duration_ms);
	requests[1] = journal_clear(&climb->history, version, &walk->arena);
	requests[2] = log_of(walk, duration_ms);
	return run_all(walk->run, requests, 3, err);
}

/* Nothing of it was done: it leaves no trace but the log. */
static void forget_walk(struct walk *walk)
{
	const struct qualified_name *history = &walk->run->climb->history;
	const int64_t version = step_version(walk->passage->step);
	const struct request requests[] = {
	    journal_clear(history, version, &walk->arena),
	    is_rollback(walk) ? state_of(walk, RECORD_APPLIED) : history_forget(history, version, &walk->arena),
	};
	struct error trouble;

	if (!run_all(walk->run, requests, 2, &trouble))
		session_rollback(walk->run->db);
}

/* An applied file that runs once more keeps its record, whatever becomes of it. */
static bool can_be_forgotten(const struct walk *walk)
{
	return !walk->leaves_traces && walk->passage->step->action != STEP_REAPPLY;
}

static bool fail_walk(struct walk *walk, struct error *err)
{
	struct run *run = walk->run;
	const struct step *step = walk->passage->step;
	struct error trouble;

	session_unwind(run->db);
	session_rollback(run->db);
	if (err->kind == ERROR_SERVER || !restore(walk, &trouble))
		return false;
	if (can_be_forgotten(walk)) {
		forget_walk(walk);
	} else {
		if (err->kind != ERROR_CANCELLED)
			err->kind = ERROR_PARTIAL;
		error_state(err,
		            "\"%s\" is half %s: %zu of %zu statements. Run the same command again to go on after the "
		            "last one that succeeded.",
		            step_name(step), is_rollback(walk) ? "rolled back" : "done", walk->done,
		            walk->passage->script.count);
	}
	run_log_failure(run, step, err);
	return false;
}

static void walk_clear(struct walk *walk)
{
	arena_clear(&walk->arena);
}

bool plain_run(struct run *run, struct passage *passage, struct error *err)
{
	SCOPED(walk_clear) struct walk walk = {.run = run, .passage = passage};
	const int64_t began_ms = clock_now_ms();

	if (!begin_walk(&walk, err))
		return error_context(err, "while preparing %s", step_name(passage->step));
	if (!walk_statements(&walk, err))
		return fail_walk(&walk, err);
	if (!finish_walk(&walk, clock_now_ms() - began_ms, err)) {
		session_rollback(run->db);
		return error_context(err, "while recording %s", step_name(passage->step));
	}
	return true;
}
