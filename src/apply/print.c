/*
 * The script is read by a program that cuts it anew: how the statements of the
 * files are written in it is in print_statement.c. Names in comments of ours are kept
 * to their line.
 */
#include "apply/print_internal.h"

#include "apply/lock/pool.h"
#include "base/buffer.h"
#include "plan/folding.h"

/* A name may come from the database; in a comment it must not begin a line. */
static const char *one_line(struct arena *arena, const char *text)
{
	char *line = arena_strdup(arena, text);

	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = ' ';
	return line;
}

/* --- steps ------------------------------------------------------------ */

static void put_message(const struct printing *printing, const struct step_script *step_script, size_t i)
{
	const struct message *message = &step_script->messages[i];
	const bool is_last_restore = message->role == MESSAGE_RESTORE &&
	                             (i + 1 == step_script->count || message[1].role != MESSAGE_RESTORE);

	/* Timeouts belong to somebody who can try again, and a proof to somebody who can look; a script cannot.
	 */
	if (message->role == MESSAGE_LIMITS || message->role == MESSAGE_PROOF)
		return;
	/* It asks for a lock and a role of ours. A script has neither lock nor prepared statements to keep. */
	if (message->role == MESSAGE_CHECK) {
		if (step_script->may_leave) {
			print_text(printing, "DEALLOCATE ALL;\n");
			print_text(printing, SQL_step_unlock_all);
			print_text(printing, "\\g /dev/null\n");
		}
		return;
	}
	if (message->statement)
		print_statements(printing, message->statement, 1);
	else
		print_request(printing, &message->request);
	if (is_last_restore)
		print_session(printing);
}

/*
 * The file's statements stand alone, and what is to be recorded has a transaction after them, which is one
 * to write in whatever the file has made the session's default.
 */
static void put_nontransactional(const struct printing *printing, struct step_script *step_script)
{
	print_all_statements(printing, &step_script->script);
	step_script_plan(printing->run, step_script, (struct step_script_ends){.begins = true, .commits = true});
	step_script->messages[0].request = (struct request){.sql = "BEGIN READ WRITE"};
	for (size_t i = 0; i < step_script->count; i++)
		if (step_script->messages[i].role != MESSAGE_STATEMENT)
			put_message(printing, step_script, i);
}

static void put_script(const struct printing *printing, struct step_script *step_script,
                       struct step_script_ends ends)
{
	if (step_script->mode == MODE_NONTRANSACTIONAL) {
		put_nontransactional(printing, step_script);
		return;
	}
	step_script_plan(printing->run, step_script, ends);
	for (size_t i = 0; i < step_script->count; i++)
		put_message(printing, step_script, i);
}

static void put_passed_over(const struct printing *printing, const struct plan *plan)
{
	const struct migrate_options *options = printing->run->options;
	scoped_arena struct arena arena = {0};
	const char *text = run_passed_over(options, plan, &arena);

	if (!text)
		return;
	event_note(options->reporter, "%s", text);
	if (plan->count)
		print_text(printing, arena_printf(&arena, "\n-- %s\n", one_line(&arena, text)));
}

/* A script that ends before its target tells so itself: it may be read or run by somebody else. */
static void put_stop(const struct printing *printing)
{
	const struct error *stop = printing->run->stop;
	scoped_arena struct arena arena = {0};

	if (stop && stop->kind)
		print_text(printing, arena_printf(&arena, "\n-- ends here: %s\n", one_line(&arena, stop->message)));
}

/* What was printed of a file that became shorter is no script. */
static bool check_whole(const struct script *script, struct error *err)
{
	for (size_t i = 0; i < script->source_count; i++)
		if (!file_text_is_whole(&script->sources[i]->file))
			return file_text_check(STR("\0"), script->sources[i]->path, ERROR_FILES, err);
	return true;
}

static bool put_steps(const struct printing *printing, const struct plan *plan, bool is_brief,
                      struct error *err)
{
	void (*const put)(const struct printing *, struct step_script *, struct step_script_ends) =
	    is_brief ? print_brief_script : put_script;
	const bool is_single = printing->run->options->single_transaction;

	for (size_t i = 0; i < plan->count; i++) {
		scoped_arena struct arena arena = {0};
		scoped_step_script struct step_script *step_script = NULL;
		const struct step *step = &plan->steps[i];

		if (!step_script_open(printing->run, step, &step_script, err) ||
		    !step_script_hold(step_script, err) || !step_script_converge(printing->run, step_script, err))
			return false;
		print_text(printing, arena_printf(&arena, "\n-- %s %s\n", step_action_name(step->action),
		                                  one_line(&arena, step_name(step))));
		put(printing, step_script,
		    (struct step_script_ends){.begins = !is_single || i == 0,
		                              .commits = !is_single || i + 1 == plan->count});
		if (!check_whole(&step_script->script, err))
			return false;
	}
	return true;
}

/* --- what cannot be printed ------------------------------------------- */

