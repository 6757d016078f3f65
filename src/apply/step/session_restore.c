/*
 * The order of the messages is the point. First, where a role is not the session's default, whether it is
 * still ours: afterwards nobody could tell that the file ran on as somebody else. Then what was deferred,
 * in the session as the file left it, as psql's COMMIT would have run it. Then user, role and settings,
 * prepared statements, cursors, and temporary tables, which cursors would hold; and at last the question
 * whether all of it worked.
 *
 * That question is a cast that fails: in a pipeline nobody can decide between two messages, so the server
 * has to, and an error is what rolls the file back. What the error says is read again here (raised()),
 * and two kinds of it are lessons: the file is run once more, with more cleaning.
 *
 * DISCARD ALL is not used: it is refused in a transaction, and it would take the migration lock and our
 * prepared statements.
 *
 * A rollback does not undo everything either. Prepared statements, advisory locks of the session and the
 * state of sequences outlive it (session_restore_undo()).
 */
#include "apply/step/session_restore.h"

#include <stdlib.h>
#include <string.h>

#include "apply/lock/deploy_lock.h"
#include "base/buffer.h"
#include "sql/lexer.h"

/*
 * Around what check_session.sql raises: the server's own words about it, and the quotes they put it in,
 * are those of its lc_messages.
 */
static const char mark[] = "rung: ", end_mark[] = " :rung";

/* --- user, role, settings --------------------------------------------- */

/*
 * RESET ALL goes back to what the connection started with, PGOPTIONS and ALTER
 * ROLE included, but knows neither user nor role. A role that is no default of
 * the session (session.h) is taken again until the transaction ends.
 */
static void add_user(struct run *run, struct step_script *step_script)
{
	struct arena *arena = &step_script->arena;
	const char *role = run->connection.role;
	const bool is_local = run->db && session_role_is_local(run->db);

	step_script_add_query(step_script, MESSAGE_RESTORE, STEP_RESTORE_USER);
	if (!role || is_local)
		step_script_add_query(step_script, MESSAGE_RESTORE, STEP_RESTORE_ROLE);
	if (role)
		step_script_add_command(
		    step_script, MESSAGE_RESTORE,
		    arena_printf(arena, "SET %sROLE %s", is_local ? "LOCAL " : "", quote_name(arena, role)));
	step_script_add_query(step_script, MESSAGE_RESTORE, STEP_RESTORE_SETTINGS);
}

/* --- prepared statements ---------------------------------------------- */

/* As the server takes a name: folded, unless it is quoted. */
static const char *name_of(const struct token *token, struct arena *arena)
{
	struct buffer name = {.arena = arena};

	if (token->kind != TOKEN_NAME) {
		for (size_t i = 0; i < token->text.len; i++)
			buffer_char(&name, char_fold(token->text.text[i]));
		return buffer_cstr(&name);
	}
	for (size_t i = 1; i + 1 < token->text.len; i++) {
		buffer_char(&name, token->text.text[i]);
		i += token->text.text[i] == '"';
	}
	return buffer_cstr(&name);
}

static void forget(struct step_script *step_script, const char *name)
{
	for (size_t i = 0; i < step_script->prepared_count; i++)
		if (strcmp(step_script->prepared[i], name) == 0)
			step_script->prepared[i--] = step_script->prepared[--step_script->prepared_count];
}

/* PREPARE name ..., DEALLOCATE [PREPARE] name, DEALLOCATE [PREPARE] ALL. */
void session_restore_note(struct step_script *step_script, const struct statement *statement)
{
	struct lexer lexer = statement_lexer(statement);
	const struct token verb = lexer_next_significant(&lexer);
	struct token token = lexer_next_significant(&lexer);

	if (statement->kind.kept == KEPT_PREPARED) {
		const char *name = name_of(&token, &step_script->arena);

		forget(step_script, name);
		*ARENA_PUSH(&step_script->arena, step_script->prepared, step_script->prepared_count) = name;
	} else if (str_is_folded(verb.text, "deallocate")) {
		if (str_is_folded(token.text, "prepare"))
			token = lexer_next_significant(&lexer);
		if (str_is_folded(token.text, "all"))
			step_script->prepared_count = 0;
		else
			forget(step_script, name_of(&token, &step_script->arena));
	}
}

