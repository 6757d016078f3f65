/*
 * What converges is one transaction: the statements that are computed, the file once more, and the proof. The
 * statements come first, as the file may name what they make (an index on a new column); the file comes
 * behind them, as it may do what no catalog shows (rows, grants).
 *
 * They are split and placed as those of a file are, so that a lock that is refused, an error and its line are
 * told alike; psql's variables mean nothing in them.
 */
#include "apply/step/step_script.h"

static bool parse(const struct run *run, struct step_script *step_script, struct error *err)
{
	const char *name = arena_printf(&step_script->arena, "what converges %s", step_name(step_script->step));
	const struct script_options options = {.has_escapes = run->db && session_came_with_escapes(run->db)};

	return script_parse(str_of(step_script->convergence.sql), name, &options, &step_script->arena,
	                    &step_script->converging, err);
}

/* The session is left by them as by those of a file. */
static void note_traces(struct step_script *step_script)
{
	for (size_t i = 0; i < step_script->converging.count; i++) {
		const struct statement_kind *kind = &step_script->converging.statements[i].kind;

		step_script->changes_session |= kind->changes_session;
		step_script->may_leave |= kind->may_leave;
		step_script->may_set |= kind->may_set;
	}
}

bool step_script_converge(struct run *run, struct step_script *step_script, struct error *err)
{
	const struct converging *converging = run->options->converging;

	if (!converging || step_script->step->action != STEP_CONVERGE)
		return true;
	if (!converging->plan(&run->goal.plan, step_script->step, converging->context, &step_script->convergence,
	                      err) ||
	    !parse(run, step_script, err))
		return false;
	note_traces(step_script);
	return true;
}

void step_script_add_convergence(struct step_script *step_script)
{
	const struct script *script = &step_script->converging;

	if (!script->count)
		return;
	step_script_add_command(step_script, MESSAGE_CONVERGE, SQL_step_converge_path);
	for (size_t i = 0; i < script->count; i++)
		step_script_add(step_script, MESSAGE_CONVERGE)->statement = &script->statements[i];
	step_script_add_command(step_script, MESSAGE_CONVERGE, "SET LOCAL search_path TO DEFAULT");
}

bool step_script_prove(const struct run *run, const struct step_script *step_script, struct error *err)
{
	const struct converging *converging = run->options->converging;

	/* What is set for looking is not to be met by what comes after it in the same transaction. */
	return execute(run->db, "SAVEPOINT rung_proof", NO_PARAMS, err) &&
	       converging->prove(step_script->step, run->db, converging->context, err) &&
	       execute(run->db, "ROLLBACK TO SAVEPOINT rung_proof", NO_PARAMS, err) &&
	       execute(run->db, "RELEASE SAVEPOINT rung_proof", NO_PARAMS, err);
}