/* Where to continue only the journal knows. */
static bool refuse_half_done(const struct step *step, struct error *err)
{
	error_set(err, ERROR_CONFIG, "\"%s\" is half %s: what is left of it cannot be printed as SQL",
	          step_name(step), step->action == STEP_ROLLBACK ? "rolled back" : "done");
	return error_hint(err, "Finish it with \"rung %s\"; then print the rest.",
	                  step->action == STEP_ROLLBACK ? "downgrade" : "resume");
}

/* Before anything is printed: who pipes the script into psql has run what was printed by then. */
static bool check_steps(struct run *run, const struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->count; i++) {
		scoped_step_script struct step_script *step_script = NULL;
		const struct step *step = &plan->steps[i];

		if (step->record && step->record->state != RECORD_APPLIED)
			return refuse_half_done(step, err);
		if (!step_script_open(run, step, &step_script, err) || !step_script_hold(step_script, err))
			return false;
		for (size_t j = 0; j < step_script->script.count; j++)
			if (!print_check_statement(&step_script->script.statements[j], err))
				return false;
	}
	return true;
}

/* --- the whole script ------------------------------------------------- */

static bool put_adoption(const struct printing *printing, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < history->count; i++) {
		struct record_values facts;
		bool found = false;

		if (!run_agreement(printing->run, &history->records[i], &arena, &facts, &found, err))
			return false;
		if (!found)
			continue;
		const struct request row = history_agree(&printing->run->options->history, &facts, &arena);
		const struct request log = run_adoption(printing->run, &facts, &arena);
		print_request(printing, &row);
		print_request(printing, &log);
	}
	const struct request whole = run_adoption(printing->run, &(struct record_values){0}, &arena);
	print_request(printing, &whole);
	return true;
}

static bool put_folding(const struct printing *printing, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct folding_list foldings;

	foldings_find(printing->run->options->tree, history, &arena, &foldings);
	for (size_t i = 0; i < foldings.count; i++) {
		struct request requests[FOLD_REQUESTS];

		if (!foldings.items[i].folded)
			continue;
		if (!run_fold_requests(printing->run, &foldings.items[i], &arena, requests, err))
			return false;
		print_text(printing, arena_printf(&arena, "\n-- fold the records of what \"%s\" replaces\nBEGIN;\n",
		                                  one_line(&arena, foldings.items[i].migration->name)));
		for (size_t j = 0; j < FOLD_REQUESTS; j++)
			print_request(printing, &requests[j]);
		print_text(printing, "\nCOMMIT;\n");
	}
	return true;
}

static bool put_history(const struct printing *printing, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (history->exists && !history->is_adopted && !history->is_outdated)
		return put_folding(printing, history, err);
	print_text(printing, "\n-- the history\nBEGIN;\n");
	print_text(printing, history_prepare_script(&printing->run->options->history, &arena));
	if (history->is_adopted && !put_adoption(printing, history, err))
		return false;
	print_text(printing, "\nCOMMIT;\n");
	return true;
}

static void put_head(const struct printing *printing)
{
	print_text(printing, "\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\\set AUTOCOMMIT on\n");
	print_session(printing);
}

/* Where nobody is asked: an empty database, or one that is taken to be at the beginning of a range. */
static bool plan_without_asking(const struct run *run, const char *from, struct arena *arena,
                                struct run_plan *out, struct error *err)
{
	const struct migrate_options *options = run->options;

	if (from && !plan_assume(options->tree, from, arena, &out->history, err))
		return false;
	return run_make_plan(run, options->target, &out->history, arena, &out->plan, err);
}

/* What there is to do, or would be. */
static bool look(struct run *run, const char *from, struct arena *arena, struct run_plan *out,
                 struct error *err)
{
	if (from || !run->connection.conninfo)
		return plan_without_asking(run, from, arena, out, err);
	return session_open(&run->connection, &run->db, err) && run_plan_load(run, arena, out, err) &&
	       (out->plan.count == 0 || pool_detect(run, err));
}

static bool print_script(const struct printing *printing, const struct print_options *print,
                         struct arena *arena, struct error *err)
{
	struct run_plan planned = {0};

	if (!look(printing->run, print->from, arena, &planned, err))
		return false;
	if (planned.plan.count == 0 &&
	    (print->is_brief ||
	     (!planned.history.is_adopted && !run_needs_folding(printing->run, &planned.history)))) {
		put_passed_over(printing, &planned.plan);
		return true;
	}
	if (!run_inspect(printing->run, &planned.plan, err) || !check_steps(printing->run, &planned.plan, err))
		return false;
	if (print->is_brief) {
		print_brief_head(printing, &planned.history);
	} else {
		put_head(printing);
		if (!put_history(printing, &planned.history, err))
			return false;
	}
	put_passed_over(printing, &planned.plan);
	return put_steps(printing, &planned.plan, print->is_brief, err);
}

bool migrate_print(const struct migrate_options *options, const struct print_options *print,
                   struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct run run = run_init(options, NULL);
	const struct printing printing = {print->print, print->context, &run};

	run.stop = print->stop;
	const bool is_printed = print_script(&printing, print, &arena, err);

	if (is_printed)
		put_stop(&printing);
	session_close(&run.db);
	return is_printed;
}
