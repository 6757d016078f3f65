#include "apply/session_restore.h"

#include <stdlib.h>
#include <string.h>

#include "apply/turn.h"
#include "base/buffer.h"
#include "sql/lexer.h"

static const char mark[] = "rung: "; /* of what check_session.sql raises */

static void add(struct passage *passage, enum message_role role, const char *name, const char *sql)
{
	passage_add(passage, role)->request = (struct request){.name = name, .sql = sql};
}

/* --- user, role, settings --------------------------------------------- */

/*
 * RESET ALL goes back to what the connection started with, PGOPTIONS and ALTER
 * ROLE included, but knows neither user nor role. A role that is no default of
 * the session (session.h) is taken again until the transaction ends.
 */
static void add_user(struct run *run, struct passage *passage)
{
	struct arena *arena = &passage->arena;
	const char *role = run->climb->connection.role;
	const bool is_local = run->db && session_role_is_local(run->db);

	add(passage, MESSAGE_RESTORE, "rung_restore_user", "SET SESSION AUTHORIZATION DEFAULT");
	if (!role || is_local)
		add(passage, MESSAGE_RESTORE, "rung_restore_role", "RESET ROLE");
	if (role)
		add(passage, MESSAGE_RESTORE, NULL,
		    arena_printf(arena, "SET %sROLE %s", is_local ? "LOCAL " : "", quote_name(arena, role)));
	add(passage, MESSAGE_RESTORE, "rung_restore_settings", "RESET ALL");
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

static void forget(struct passage *passage, const char *name)
{
	for (size_t i = 0; i < passage->prepared_count; i++)
		if (strcmp(passage->prepared[i], name) == 0)
			passage->prepared[i--] = passage->prepared[--passage->prepared_count];
}

/* PREPARE name ..., DEALLOCATE [PREPARE] name, DEALLOCATE [PREPARE] ALL. */
void session_restore_note(struct passage *passage, const struct statement *statement)
{
	struct lexer lexer = statement_lexer(statement);
	const struct token verb = lexer_next_significant(&lexer);
	struct token token = lexer_next_significant(&lexer);

	if (statement->kind.kept == KEPT_PREPARED) {
		const char *name = name_of(&token, &passage->arena);

		forget(passage, name);
		*ARENA_PUSH(&passage->arena, passage->prepared, passage->prepared_count) = name;
	} else if (str_is_folded(verb.text, "deallocate")) {
		if (str_is_folded(token.text, "prepare"))
			token = lexer_next_significant(&lexer);
		if (str_is_folded(token.text, "all"))
			passage->prepared_count = 0;
		else
			forget(passage, name_of(&token, &passage->arena));
	}
}

static void add_prepared(struct run *run, struct passage *passage)
{
	if (run->clears_prepared)
		add(passage, MESSAGE_RESTORE, NULL, "DEALLOCATE ALL");
	for (size_t i = 0; i < passage->prepared_count && !run->clears_prepared; i++)
		add(passage, MESSAGE_RESTORE, NULL,
		    arena_printf(&passage->arena, "DEALLOCATE %s",
		                 quote_name(&passage->arena, passage->prepared[i])));
}

/* --- everything else -------------------------------------------------- */

/* Cursors first: one that reads a temporary table would keep it from being dropped. */
static void add_cleaning(struct passage *passage)
{
	add(passage, MESSAGE_RESTORE, "rung_close_cursors", "CLOSE ALL");
	add(passage, MESSAGE_RESTORE, "rung_discard_temporary", "DISCARD TEMP");
	add(passage, MESSAGE_RESTORE, "rung_discard_sequences", "DISCARD SEQUENCES");
	add(passage, MESSAGE_RESTORE, "rung_unlisten", "UNLISTEN *");
}

/* NULL where no lock of the session is ours: behind a transaction pooler the transaction holds it. */
static const char *session_lock(const struct run *run, struct arena *arena)
{
	return run->pooling == POOLING_TRANSACTION ? NULL : turn_key(run, arena);
}

static struct request check_session(const struct run *run, struct arena *arena)
{
	const char *is_prepared_for_code = run_meets_code(run) ? "true" : NULL;

	return request_make(&run->climb->history, "rung_check_session", SQL_apply_check_session,
	                    PARAMS(run->facts.current_user, session_lock(run, arena), is_prepared_for_code),
	                    arena);
}

static void add_check_user(struct run *run, struct passage *passage)
{
	passage_add(passage, MESSAGE_CHECK)->request =
	    request_make(&run->climb->history, "rung_check_user", SQL_apply_check_user,
	                 PARAMS(run->facts.current_user), &passage->arena);
}

/* Where the role is not the session's default, a file that resets it made the rest as somebody else. */
static bool may_lose_role(const struct run *run, const struct passage *passage)
{
	return run->db && run->climb->connection.role && !session_keeps_role(run->db) &&
	       (passage->may_leave || passage->changes_session);
}

/* What one file of a transaction defers, the COMMIT behind another one would run: in the restored session. */
static void follow_deferred(struct run *run, struct passage *passage)
{
	run->may_run_late = passage->may_leave || (run->may_run_late && !passage->ends.begins);
	passage->may_leave |= passage->ends.commits && run->may_run_late;
}

void session_restore_plan(struct run *run, struct passage *passage)
{
	follow_deferred(run, passage);
	if (may_lose_role(run, passage))
		add_check_user(run, passage);
	if (passage->may_leave && passage->ends.commits)
		add(passage, MESSAGE_SETTLE, "rung_settle", "SET CONSTRAINTS ALL IMMEDIATE");
	if (passage->may_set || passage->may_leave)
		add_user(run, passage);
	add_prepared(run, passage);
	if (passage->may_leave)
		add_cleaning(passage);
	if (passage->may_leave)
		passage_add(passage, MESSAGE_CHECK)->request = check_session(run, &passage->arena);
	else if (passage->changes_session || run->climb->connection.role)
		add_check_user(run, passage);
}

/* --- after a failure -------------------------------------------------- */

static bool leaves_after_rollback(const struct passage *passage)
{
	return passage && (passage->may_leave || passage->prepared_count > 0);
}

/* In the message that rolls back: behind a transaction pooler the next one may meet another backend. */
static bool undo(struct run *run, struct error *err)
{
	const bool is_pooled = run->pooling == POOLING_TRANSACTION;
	scoped_arena struct arena arena = {0};

	run->is_prepared = false;
	return execute_simple(run->db,
	                      arena_printf(&arena, "ROLLBACK; DEALLOCATE ALL; DISCARD SEQUENCES; %s",
	                                   is_pooled ? SQL_apply_unlock_all : ""),
	                      NULL, NULL, err) &&
	       (is_pooled || execute(run->db, SQL_apply_check_session,
	                             PARAMS(run->facts.current_user, turn_key(run, &arena), "true"), err));
}

void session_restore_undo(struct run *run, const struct passage *passage)
{
	const enum session_transaction state = session_transaction(run->db);
	struct error trouble;

	if ((state != SESSION_IN_TRANSACTION && state != SESSION_IN_FAILED_TRANSACTION) ||
	    !leaves_after_rollback(passage)) {
		session_rollback(run->db);
		return;
	}
	session_unwind(run->db);
	if (!undo(run, &trouble) && session_is_alive(run->db))
		event_warning(run->climb->reporter, "the session could not be cleared after a failure: %s",
		              trouble.message);
	session_rollback(run->db); /* where that failed too, it hangs up */
}

/* --- what the check raises -------------------------------------------- */

/* What stands behind the mark up to the quote that ends it, or NULL. */
static const char *raised(const struct error *err, const char *what, struct arena *arena)
{
	const char *start = strcmp(err->sqlstate, "22P02") == 0 ? strstr(err->message, mark) : NULL;
	const char *end = start ? strrchr(start, '"') : NULL;

	if (!end || strncmp(start + strlen(mark), what, strlen(what)) != 0)
		return NULL;
	start += strlen(mark) + strlen(what);
	return start <= end ? arena_printf(arena, "%.*s", (int)(end - start), start) : NULL;
}

bool session_restore_blame(const struct run *run, const struct passage *passage, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *name = step_name(passage->step);
	const char *user = raised(err, "user ", &arena);

	if (user) {
		error_set(err, ERROR_SQL, "after \"%s\" the session acts as \"%s\" and not as \"%s\"", name, user,
		          run->facts.current_user);
		return error_hint(
		    err, "A pooler in between may drop the role from what the connection starts with; then RESET "
		         "ROLE and SET ROLE have no place in a file. --direct-url goes past it.");
	}
	if (raised(err, "lock ", &arena)) {
		error_set(err, ERROR_SQL,
		          "\"%s\" released the deployers' lock, so others may be at work at the same time", name);
		return error_hint(err, "Code that it runs must not call pg_advisory_unlock_all().");
	}
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

bool session_restore_run(struct run *run, struct passage *passage, struct error *err)
{
	struct passage plan = {.script = passage->script};
	struct buffer text = {.arena = &plan.arena};

	add_user(run, &plan);
	add_cleaning(&plan);
	add(&plan, MESSAGE_RESTORE, NULL, "DEALLOCATE ALL");
	for (size_t i = 0; i < plan.count; i++)
		buffer_printf(&text, "%s;\n", plan.messages[i].request.sql);
	run->is_prepared = false;
	const bool done = execute_simple(run->db, buffer_cstr(&text), NULL, NULL, err) &&
	                  (run_check(run, err) || session_restore_blame(run, passage, err));
	arena_clear(&plan.arena);
	return done;
}
