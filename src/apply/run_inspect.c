/*
 * What is known to be impossible is said before anything runs, and it is said
 * alike by the run, by the plan of a dry run and by the script that is only
 * printed: the three ask run_inspect(). So whatever a step is refused for
 * beforehand belongs here, and not where the step is about to run.
 */
#include <string.h>

#include "apply/drift.h"
#include "apply/lock/pool.h"
#include "apply/run_internal.h"
#include "base/interrupt.h"
#include "history/rollback_sql.h"
#include "migration/inspection.h"
#include "migration/repeat.h"

bool run_refuse_nontransactional(const struct step *step, struct error *err)
{
	error_set(err, ERROR_CONFIG, "\"%s\" cannot run behind a transaction pooler", step_name(step));
	error_detail(err, "It contains statements that cannot run in a transaction, and without one the pooler "
	                  "may send each statement to another backend.");
	return error_hint(err, "Name a connection that bypasses the pooler with --direct-url.");
}

static bool refuse_in_single_transaction(const struct step *step, struct error *err)
{
	error_set(err, ERROR_FILES, "\"%s\" cannot run in a single transaction", step_name(step));
	error_detail(err, "It contains statements that cannot run in a transaction, so they commit one by one.");
	return error_hint(err, "Run the same command without --single-transaction, or only up to the migration "
	                       "before it.");
}

bool run_refuse_own_transaction(const struct step *step, struct error *err)
{
	error_set(err, ERROR_CONFIG, "\"%s\" cannot run behind a transaction pooler", step_name(step));
	error_detail(err, "It sets the transaction's mode, which has to come before the first query, and behind "
	                  "a pooler that is the migration lock.");
	return error_hint(err, "Name a connection that bypasses the pooler with --direct-url.");
}

static bool refuse_to_share(const struct step *step, struct error *err)
{
	error_set(err, ERROR_FILES, "\"%s\" cannot run in a single transaction", step_name(step));
	error_detail(err, "It sets the transaction's mode, which has to come before the first query.");
	return error_hint(err, "Run the same command without --single-transaction, or only up to the migration "
	                       "before it.");
}

/* An edited file that runs over what it made must be written so that it can. */
static bool may_run_again(const struct step *step, const struct script_options *options, struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};

	return !step_runs_again(step) ||
	       (script_load(step->migration->path, options, &arena, &script, err) && repeat_check(&script, err));
}

/* Why it is not the file that runs. */
static const char *why_kept(const struct step *step)
{
	if (!step->migration)
		return "no file has the version that was applied";
	return step->migration->has_rollback ? "its file was changed after it was applied"
	                                     : "its rollback file is missing";
}

/* The text that the database kept is looked at as a file would be. */
static bool read_kept(struct run *run, const struct step *step, enum run_mode *mode, struct error *err)
{
	scoped_step_script struct step_script *step_script = NULL;

	if (!step_script_open(run, step, &step_script, err))
		return false;
	*mode = step_script->mode;
	event_note(run->options->reporter, "%s: %s, so the rollback kept in the database is run", step_name(step),
	           why_kept(step));
	return true;
}

static bool is_half_done(const struct step *step)
{
	return step->record && step->record->state != RECORD_APPLIED;
}

static bool is_pooled(const struct run *run)
{
	return run->pooling == POOLING_TRANSACTION && !run->options->direct_url;
}

static bool check_own_transaction(const struct run *run, const struct step *step, struct error *err)
{
	if (run->options->single_transaction)
		return refuse_to_share(step, err);
	return !is_pooled(run) || run_refuse_own_transaction(step, err);
}

static bool refuse_to_converge(const struct step *step, enum run_mode mode, struct error *err)
{
	error_set(err, ERROR_FILES, "\"%s\" cannot converge", step_name(step));
	error_detail(err, mode == MODE_NONTRANSACTIONAL
	                      ? "It contains statements that cannot run in a transaction."
	                      : "It sets the transaction's mode, which has to come before the first query.");
	return error_hint(err, "Write \"-- rung: on-change: reapply\" at its top, or put these statements into a "
	                       "file of their own.");
}

/* What a step asks of the connection and of the other steps. */
static bool check_mode(const struct run *run, const struct step *step, enum run_mode mode, struct error *err)
{
	if (step->action == STEP_CONVERGE && mode != MODE_TRANSACTIONAL)
		return refuse_to_converge(step, mode, err);
	if (mode == MODE_OWN_TRANSACTION && !is_half_done(step))
		return check_own_transaction(run, step, err);
	if (mode != MODE_NONTRANSACTIONAL && !is_half_done(step))
		return true;
	if (run->options->single_transaction)
		return refuse_in_single_transaction(step, err);
	return !is_pooled(run) || run_refuse_nontransactional(step, err);
}

/* Opening it compares. */
static bool check_variables(struct run *run, const struct step *step, struct error *err)
{
	scoped_step_script struct step_script *step_script = NULL;

	return step_script_open(run, step, &step_script, err);
}

static bool check_step(struct run *run, const struct step *step, struct run_modes modes,
                       const struct script_options *options, struct error *err)
{
	enum run_mode mode = step->action == STEP_ROLLBACK ? modes.down : modes.up;

	if (step_script_must_ask(step) && !read_kept(run, step, &mode, err))
		return false;
	if (step->record && step->record->variables && !check_variables(run, step, err))
		return false;
	return may_run_again(step, options, err) && check_mode(run, step, mode, err);
}

static bool check_connection(const struct run *run, const struct plan *plan, struct error *err)
{
	if (!is_pooled(run) || !run->options->single_transaction || plan->count == 0)
		return true;
	error_set(err, ERROR_CONFIG, "--single-transaction does not work behind a transaction pooler");
	return error_hint(err, "Name a connection that bypasses the pooler with --direct-url.");
}

