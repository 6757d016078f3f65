/*
 * The script is read by a program that cuts it anew: how the statements of the
 * files stand in it is in print_statement.c. Names in comments of ours are kept
 * to their line.
 *
 * psql is told what the program's own sessions have: text is UTF-8, the role
 * is the one that was asked for. RESET ALL behind each file undoes both.
 */
#include "apply/print_parts.h"

#include <stdlib.h>

#include "apply/pool.h"
#include "base/buffer.h"

/* A request with its values in their places: $1 becomes a literal. */
char *print_request_text(struct arena *arena, const struct request *request)
{
	struct buffer text = {.arena = arena};

	for (const char *c = request_sql(request, arena); *c; c++) {
		char *end = NULL;
		const long number = *c == '$' ? strtol(c + 1, &end, 10) : 0;

		if (number < 1 || number > request->params.count) {
			buffer_char(&text, *c);
			continue;
		}
		buffer_text(&text, quote_literal(arena, request->params.values[number - 1]));
		c = end - 1;
	}
	return buffer_cstr(&text);
}

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

void print_request(const struct printing *printing, const struct request *request)
{
	scoped_arena struct arena arena = {0};

	/* What is written to the history answers that it is one row, which nobody needs to see. */
	print_text(printing, print_request_text(&arena, request));
	print_text(printing, request->history ? "\n\\g /dev/null\n" : ";\n");
}

void print_session(const struct printing *printing)
{
	scoped_arena struct arena arena = {0};
	const char *role = printing->run->climb->connection.role;

	print_text(printing, "SET client_encoding TO 'UTF8';\n");
	if (role)
		print_text(printing, arena_printf(&arena, "SET ROLE %s;\n", quote_name(&arena, role)));
}

static void put_message(const struct printing *printing, const struct passage *passage, size_t i)
{
	const struct message *message = &passage->messages[i];
	const bool is_last_restore =
	    message->role == MESSAGE_RESTORE && (i + 1 == passage->count || message[1].role != MESSAGE_RESTORE);

	/* Timeouts belong to somebody who can try again; a script cannot. */
	if (message->role == MESSAGE_LIMITS)
		return;
	/* It asks for a lock and a role of ours. A script has neither lock nor prepared statements to keep. */
	if (message->role == MESSAGE_CHECK) {
		if (passage->may_leave) {
			print_text(printing, "DEALLOCATE ALL;\n");
			print_text(printing, SQL_apply_unlock_all);
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
 * The file's statements stand alone, and what is to be recorded has a transaction behind them, which is one
 * to write in whatever the file has made the session's default.
 */
static void put_plain(const struct printing *printing, struct passage *passage)
{
	print_all_statements(printing, &passage->script);
	passage_plan(printing->run, passage, (struct passage_ends){.begins = true, .commits = true});
	passage->messages[0].request = (struct request){.sql = "BEGIN READ WRITE"};
	for (size_t i = 0; i < passage->count; i++)
		if (passage->messages[i].role != MESSAGE_STATEMENT)
			put_message(printing, passage, i);
}

static void put_passage(const struct printing *printing, struct passage *passage, struct passage_ends ends)
{
	if (passage->mode == MODE_PLAIN) {
		put_plain(printing, passage);
		return;
	}
	passage_plan(printing->run, passage, ends);
	for (size_t i = 0; i < passage->count; i++)
		put_message(printing, passage, i);
}

static void put_passed_over(const struct printing *printing, const struct plan *plan)
{
	const struct climb *climb = printing->run->climb;
	scoped_arena struct arena arena = {0};
	const char *text = climb_passed_over(climb, plan, &arena);

	if (!text)
		return;
	event_note(climb->reporter, "%s", text);
	if (plan->count)
		print_text(printing, arena_printf(&arena, "\n-- %s\n", one_line(&arena, text)));
}

/* A script that ends before its target tells so itself: it may be read or run by somebody else. */
static void put_stop(const struct printing *printing)
{
	const struct error *stop = printing->run->climb->stop;
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
	void (*const put)(const struct printing *, struct passage *, struct passage_ends) =
	    is_brief ? print_brief_passage : put_passage;
	const bool is_single = printing->run->climb->single_transaction;

	for (size_t i = 0; i < plan->count; i++) {
		scoped_arena struct arena arena = {0};
		scoped_passage struct passage *passage = NULL;
		const struct step *step = &plan->steps[i];

		if (!passage_open(printing->run, step, &passage, err) || !passage_hold(passage, err))
			return false;
		print_text(printing, arena_printf(&arena, "\n-- %s %s\n", step_action_name(step->action),
		                                  one_line(&arena, step_name(step))));
		put(printing, passage,
		    (struct passage_ends){.begins = !is_single || i == 0,
		                          .commits = !is_single || i + 1 == plan->count});
		if (!check_whole(&passage->script, err))
			return false;
	}
	return true;
}

/* --- what cannot be printed ------------------------------------------- */

/* Where to go on only the journal knows. */
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
		scoped_passage struct passage *passage = NULL;
		const struct step *step = &plan->steps[i];

		if (step->record && step->record->state != RECORD_APPLIED)
			return refuse_half_done(step, err);
		if (!passage_open(run, step, &passage, err) || !passage_hold(passage, err))
			return false;
		for (size_t j = 0; j < passage->script.count; j++)
			if (!print_check_statement(&passage->script.statements[j], err))
				return false;
	}
	return true;
}

/* --- the whole script ------------------------------------------------- */

static bool put_adoption(const struct printing *printing, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < history->count; i++) {
		struct record_facts facts;
		bool found = false;

		if (!climb_agreement(printing->run, &history->records[i], &arena, &facts, &found, err))
			return false;
		if (!found)
			continue;
		const struct request row = history_agree(&printing->run->climb->history, &facts, &arena);
		const struct request log = climb_adoption(printing->run, &facts, &arena);
		print_request(printing, &row);
		print_request(printing, &log);
	}
	const struct request whole = climb_adoption(printing->run, &(struct record_facts){0}, &arena);
	print_request(printing, &whole);
	return true;
}

