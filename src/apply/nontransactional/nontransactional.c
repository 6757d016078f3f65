/*
 * Statement by statement. What an ordinary statement does is committed together with its row in the
 * journal, so that the two cannot differ. A statement that refuses transactions has a row before it and
 * another state after it; between the two nobody can know, and recovery.c has a way to find out for each
 * kind.
 *
 * A later run compares the hashes of the finished statements with the file: those may not change,
 * everything after them may, which is how a statement that failed is repaired. Settings are made again,
 * because the statements after them need them; what else belongs to a session cannot be, and such files
 * are refused before they run.
 */
#include "apply/nontransactional/nontransactional.h"

#include <inttypes.h>
#include <string.h>

#include "apply/as_session_user.h"
#include "apply/batch/batch_progress.h"
#include "apply/nontransactional/nontransactional_internal.h"
#include "apply/step/error_position.h"
#include "apply/step/session_restore.h"
#include "base/clock.h"
#include "base/digest.h"
#include "migration/batch_directive.h"

enum { ASK_EVERY_MS = 500, SPEAK_EVERY_MS = 10000 };

/* --- continuing after a stop ------------------------------------------------- */

static bool edited_after_it_ran(struct script_run *script_run, struct error *err)
{
	const struct place place = statement_place(script_run_statement(script_run), 0);

	error_set(err, ERROR_FILES, "a statement was edited after it had run");
	error_hint(err,
	           "Restore it; later statements may be changed. Or undo what the finished ones did, and \"rung "
	           "repair %" PRId64 "\" starts over.",
	           step_version(script_run->step_script->step));
	return error_at(err, &place);
}

static void say_waiting(struct script_run *script_run, int pid, int64_t waited_ms)
{
	event_waiting(script_run->run->options->reporter, step_name(script_run->step_script->step),
	              arena_printf(&script_run->arena, "waiting for pid %d, which still runs statement %zu", pid,
	                           script_run->index + 1),
	              waited_ms);
}

static bool load_journal(struct script_run *script_run, struct error *err)
{
	struct run *run = script_run->run;
	const bool is_loaded =
	    as_session_user_begin(run, err) &&
	    journal_load(run->db, &run->options->history, step_version(script_run->step_script->step),
	                 &script_run->step_script->arena, &script_run->journal, err);

	as_session_user_end(run);
	return is_loaded;
}

/* Another backend may still be at it: a killed client does not stop its statement. */
static bool wait_for_backend(struct script_run *script_run, const struct journal_step *step,
                             struct error *err)
{
	const int64_t began_ms = clock_now_ms();
	int64_t speak_at_ms = began_ms;

	while (step && step->is_alive && step->pid != session_backend_pid(script_run->run->db)) {
		const int64_t now_ms = clock_now_ms();

		if (now_ms >= speak_at_ms) {
			say_waiting(script_run, step->pid, now_ms - began_ms);
			speak_at_ms = now_ms + SPEAK_EVERY_MS;
		}
		if (!clock_sleep_ms(ASK_EVERY_MS))
			return error_set(err, ERROR_CANCELLED, "cancelled");
		if (!load_journal(script_run, err))
			return false;
		step = journal_find(&script_run->journal, script_run_journal_number(script_run));
	}
	return true;
}

static bool settle_begun(struct script_run *script_run, const struct journal_step *step, bool *is_done,
                         struct error *err)
{
	const struct suspect suspect = script_run_suspect(script_run);

	return wait_for_backend(script_run, step, err) &&
	       recovery_settle(script_run->run, &suspect, is_done, err) &&
	       (!*is_done || script_run_note_done(script_run, err));
}

/* The session of an earlier run took its advisory locks with it. */
static bool lock_again(struct script_run *script_run, struct error *err)
{
	script_run->done = script_run->index + 1;
	return statement_run(script_run->run, script_run_statement(script_run), err) ||
	       statement_locate_error(script_run->run, script_run->step_script->step,
	                              script_run_statement(script_run), err);
}

/* Also of a BEGIN that an earlier run has done: what is chained to it may still have to run. */
static void note_opener(struct script_run *script_run)
{
	if (script_run_statement(script_run)->kind.class == STATEMENT_BEGIN &&
	    session_transaction(script_run->run->db) == SESSION_IDLE)
		script_run->opener = script_run->index;
}

/* Inside the file's own transaction nothing stays done before its COMMIT. */
static void note_progress(struct script_run *script_run)
{
	const struct statement_kind kind = script_run_statement(script_run)->kind;

	if (session_transaction(script_run->run->db) == SESSION_IDLE ||
	    (kind.class == STATEMENT_COMMIT && kind.chains))
		script_run->done = script_run->index + 1;
}