static void add_prepared(struct run *run, struct step_script *step_script)
{
	if (run->clears_prepared)
		step_script_add_command(step_script, MESSAGE_RESTORE, "DEALLOCATE ALL");
	for (size_t i = 0; i < step_script->prepared_count && !run->clears_prepared; i++)
		step_script_add_command(step_script, MESSAGE_RESTORE,
		                        arena_printf(&step_script->arena, "DEALLOCATE %s",
		                                     quote_name(&step_script->arena, step_script->prepared[i])));
}

/* --- everything else -------------------------------------------------- */

/* Cursors first: one that reads a temporary table would keep it from being dropped. */
static void add_cleaning(struct step_script *step_script)
{
	step_script_add_query(step_script, MESSAGE_RESTORE, STEP_CLOSE_CURSORS);
	step_script_add_query(step_script, MESSAGE_RESTORE, STEP_DISCARD_TEMPORARY);
	step_script_add_query(step_script, MESSAGE_RESTORE, STEP_DISCARD_SEQUENCES);
	step_script_add_query(step_script, MESSAGE_RESTORE, STEP_UNLISTEN);
}

const char *session_restore_lock(const struct run *run, struct arena *arena)
{
	return run->pooling == POOLING_TRANSACTION ? NULL : deploy_lock_key(run, arena);
}

static struct request check_session(const struct run *run, struct arena *arena)
{
	const char *is_prepared_for_code = run_meets_code(run) ? "true" : NULL;

	return request_prepared(
	    &run->options->history, &step_queries[STEP_CHECK_SESSION],
	    PARAMS(run->facts.current_user, session_restore_lock(run, arena), is_prepared_for_code), arena);
}

static void add_check_user(struct run *run, struct step_script *step_script)
{
	step_script_add(step_script, MESSAGE_CHECK)->request =
	    request_prepared(&run->options->history, &step_queries[STEP_CHECK_USER],
	                     PARAMS(run->facts.current_user), &step_script->arena);
}

/* Where the role is not the session's default, a file that resets it made the rest as somebody else. */
static bool may_lose_role(const struct run *run, const struct step_script *step_script)
{
	return run->db && run->connection.role && !session_keeps_role(run->db) &&
	       (step_script->may_leave || step_script->changes_session);
}

/* What one file of a transaction defers, the COMMIT behind another one would run: in the restored session. */
static void follow_deferred(struct run *run, struct step_script *step_script)
{
	run->may_run_late = step_script->may_leave || (run->may_run_late && !step_script->ends.begins);
	step_script->may_leave |= step_script->ends.commits && run->may_run_late;
}

void session_restore_plan(struct run *run, struct step_script *step_script)
{
	follow_deferred(run, step_script);
	if (may_lose_role(run, step_script))
		add_check_user(run, step_script);
	if (step_script->may_leave && step_script->ends.commits)
		step_script_add_query(step_script, MESSAGE_SETTLE, STEP_SETTLE);
	if (step_script->may_set || step_script->may_leave)
		add_user(run, step_script);
	add_prepared(run, step_script);
	if (step_script->may_leave)
		add_cleaning(step_script);
	if (step_script->may_leave)
		step_script_add(step_script, MESSAGE_CHECK)->request = check_session(run, &step_script->arena);
	else if (step_script->changes_session || run->connection.role)
		add_check_user(run, step_script);
}

/* --- what the check raises -------------------------------------------- */

static const char *last_end_mark(const char *text)
{
	const char *last = NULL;

	while ((text = strstr(text, end_mark)))
		last = text++;
	return last;
}

/* What stands between the marks behind `what`, or NULL. */
static const char *raised(const struct error *err, const char *what, struct arena *arena)
{
	const char *start = strcmp(err->sqlstate, "22P02") == 0 ? strstr(err->message, mark) : NULL;

	if (!start || strncmp(start + strlen(mark), what, strlen(what)) != 0)
		return NULL;
	start += strlen(mark) + strlen(what);
	const char *end = last_end_mark(start);
	return end ? arena_printf(arena, "%.*s", (int)(end - start), start) : NULL;
}

/* --- after a failure -------------------------------------------------- */

static bool leaves_after_rollback(const struct step_script *step_script)
{
	return step_script && (step_script->may_leave || step_script->prepared_count > 0);
}

