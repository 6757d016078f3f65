#include "apply/walk.h"

#include "apply/blame.h"

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

const char *walk_role_command(const struct walk *walk, struct arena *arena, const char *scope)
{
	const char *role = walk->run->climb->connection.role;

	return arena_printf(arena, "SET %sSESSION AUTHORIZATION DEFAULT; SET %sROLE %s", scope, scope,
	                    role ? quote_name(arena, role) : "TO DEFAULT");
}

bool walk_be_ourselves(struct walk *walk, struct error *err)
{
	return !walk->changes_user ||
	       execute_simple(walk->run->db, walk_role_command(walk, &walk->arena, "LOCAL "), NULL, NULL, err);
}

static bool write(struct walk *walk, const struct request *request, struct error *err)
{
	return request_run(walk->run->db, request, err) ||
	       history_blame(&walk->run->climb->history, NULL, step_name(walk->passage->step), err);
}

bool walk_note_within(struct walk *walk, const struct request *request, struct error *err)
{
	return walk_be_ourselves(walk, err) && write(walk, request, err);
}

/* Where no transaction is open; one is needed only to change the user for its length. */
static bool note(struct walk *walk, const struct request *request, struct error *err)
{
	struct session *db = walk->run->db;

	if (!walk->changes_user)
		return write(walk, request, err);
	return execute(db, "BEGIN", NO_PARAMS, err) && walk_note_within(walk, request, err) &&
	       execute(db, "COMMIT", NO_PARAMS, err);
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

	return note(walk, &request, err);
}

bool walk_note_done(struct walk *walk, struct error *err)
{
	const struct request request = walk_request_done(walk);

	return note(walk, &request, err);
}
