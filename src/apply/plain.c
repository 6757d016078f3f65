#include "apply/plain.h"

#include <inttypes.h>
#include <string.h>

#include "apply/batch_progress.h"
#include "apply/blame.h"
#include "apply/ourselves.h"
#include "apply/session_restore.h"
#include "apply/walk.h"
#include "base/clock.h"
#include "base/digest.h"
#include "migration/batch.h"

enum { ASK_EVERY_MS = 500, SPEAK_EVERY_MS = 10000 };

/* --- going on after a stop ------------------------------------------------- */

static bool edited_after_it_ran(struct walk *walk, struct error *err)
{
	const struct place place = statement_place(walk_statement(walk), 0);

	error_set(err, ERROR_FILES, "a statement was edited after it had run");
	error_hint(
	    err,
	    "Put it back as it was; further statements may change. Or undo what the finished ones did, and "
	    "\"rung repair %" PRId64 "\" starts over.",
	    step_version(walk->passage->step));
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

static bool load_journal(struct walk *walk, struct error *err)
{
	struct run *run = walk->run;
	const bool is_loaded = ourselves_begin(run, err) &&
	                       journal_load(run->db, &run->climb->history, step_version(walk->passage->step),
	                                    &walk->passage->arena, &walk->journal, err);

	ourselves_end(run);
	return is_loaded;
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
		if (!load_journal(walk, err))
			return false;
		step = journal_find(&walk->journal, walk_journal_number(walk));
	}
	return true;
}

static bool settle_begun(struct walk *walk, const struct journal_step *step, bool *is_done, struct error *err)
{
	const struct suspect suspect = walk_suspect(walk);

	return wait_for_backend(walk, step, err) && leftover_settle(walk->run, &suspect, is_done, err) &&
	       (!*is_done || walk_note_done(walk, err));
}

/* The session of an earlier run took its advisory locks with it. */
static bool lock_again(struct walk *walk, struct error *err)
{
	walk->done = walk->index + 1;
	return statement_run(walk->run, walk_statement(walk), err) ||
	       statement_blame(walk->run, walk->passage->step, walk_statement(walk), err);
}

/* Also of a BEGIN that an earlier run has done: what is chained to it may still have to run. */
static void note_opener(struct walk *walk)
{
	if (walk_statement(walk)->kind.class == STATEMENT_BEGIN &&
	    session_transaction(walk->run->db) == SESSION_IDLE)
		walk->opener = walk->index;
}

/* Inside the file's own transaction nothing stays done before its COMMIT. */
static void note_progress(struct walk *walk)
{
	const struct statement_kind kind = walk_statement(walk)->kind;

	if (session_transaction(walk->run->db) == SESSION_IDLE || (kind.class == STATEMENT_COMMIT && kind.chains))
		walk->done = walk->index + 1;
}

static bool step_over(struct walk *walk, struct error *err)
{
	const struct journal_step *step = journal_find(&walk->journal, walk_journal_number(walk));
	bool is_done = false;

	note_opener(walk);
	if (walk_runs_always(walk_statement(walk)) && !(step && step->is_done))
		step = NULL;
	if (step && step->is_done && strcmp(step->checksum, walk->checksum) != 0)
		return edited_after_it_ran(walk, err);
	if (step && !step->is_done && !settle_begun(walk, step, &is_done, err))
		return false;
	if (step && step->is_done && walk_statement(walk)->kind.locks_session)
		return lock_again(walk, err);
	is_done |= step && step->is_done;
	if (is_done ? !walk_open_chained(walk, err) : !walk_run_statement(walk, step != NULL, err))
		return false;
	if (!walk_end_group(walk, err))
		return false;
	note_progress(walk);
	return true;
}

/* What went wrong around a statement is said beside it; what the server said of itself has a place already.
 */
static bool blame(struct walk *walk, struct error *err)
{
	if (err->kind == ERROR_SERVER || err->kind == ERROR_CANCELLED || err->kind == ERROR_LOCK || err->place[0])
		return false;
	const struct place place = statement_place(walk_statement(walk), 0);
	return error_at(err, &place);
}