static bool step_over(struct script_run *script_run, struct error *err)
{
	const struct journal_step *step =
	    journal_find(&script_run->journal, script_run_journal_number(script_run));
	bool is_done = false;

	note_opener(script_run);
	if (script_run_runs_always(script_run_statement(script_run)) && !(step && step->is_done))
		step = NULL;
	if (step && step->is_done && strcmp(step->checksum, script_run->checksum) != 0)
		return edited_after_it_ran(script_run, err);
	if (step && !step->is_done && !settle_begun(script_run, step, &is_done, err))
		return false;
	if (step && step->is_done && script_run_statement(script_run)->kind.locks_session)
		return lock_again(script_run, err);
	is_done |= step && step->is_done;
	if (is_done ? !script_run_open_chained(script_run, err)
	            : !script_run_execute(script_run, step != NULL, err))
		return false;
	if (!script_run_end_group(script_run, err))
		return false;
	note_progress(script_run);
	return true;
}

/*
 * What went wrong around a statement is said beside it; what the server said of itself has a place already.
 */
static bool locate(struct script_run *script_run, struct error *err)
{
	if (err->kind == ERROR_SERVER || err->kind == ERROR_CANCELLED || err->kind == ERROR_LOCK || err->place[0])
		return false;
	const struct place place = statement_place(script_run_statement(script_run), 0);
	return error_at(err, &place);
}

static bool script_run_statements(struct script_run *script_run, struct error *err)
{
	script_run->index = 0;
	while (script_run->index < script_run->step_script->script.count) {
		arena_clear(&script_run->arena);
		if (!step_script_follow_strings(script_run->run, script_run->step_script, script_run->index, err))
			return false;
		script_run->checksum = digest_hex(&script_run->arena, script_run_statement(script_run)->text);
		if (step_over(script_run, err))
			script_run->index++;
		else if (!script_run_retry_group(script_run, err))
			return session_restore_explain_lock(script_run->step_script, err) || locate(script_run, err);
	}
	return true;
}

/* --- beginning and end ----------------------------------------------------- */

static bool mentions(const struct script_run *script_run, const char *word)
{
	scoped_arena struct arena arena = {0};
	const struct script *script = &script_run->step_script->script;

	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].kind.changes_session &&
		    strcasestr(str_copy(&arena, script->statements[i].text), word))
			return true;
	return false;
}

static struct request record_of(struct script_run *script_run, enum record_state state, int64_t duration_ms)
{
	const struct migrate_options *options = script_run->run->options;
	struct record_values facts = step_script_record(script_run->step_script);

	facts.state = state;
	facts.duration_ms = duration_ms;
	if (state == RECORD_PARTIAL)
		facts.statements_done = 0;
	return history_record(&options->history, &script_run->run->author, &facts, state != RECORD_PARTIAL,
	                      &script_run->arena);
}

static struct request state_of(struct script_run *script_run, enum record_state state)
{
	return history_set_state(&script_run->run->options->history, step_version(script_run->step_script->step),
	                         state, &script_run->arena);
}

/* What a settled or forgotten record left in the journal says nothing of the run that begins now. */
static bool clear_stale_journal(struct script_run *script_run, struct error *err)
{
	const struct step *step = script_run->step_script->step;
	const struct request request =
	    journal_clear(&script_run->run->options->history, step_version(step), &script_run->arena);

	if (step->record && (step->record->state != RECORD_APPLIED || step_runs_again(step)))
		return true;
	return request_run(script_run->run->db, &request, err);
}

/* Before anything of it runs, the record says that the migration is neither up nor down. */
static bool note_script(struct script_run *script_run, struct error *err)
{
	struct request request;

	if (!clear_stale_journal(script_run, err))
		return false;
	switch (script_run->step_script->step->action) {
	case STEP_RESUME:
	case STEP_REAPPLY:
	case STEP_CONVERGE: /* refused beforehand */
		return true;
	case STEP_APPLY:
		request = record_of(script_run, RECORD_PARTIAL, 0);
		break;
	case STEP_ROLLBACK:
		request = state_of(script_run, RECORD_UNWINDING);
		break;
	}
	return request_run(script_run->run->db, &request, err);
}

/* A killed client does not stop its statement by itself; the server has to look for it, where it can. */
static bool let_server_notice_death(struct script_run *script_run, struct error *err)
{
	struct run *run = script_run->run;

	return run->forgoes_client_check || session_server_version(run->db) < 140000 ||
	       execute(run->db, SQL_apply_client_check, NO_PARAMS, err) || run_forgoes_client_check(run, err);
}

