#include "apply/walk.h"

#include "apply/blame.h"
#include "apply/ourselves.h"

const struct statement *walk_statement(const struct walk *walk)
{
	return &walk->passage->script.statements[walk->index];
}

bool walk_is_rollback(const struct walk *walk)
{
	return walk->passage->step->action == STEP_ROLLBACK;
}

bool walk_runs_always(const struct statement *statement)
{
	return statement->echo || statement->kind.changes_session;
}

/* --- journal --------------------------------------------------------------- */

size_t walk_journal_number(const struct walk *walk)
{
	return walk->index + 1 + (walk_is_rollback(walk) ? JOURNAL_ROLLBACK_FROM : 0);
}

bool walk_note(struct walk *walk, const struct request *requests, size_t count, struct error *err)
{
	return ourselves_run(walk->run, requests, count, err) ||
	       history_blame(&walk->run->climb->history, NULL, step_name(walk->passage->step), err);
}

struct suspect walk_suspect(const struct walk *walk)
{
	return (struct suspect){walk_statement(walk), step_version(walk->passage->step),
	                        walk_journal_number(walk)};
}

struct request walk_request_done(struct walk *walk)
{
	return journal_done(&walk->run->climb->history, step_version(walk->passage->step),
	                    walk_journal_number(walk), walk->checksum, walk->index + 1, &walk->arena);
}

bool walk_note_start(struct walk *walk, struct error *err)
{
	const struct request request =
	    journal_start(&walk->run->climb->history, step_version(walk->passage->step),
	                  walk_journal_number(walk), walk->checksum, &walk->arena);

	return walk_note(walk, &request, 1, err);
}

bool walk_note_done(struct walk *walk, struct error *err)
{
	const struct request request = walk_request_done(walk);

	return walk_note(walk, &request, 1, err);
}