/* What its transaction has not committed, nobody else can look at. */
static bool refuse_late(const struct step *step, struct error *err)
{
	error_set(err, ERROR_FILES, "\"%s\" cannot converge in a single transaction with what comes before it",
	          step_name(step));
	return error_hint(err, "Run the same command without --single-transaction.");
}

/*
 * Those that the plan begins with are known now; others once what comes before them is committed.
 */
static bool check_convergence(const struct run *run, const struct plan *plan, struct error *err)
{
	const struct converging *converging = run->options->converging;
	struct convergence ignored;
	size_t i = 0;

	for (; converging && i < plan->count && plan->steps[i].action == STEP_CONVERGE; i++)
		if (!converging->plan(plan, &plan->steps[i], converging->context, &ignored, err))
			return false;
	for (; converging && run->options->single_transaction && i < plan->count; i++)
		if (plan->steps[i].action == STEP_CONVERGE)
			return refuse_late(&plan->steps[i], err);
	return true;
}

static void warn_of_findings(const struct run *run, const struct tree *findings)
{
	for (size_t i = 0; i < findings->finding_count; i++)
		event_warning(run->options->reporter, "%s; %s", findings->findings[i].message,
		              findings->findings[i].hint);
}

static struct finding *find_template(const struct tree *findings, const char *shown_path)
{
	for (size_t i = 0; i < findings->finding_count; i++)
		if (findings->findings[i].kind == FINDING_TEMPLATE &&
		    strcmp(findings->findings[i].path, shown_path) == 0)
			return &findings->findings[i];
	return NULL;
}

/*
 * A file that nobody wrote anything into stops the step: history would call it
 * done, and what is written into it later would never run. What went up empty
 * comes down empty, so that it can be written then.
 */
static void excuse_templates(const struct run *run, const struct step *step, const struct tree *findings)
{
	struct finding *up = find_template(findings, step->migration->shown_path);
	struct finding *down = find_template(findings, step->migration->shown_rollback_path);

	if (up)
		up->is_error = !run->options->allow_empty && step->action != STEP_ROLLBACK;
	if (down)
		down->is_error = !run->options->allow_empty && (step->action != STEP_ROLLBACK || !up);
}

static bool is_asked_for(const struct variable_look *variables, const char *name)
{
	for (size_t i = 0; i < variables->count; i++)
		if (strcmp(variables->names[i], name) == 0)
			return true;
	return false;
}

/* What only the database holds has not been looked through here. */
static bool is_all_known(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (step_script_must_ask(&plan->steps[i]))
			return false;
	return plan->count > 0;
}

/* psql does not mind; who deploys has mistyped a name, or left one behind. */
static void warn_of_names(const struct run *run, const struct plan *plan, struct variable_look *variables)
{
	const struct script_options *scripts = &run->options->scripts;

	for (size_t i = 0; is_all_known(plan) && i < scripts->given_count; i++) {
		const char *name = scripts->given[i].name;

		if (!scripts->given[i].is_typed || is_asked_for(variables, name))
			continue;
		*ARENA_PUSH(variables->arena, variables->names, variables->count) = NULL;
		const char *near = str_suggest(name, variables->names);
		variables->count--;
		event_warning(run->options->reporter, "no file of the plan uses the variable \"%s\"%s%s%s", name,
		              near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	}
}

bool run_inspect(struct run *run, const struct plan *plan, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct script_options options = step_script_options(run, &arena);
	const int version = run->db ? session_server_version(run->db) : 0;
	struct run_modes *modes = arena_array(&arena, struct run_modes, plan->count);
	struct variable_look variables = {.is_down = run->options->direction == DIRECTION_DOWN, .arena = &arena};
	struct tree findings = *run->options->tree;

	findings.findings = NULL;
	findings.finding_count = 0;
	for (size_t i = 0; i < plan->count; i++) {
		if (!plan->steps[i].migration)
			continue;
		modes[i] =
		    migration_inspect(&findings, plan->steps[i].migration, &options, version, &variables, &arena);
		excuse_templates(run, &plan->steps[i], &findings);
	}
	/* A file that was not read to its end because we were asked to stop says nothing of itself. */
	if (!interrupt_check(err))
		return false;
	warn_of_names(run, plan, &variables);
	if (!tree_check(&findings, err) || !check_connection(run, plan, err))
		return false;
	for (size_t i = 0; i < plan->count; i++)
		if (!check_step(run, &plan->steps[i], modes[i], &options, err))
			return false;
	warn_of_findings(run, &findings);
	return check_convergence(run, plan, err);
}

/* What runs is shown where nobody can look it up in a file. */
static bool load_kept(struct run *run, const struct plan *plan, struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < plan->count; i++)
		if (step_script_must_ask(&plan->steps[i]) &&
		    !rollback_sql_load(run->db, &run->options->history, step_version(&plan->steps[i]), arena,
		                       &plan->steps[i].kept_sql, err))
			return false;
	return true;
}

bool migrate_preview(const struct migrate_options *options, struct arena *arena, struct plan *out,
                     struct error *err)
{
	scoped_session struct session *db = NULL;
	struct run run = run_init(options, NULL);
	struct run_plan planned;

	if (!run_plan_open(&run, &db, arena, &planned, err))
		return false;
	if (planned.plan.count && (!pool_detect(&run, err) || !run_inspect(&run, &planned.plan, err)))
		return false;
	if (!drift_check(&run, &planned.history, &planned.plan, err))
		return false;
	run_say_plan(&run, &planned.plan);
	run_say_folding(&run, &planned.history);
	if (!load_kept(&run, &planned.plan, arena, err))
		return false;
	*out = planned.plan;
	return true;
}