/* In the message that rolls back: behind a transaction pooler the next one may meet another backend. */
static bool undo(struct run *run, struct error *err)
{
	const bool is_pooled = run->pooling == POOLING_TRANSACTION;
	scoped_arena struct arena arena = {0};

	run->is_prepared = false;
	return execute_simple(run->db,
	                      arena_printf(&arena, "ROLLBACK; DEALLOCATE ALL; DISCARD SEQUENCES; %s",
	                                   is_pooled ? SQL_step_unlock_all : ""),
	                      NULL, NULL, err) &&
	       (is_pooled || execute(run->db, SQL_step_check_session,
	                             PARAMS(run->facts.current_user, deploy_lock_key(run, &arena), "true"), err));
}

void session_restore_undo(struct run *run, const struct step_script *step_script)
{
	const enum session_transaction state = session_transaction(run->db);
	scoped_arena struct arena arena = {0};
	struct error trouble;

	if ((state != SESSION_IN_TRANSACTION && state != SESSION_IN_FAILED_TRANSACTION) ||
	    !leaves_after_rollback(step_script)) {
		session_rollback(run->db);
		return;
	}
	session_unwind(run->db);
	/* That the lock is gone is what failed, or is told when it is let go. */
	if (!undo(run, &trouble) && session_is_alive(run->db) && !raised(&trouble, "lock ", &arena))
		event_warning(run->options->reporter, "the session could not be cleared after a failure: %s",
		              trouble.message);
	session_rollback(run->db); /* where that failed too, it hangs up */
}

/* --- what that means --------------------------------------------------- */

bool session_restore_explain_lock(const struct step_script *step_script, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (!raised(err, "lock ", &arena))
		return false;
	error_set(err, ERROR_SQL, "\"%s\" released the migration lock, so others may be at work at the same time",
	          step_name(step_script->step));
	return error_hint(err, "Code that it runs must not call pg_advisory_unlock_all().");
}

bool session_restore_explain_error(const struct run *run, const struct step_script *step_script,
                                   struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *name = step_name(step_script->step);
	const char *user = raised(err, "user ", &arena);

	if (user) {
		error_set(err, ERROR_SQL, "after \"%s\" the session acts as \"%s\" and not as \"%s\"", name, user,
		          run->facts.current_user);
		return error_hint(err, "A pooler in between may remove the role from the startup parameters; then "
		                       "files cannot use RESET ROLE and SET ROLE. --direct-url bypasses it.");
	}
	if (raised(err, "lock ", &arena))
		return session_restore_explain_lock(step_script, err);
	return error_context(err, "while recording %s", name);
}

static bool clears_prepared(struct run *run, const struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (run->clears_prepared || !raised(err, "prepared ", &arena))
		return false;
	run->clears_prepared = true;
	run->is_prepared = false;
	run->avoids_prepared = true; /* ours would go with theirs */
	return true;
}

/* The files behind it may have been taken for such as leave nothing. */
static bool meets_code(struct run *run, const struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (run->meets_code || !raised(err, "code ", &arena))
		return false;
	run->meets_code = true;
	return true;
}

/* Once each: both set what stays set for the connection, so a file cannot be tried without end. */
bool session_restore_learns(struct run *run, const struct error *err)
{
	return clears_prepared(run, err) || meets_code(run, err);
}

/* --- where no transaction is open ------------------------------------- */

/* What is learned of it counts from the next file on. */
static bool run_check(struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request check = check_session(run, &arena);

	return request_run(run->db, &check, err) || (meets_code(run, err) && run_check(run, err));
}

bool session_restore_run(struct run *run, struct step_script *step_script, struct error *err)
{
	struct step_script plan = {.script = step_script->script};
	struct buffer text = {.arena = &plan.arena};

	add_user(run, &plan);
	add_cleaning(&plan);
	step_script_add_command(&plan, MESSAGE_RESTORE, "DEALLOCATE ALL");
	for (size_t i = 0; i < plan.count; i++)
		buffer_printf(&text, "%s;\n", plan.messages[i].request.sql);
	run->is_prepared = false;
	const bool done = execute_simple(run->db, buffer_cstr(&text), NULL, NULL, err) &&
	                  (run_check(run, err) || session_restore_explain_error(run, step_script, err));
	arena_clear(&plan.arena);
	return done;
}