static bool begin_script(struct script_run *script_run, struct error *err)
{
	script_run->sets_timeouts =
	    mentions(script_run, "lock_timeout") || mentions(script_run, "statement_timeout");
	if (!let_server_notice_death(script_run, err) || !note_script(script_run, err) ||
	    !load_journal(script_run, err))
		return false;
	script_run->leaves_traces = script_run->journal.count > 0;
	script_run->run->may_be_other = script_run->step_script->may_set || script_run->step_script->may_leave;
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

static struct request log_of(struct script_run *script_run, int64_t duration_ms)
{
	const struct step *step = script_run->step_script->step;
	const struct log_entry entry = {
	    .action = step_action_name(step->action),
	    .outcome = "done",
	    .version = step_version(step),
	    .name = step_name(step),
	    .checksum = step->migration ? step->migration->checksum : NULL,
	    .rollback_checksum = script_run->step_script->kept_rollback.checksum,
	    .duration_ms = duration_ms,
	};

	return history_log(&script_run->run->options->history, &script_run->run->author, &entry, COMMIT_DURABLE,
	                   &script_run->arena);
}

static bool finish_script(struct script_run *script_run, int64_t duration_ms, struct error *err)
{
	const struct migrate_options *options = script_run->run->options;
	const int64_t version = step_version(script_run->step_script->step);
	struct request requests[3];

	if (!session_restore_run(script_run->run, script_run->step_script, err))
		return false;
	requests[0] = script_run_is_rollback(script_run)
	                  ? history_forget(&options->history, version, &script_run->arena)
	                  : record_of(script_run, RECORD_APPLIED, duration_ms);
	requests[1] = journal_clear(&options->history, version, &script_run->arena);
	requests[2] = log_of(script_run, duration_ms);
	return run_all(script_run->run, requests, 3, err);
}

/* Nothing of it was done: it leaves no trace but the log. */
static void forget_script(struct script_run *script_run)
{
	const struct qualified_name *history = &script_run->run->options->history;
	const int64_t version = step_version(script_run->step_script->step);
	const struct request requests[] = {
	    journal_clear(history, version, &script_run->arena),
	    script_run_is_rollback(script_run) ? state_of(script_run, RECORD_APPLIED)
	                                       : history_forget(history, version, &script_run->arena),
	};
	struct error trouble;

	if (!run_all(script_run->run, requests, 2, &trouble))
		session_rollback(script_run->run->db);
}

/* An applied file that runs once more keeps its record, whatever becomes of it. */
static bool can_be_forgotten(const struct script_run *script_run)
{
	return !script_run->leaves_traces && !step_runs_again(script_run->step_script->step);
}

/* Where a batch was under way, how far it came: the journal knows whole statements only. */
static const char *stopped_batch(struct script_run *script_run)
{
	const struct statement *statement = script_run_statement(script_run);
	struct position position;
	bool found = false;
	struct error ignored;

	if (script_run->index == script_run->step_script->script.count || !batch_is_wanted(statement) ||
	    !position_load(script_run->run->db, &script_run->run->options->history,
	                   step_version(script_run->step_script->step), script_run_journal_number(script_run),
	                   script_run->checksum, &script_run->step_script->arena, &position, &found, &ignored) ||
	    !found)
		return NULL;
	const struct batch_progress progress =
	    batch_progress(statement, &position, &script_run->step_script->arena);
	return batch_progress_text(&progress, &script_run->step_script->arena);
}

/* In the log as well it says how far the batch came. */
static void log_stop(struct script_run *script_run, const struct error *err, const char *batch)
{
	struct error told = *err;

	if (batch)
		snprintf(told.message, sizeof(told.message), "%.500s; %.500s", err->message, batch);
	run_log_failure(script_run->run, script_run->step_script->step, &told);
}

static bool fail_script(struct script_run *script_run, struct error *err)
{
	struct run *run = script_run->run;
	const char *batch = NULL;
	struct error trouble;

	session_unwind(run->db);
	session_rollback(run->db);
	if (err->kind == ERROR_SERVER)
		return false;
	/* Where that fails, as without the migration lock, the record stays as it is: half done. */
	const bool is_restored = session_restore_run(run, script_run->step_script, &trouble);
	if (is_restored && can_be_forgotten(script_run)) {
		forget_script(script_run);
	} else {
		if (err->kind != ERROR_CANCELLED)
			err->kind = ERROR_PARTIAL;
		batch = is_restored ? stopped_batch(script_run) : NULL;
		error_state(err, "\"%s\" is half %s: %zu of %zu statements%s%s. The same command continues %s.",
		            step_name(script_run->step_script->step),
		            script_run_is_rollback(script_run) ? "rolled back" : "done", script_run->done,
		            script_run->step_script->script.count, batch ? "; of the next, " : "", batch ? batch : "",
		            batch ? "from there" : "after the last statement that succeeded");
	}
	if (is_restored)
		log_stop(script_run, err, batch);
	return false;
}

static void script_run_clear(struct script_run *script_run)
{
	script_run->run->may_be_other = false;
	arena_clear(&script_run->arena);
}

bool nontransactional_run(struct run *run, struct step_script *step_script, struct error *err)
{
	SCOPED(script_run_clear) struct script_run script_run = {.run = run, .step_script = step_script};
	const int64_t began_ms = clock_now_ms();

	if (!begin_script(&script_run, err))
		return error_context(err, "while preparing %s", step_name(step_script->step));
	if (!script_run_statements(&script_run, err))
		return fail_script(&script_run, err);
	if (!finish_script(&script_run, clock_now_ms() - began_ms, err)) {
		session_rollback(run->db);
		return step_script_explain_history_error(run, step_script, err);
	}
	return true;
}