static bool walk_statements(struct walk *walk, struct error *err)
{
	walk->index = 0;
	while (walk->index < walk->passage->script.count) {
		arena_clear(&walk->arena);
		if (!passage_follow_strings(walk->run, walk->passage, walk->index, err))
			return false;
		walk->checksum = digest_hex(&walk->arena, walk_statement(walk)->text);
		if (step_over(walk, err))
			walk->index++;
		else if (!walk_try_group_again(walk, err))
			return blame(walk, err);
	}
	return true;
}

/* --- beginning and end ----------------------------------------------------- */

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

/* Before anything of it runs, the record says that the migration is neither up nor down. */
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
	       execute(run->db, SQL_apply_client_check, NO_PARAMS, err) || run_forgoes_client_check(run, err);
}

static bool begin_walk(struct walk *walk, struct error *err)
{
	walk->sets_timeouts = mentions(walk, "lock_timeout") || mentions(walk, "statement_timeout");
	if (!let_server_notice_death(walk, err) || !note_walk(walk, err) || !load_journal(walk, err))
		return false;
	walk->leaves_traces = walk->journal.count > 0;
	walk->run->may_be_other = walk->passage->may_set || walk->passage->may_leave;
	return true;
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
	    .rollback_checksum = walk->passage->way_back.checksum,
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

	if (!session_restore_run(walk->run, walk->passage, err))
		return false;
	requests[0] = walk_is_rollback(walk) ? history_forget(&climb->history, version, &walk->arena)
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
	    walk_is_rollback(walk) ? state_of(walk, RECORD_APPLIED)
	                           : history_forget(history, version, &walk->arena),
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

/* Where a batch was under way, how far it came: the journal knows whole statements only. */
static const char *stopped_batch(struct walk *walk)
{
	const struct statement *statement = walk_statement(walk);
	struct position position;
	bool found = false;
	struct error ignored;

	if (walk->index == walk->passage->script.count || !batch_is_wanted(statement) ||
	    !position_load(walk->run->db, &walk->run->climb->history, step_version(walk->passage->step),
	                   walk_journal_number(walk), walk->checksum, &walk->passage->arena, &position, &found,
	                   &ignored) ||
	    !found)
		return NULL;
	const struct batch_progress progress = batch_progress(statement, &position, &walk->passage->arena);
	return batch_progress_text(&progress, &walk->passage->arena);
}

/* In the log as well it says how far the batch came. */
static void log_stop(struct walk *walk, const struct error *err, const char *batch)
{
	struct error told = *err;

	if (batch)
		snprintf(told.message, sizeof(told.message), "%.500s; %.500s", err->message, batch);
	run_log_failure(walk->run, walk->passage->step, &told);
}

static bool fail_walk(struct walk *walk, struct error *err)
{
	struct run *run = walk->run;
	const char *batch = NULL;
	struct error trouble;

	session_unwind(run->db);
	session_rollback(run->db);
	if (err->kind == ERROR_SERVER || !session_restore_run(run, walk->passage, &trouble))
		return false;
	if (can_be_forgotten(walk)) {
		forget_walk(walk);
	} else {
		if (err->kind != ERROR_CANCELLED)
			err->kind = ERROR_PARTIAL;
		batch = stopped_batch(walk);
		error_state(err,
		            "\"%s\" is half %s: %zu of %zu statements%s%s. The same command continues after the "
		            "last statement that succeeded.",
		            step_name(walk->passage->step), walk_is_rollback(walk) ? "rolled back" : "done",
		            walk->done, walk->passage->script.count, batch ? "; of the next, " : "",
		            batch ? batch : "");
	}
	log_stop(walk, err, batch);
	return false;
}

static void walk_clear(struct walk *walk)
{
	walk->run->may_be_other = false;
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
		return passage_blame_history(run, passage, err);
	}
	return true;
}