static bool put_history(const struct printing *printing, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (history->exists && !history->is_adopted && !history->is_outdated)
		return true;
	print_text(printing, "\n-- the history\nBEGIN;\n");
	print_text(printing, history_prepare_script(&printing->run->climb->history, &arena));
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
static bool plan_without_asking(struct climb *climb, const char *from, struct arena *arena, struct view *out,
                                struct error *err)
{
	if (from && !plan_assume(climb->tree, from, arena, &out->history, err))
		return false;
	return climb_make_plan(climb, climb->target, &out->history, arena, &out->plan, err);
}

/* What there is to do, or would be. */
static bool look(struct run *run, const char *from, struct arena *arena, struct view *out, struct error *err)
{
	struct climb *climb = run->climb;

	if (from || !climb->connection.conninfo)
		return plan_without_asking(climb, from, arena, out, err);
	return session_open(&climb->connection, &run->db, err) && climb_look(run, arena, out, err) &&
	       (out->plan.count == 0 || pool_detect(run, err));
}

static bool print_script(const struct printing *printing, const struct print_options *options,
                         struct arena *arena, struct error *err)
{
	struct view view = {0};

	if (!look(printing->run, options->from, arena, &view, err))
		return false;
	if (view.plan.count == 0 && (options->is_brief || !view.history.is_adopted)) {
		put_passed_over(printing, &view.plan);
		return true;
	}
	if (!climb_inspect(printing->run, &view.plan, err) || !check_steps(printing->run, &view.plan, err))
		return false;
	if (options->is_brief) {
		print_brief_head(printing, &view.history);
	} else {
		put_head(printing);
		if (!put_history(printing, &view.history, err))
			return false;
	}
	put_passed_over(printing, &view.plan);
	return put_steps(printing, &view.plan, options->is_brief, err);
}

bool climb_print(struct climb *climb, const struct print_options *options, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct run run = {.climb = climb};
	const struct printing printing = {options->print, options->context, &run};
	const bool is_printed = print_script(&printing, options, &arena, err);

	if (is_printed)
		put_stop(&printing);
	session_close(&run.db);
	return is_printed;
}
