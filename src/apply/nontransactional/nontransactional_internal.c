/*
 * Statements of a rollback are numbered from JOURNAL_ROLLBACK_FROM on, so that one table holds both
 * directions of a migration and a stop during its rollback is not taken for one while it was applied.
 *
 * The journal is written as the user we came as (as_session_user.h): between its statements the file may
 * have taken another role, which need not have any right to our tables.
 */
#include "apply/nontransactional/nontransactional_internal.h"

#include "apply/as_session_user.h"
#include "apply/step/error_position.h"
#include "apply/step/session_restore.h"
#include "apply/timeouts.h"

const struct statement *script_run_statement(const struct script_run *script_run)
{
	return &script_run->step_script->script.statements[script_run->index];
}

bool script_run_is_rollback(const struct script_run *script_run)
{
	return script_run->step_script->step->action == STEP_ROLLBACK;
}

bool script_run_runs_always(const struct statement *statement)
{
	return statement->echo || statement->kind.changes_session;
}

bool script_run_execute_text(struct script_run *script_run, struct error *err)
{
	return statement_run(script_run->run, script_run_statement(script_run), err) ||
	       statement_locate_error(script_run->run, script_run->step_script->step,
	                              script_run_statement(script_run), err);
}

bool script_run_set_timeouts(struct script_run *script_run, bool is_local, struct error *err)
{
	return script_run->sets_timeouts ||
	       timeouts_set(script_run->run->db,
	                    run_limits(script_run->run, script_run->step_script->step->migration), is_local, err);
}

/* --- journal --------------------------------------------------------------- */

size_t script_run_journal_number(const struct script_run *script_run)
{
	return script_run->index + 1 + (script_run_is_rollback(script_run) ? JOURNAL_ROLLBACK_FROM : 0);
}

bool script_run_note(struct script_run *script_run, const struct request *requests, size_t count,
                     struct error *err)
{
	return as_session_user_run(script_run->run, requests, count, err) ||
	       history_explain_error(&script_run->run->options->history, NULL,
	                             step_name(script_run->step_script->step), err);
}

struct suspect script_run_suspect(const struct script_run *script_run)
{
	return (struct suspect){script_run_statement(script_run), step_version(script_run->step_script->step),
	                        script_run_journal_number(script_run)};
}

struct request script_run_request_done(struct script_run *script_run)
{
	return journal_done(&script_run->run->options->history, step_version(script_run->step_script->step),
	                    script_run_journal_number(script_run), script_run->checksum, script_run->index + 1,
	                    session_restore_lock(script_run->run, &script_run->arena), &script_run->arena);
}

bool script_run_note_start(struct script_run *script_run, struct error *err)
{
	const struct request request =
	    journal_start(&script_run->run->options->history, step_version(script_run->step_script->step),
	                  script_run_journal_number(script_run), script_run->checksum,
	                  session_restore_lock(script_run->run, &script_run->arena), &script_run->arena);

	return script_run_note(script_run, &request, 1, err);
}

bool script_run_note_done(struct script_run *script_run, struct error *err)
{
	const struct request request = script_run_request_done(script_run);

	return script_run_note(script_run, &request, 1, err);
}
