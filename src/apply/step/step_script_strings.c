/*
 * A file is read before it runs, psql reads it as it runs and asks the session
 * at each line how literals end. The two differ only where a literal depends on
 * it (a quote after a backslash) and the session's setting is not what the
 * file's own statements say: a function changed it, or a SET LOCAL had no
 * transaction to belong to. Then the file is read once more with what is known
 * by now; what has run already is read as before, since the change is said to
 * come after it. A statement in the same line stays as it was, as in psql.
 * A large file with such a literal is no stream for that (step_script_open.c).
 */
#include "apply/step/step_script.h"

static bool is_known(const struct step_script *step_script, size_t count)
{
	const size_t known = step_script->known_strings_count;

	return known > 0 && step_script->known_strings[known - 1].count == count;
}

static bool changed_error(const struct step_script *step_script, size_t at, struct error *err)
{
	const struct place place = statement_place(&step_script->script.statements[at - 1], 0);

	error_set(err, ERROR_FILES, "standard_conforming_strings has another value after this statement");
	error_hint(err,
	           "With that value the rest of the file cannot run. SET it in the file where it should change.");
	return error_at(err, &place);
}

static bool read_again(struct run *run, struct step_script *step_script, size_t at, struct error *err)
{
	const enum run_mode mode = step_script->mode;

	*ARENA_PUSH(&step_script->arena, step_script->known_strings, step_script->known_strings_count) =
	    (struct known_strings){at, session_has_escapes(run->db)};
	if (!step_script_load(run, step_script, err))
		return false;
	if (step_script->script.count <= at || step_script->mode != mode)
		return changed_error(step_script, step_script->script.count, err);
	if (step_script->mode != MODE_NONTRANSACTIONAL)
		step_script_plan(run, step_script, step_script->ends);
	return true;
}

bool step_script_follow_strings(struct run *run, struct step_script *step_script, size_t statement,
                                struct error *err)
{
	const struct statement *next = &step_script->script.statements[statement];

	if (!next->depends_on_escapes || is_known(step_script, statement) ||
	    next->has_escapes == session_has_escapes(run->db))
		return true;
	return read_again(run, step_script, statement, err);
}
