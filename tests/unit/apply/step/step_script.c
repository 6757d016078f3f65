/*
 * What a step says to the server, as one letter a message: Begin, Limits, sTatement, Restore, Settle, Check,
 * History, commit (K). A query that every step says is prepared; what has a text of its own is not.
 */
#include "apply/step/step_script.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "test.h"

static const char letters[] = {
    [MESSAGE_BEGIN] = 'B',     [MESSAGE_LIMITS] = 'L',  [MESSAGE_LOCK] = 'A',
    [MESSAGE_STATEMENT] = 'T', [MESSAGE_RESTORE] = 'R', [MESSAGE_SETTLE] = 'S',
    [MESSAGE_CHECK] = 'C',     [MESSAGE_HISTORY] = 'H', [MESSAGE_COMMIT] = 'K',
};

static const struct qualified_name history = {"public", "history"};

static struct statement statements[2] = {{.text = {"select 1", 8}}, {.text = {"select 2", 8}}};
static struct migration migration = {
    .number = 6,
    .name = "06_x",
    .description = "x",
    .checksum = "c0",
    .directives = {.lock_timeout_ms = -1, .statement_timeout_ms = -1},
};
static struct record record = {.version = 6, .name = "06_x"};

static struct step_script script_of(const struct step *step)
{
	return (struct step_script){.step = step, .script = {.statements = statements, .count = 2}};
}

static const char *roles_of(const struct step_script *script, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < script->count; i++)
		buffer_char(&text, letters[script->messages[i].role]);
	return buffer_cstr(&text);
}

TEST(step_script_says_what_its_file_makes_needful)
{
	static const struct {
		enum step_action action;
		enum run_mode mode;
		bool changes, may_set, may_leave, begins, commits, notes_run, is_recorded;
		const char *roles;
	} rows[] = {
	    /* action, mode                        changes sets leaves begins commits notes recorded */
	    {STEP_APPLY, MODE_TRANSACTIONAL, 0, 0, 0, 1, 1, 0, 0, "BLTTHK"},
	    {STEP_APPLY, MODE_TRANSACTIONAL, 0, 0, 0, 1, 1, 1, 0, "BLHTTHK"},
	    {STEP_APPLY, MODE_TRANSACTIONAL, 0, 0, 0, 0, 1, 0, 0, "LTTHK"},
	    {STEP_APPLY, MODE_TRANSACTIONAL, 0, 0, 0, 1, 0, 0, 0, "BLTTH"},
	    {STEP_REAPPLY, MODE_TRANSACTIONAL, 0, 0, 0, 1, 1, 0, 1, "BLTTHHK"},
	    {STEP_ROLLBACK, MODE_TRANSACTIONAL, 0, 0, 0, 1, 1, 0, 1, "BLTTHHK"},
	    {STEP_APPLY, MODE_TRANSACTIONAL, 1, 0, 0, 1, 1, 0, 0, "BLTTCHK"},
	    {STEP_APPLY, MODE_TRANSACTIONAL, 1, 1, 0, 1, 1, 0, 0, "BLTTRRRCHK"},
	    {STEP_APPLY, MODE_TRANSACTIONAL, 1, 1, 1, 1, 1, 0, 0, "BLTTSRRRRRRRCHK"},
	    {STEP_APPLY, MODE_TRANSACTIONAL, 1, 1, 1, 1, 0, 0, 0, "BLTTRRRRRRRCH"},
	    {STEP_APPLY, MODE_OWN_TRANSACTION, 0, 0, 0, 1, 1, 1, 0, "BLLLTTHHK"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct migrate_options options = {
		    .history = history, .locks = {.statement_timeout_ms = -1}, .author = {.run_id = "r"}};
		const struct step step = {.action = rows[i].action,
		                          .migration = &migration,
		                          .record = rows[i].is_recorded ? &record : NULL};
		struct run run = run_init(&options, NULL);
		struct step_script script = script_of(&step);

		script.mode = rows[i].mode;
		script.changes_session = rows[i].changes;
		script.may_set = rows[i].may_set;
		script.may_leave = rows[i].may_leave;
		step_script_plan(&run, &script,
		                 (struct step_script_ends){.begins = rows[i].begins,
		                                           .commits = rows[i].commits,
		                                           .notes_run = rows[i].notes_run});
		const char *roles = roles_of(&script, &script.arena);
		if (strcmp(roles, rows[i].roles) != 0)
			fail_msg("row %zu: %s instead of %s", i, roles, rows[i].roles);
		CHECK_INT(script.total, strlen(roles));
		arena_clear(&script.arena);
	}
}

TEST(step_script_prepares_what_every_step_says_and_nothing_of_the_file)
{
	const struct migrate_options options = {.history = history, .locks = {.statement_timeout_ms = -1}};
	const struct step step = {.action = STEP_APPLY, .migration = &migration};
	struct run run = run_init(&options, NULL);
	struct step_script script = script_of(&step);

	script.may_leave = script.may_set = true;
	step_script_plan(&run, &script, (struct step_script_ends){.begins = true, .commits = true});
	for (size_t i = 0; i < script.count; i++) {
		const struct message *message = &script.messages[i];

		CHECK_ROW(i, (message->role == MESSAGE_STATEMENT) == !message->request.prepared);
		if (message->request.prepared)
			CHECK_STR(message->request.sql, message->request.prepared->sql);
	}
	arena_clear(&script.arena);
}

TEST(what_was_refused_a_lock_is_tried_again_and_nothing_else)
{
	static const struct {
		enum error_kind kind;
		const char *sqlstate;
		bool again;
	} rows[] = {
	    {ERROR_SQL, "55P03", true},        {ERROR_SQL, "40P01", true}, {ERROR_SQL, "40001", false},
	    {ERROR_SQL, "57014", false},       {ERROR_SQL, "", false},     {ERROR_SERVER, "55P03", false},
	    {ERROR_CANCELLED, "40P01", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = {.kind = rows[i].kind};

		snprintf(err.sqlstate, sizeof(err.sqlstate), "%s", rows[i].sqlstate);
		CHECK_ROW(i, run_may_try_again(&err) == rows[i].again);
	}
}

TEST(a_lost_connection_leaves_what_is_settled)
{
	const struct migrate_options options = {.history = history, .author = {.run_id = "r"}};
	struct run run = run_init(&options, NULL);

	run.author.backup = "b1";
	run.connection.conninfo = "direct";
	run.goal.record.id = "r";
	run.is_confirmed = run.is_begun = run.is_first = true;
	run.is_prepared = run.avoids_prepared = run.is_recorded = true;
	run.steps_done = 3;
	run.attempts = 2;
	run_close(&run);
	CHECK_STR(run.author.backup, "b1");
	CHECK_STR(run.connection.conninfo, "direct");
	CHECK_STR(run.goal.record.id, "r");
	CHECK(run.is_confirmed && run.is_begun && run.is_first && !run.is_concluded);
	CHECK(!run.is_prepared && !run.avoids_prepared && !run.is_recorded);
	CHECK(run.steps_done == 0 && run.attempts == 0 && !run.db);
}
