/* What a climb would do, as a script for psql; the same messages as in passage.c, written down. */
#include <stdlib.h>
#include <string.h>

#include "apply/passage.h"
#include "base/buffer.h"
#include "base/file.h"
#include "migration/batch.h"

struct printing {
	void (*print)(void *context, const char *text);
	void *context;
};

static void put(const struct printing *printing, const char *text)
{
	printing->print(printing->context, text);
}

static void put_str(const struct printing *printing, struct str text)
{
	scoped_arena struct arena arena = {0};

	put(printing, str_copy(&arena, text));
}

/* A request with its values in their places: $1 becomes a literal. */
static char *request_text(struct arena *arena, const struct request *request)
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

/* As a backslash command of psql reads it, which knows escapes in words but not in the name of a file. */
static char *quote_for_psql(struct arena *arena, const char *text, bool has_escapes)
{
	struct buffer quoted = {.arena = arena};

	buffer_char(&quoted, '\'');
	for (const char *c = text; *c; c++) {
		if (has_escapes && *c == '\n') {
			buffer_text(&quoted, "\\n");
			continue;
		}
		if (*c == '\'' || (has_escapes && *c == '\\'))
			buffer_char(&quoted, *c);
		buffer_char(&quoted, *c);
	}
	buffer_char(&quoted, '\'');
	return buffer_cstr(&quoted);
}

/* COPY t FROM STDIN of a \copy, turned back; psql reads the file itself, wherever it is started. */
static void put_copy_of_file(const struct printing *printing, const struct statement *statement)
{
	scoped_arena struct arena arena = {0};
	const char *sql = str_copy(&arena, statement->text);
	const char *path = path_join(&arena, path_working_directory(&arena), statement->data_path);
	const char *stdin_word = strcasestr(sql, "from stdin");

	put(printing, arena_printf(&arena, "\\copy %.*sFROM %s%s\n", (int)(stdin_word - sql - strlen("COPY ")),
	                           sql + strlen("COPY "), quote_for_psql(&arena, path, false),
	                           stdin_word + strlen("from stdin")));
}

static void put_data(const struct printing *printing, const struct statement *statement)
{
	enum { PIECE = 64 * 1024 };

	for (size_t from = 0; from < statement->data.len; from += PIECE)
		put_str(printing, str_slice(statement->data, from, from + PIECE));
	if (statement->data.len && !str_ends(statement->data, "\n"))
		put(printing, "\n");
	put(printing, "\\.\n");
}

static void put_statement(const struct printing *printing, const struct statement *statement)
{
	if (statement->echo) {
		scoped_arena struct arena arena = {0};

		put(printing, arena_printf(&arena, "\\echo %s\n", quote_for_psql(&arena, statement->echo, true)));
		return;
	}
	if (statement->input == INPUT_FILE) {
		put_copy_of_file(printing, statement);
		return;
	}
	put_str(printing, statement->text);
	put(printing, statement->joins_next ? "\\;\n" : ";\n");
	if (statement->input == INPUT_INLINE)
		put_data(printing, statement);
}

static void put_message(const struct printing *printing, const struct message *message)
{
	scoped_arena struct arena arena = {0};

	/* Timeouts belong to somebody who can try again; a script cannot. */
	if (message->role == MESSAGE_LIMITS)
		return;
	if (message->statement) {
		put_statement(printing, message->statement);
		return;
	}
	put(printing, request_text(&arena, &message->request));
	put(printing, ";\n");
}

static void put_history(struct run *run, const struct printing *printing, struct passage *passage)
{
	passage_plan(run, passage, (struct passage_ends){.begins = true, .commits = true});
	for (size_t i = 0; i < passage->count; i++)
		if (passage->messages[i].role != MESSAGE_STATEMENT)
			put_message(printing, &passage->messages[i]);
}

static void put_passage(struct run *run, const struct printing *printing, struct passage *passage,
                        struct passage_ends ends)
{
	if (passage->mode == MODE_PLAIN) {
		for (size_t i = 0; i < passage->script.count; i++)
			put_statement(printing, &passage->script.statements[i]);
		put_history(run, printing, passage);
		return;
	}
	passage_plan(run, passage, ends);
	for (size_t i = 0; i < passage->count; i++)
		put_message(printing, &passage->messages[i]);
}

/* Turns need somebody who counts them. */
static bool refuse_batches(const struct script *script, struct error *err)
{
	for (size_t i = 0; i < script->count; i++) {
		if (!batch_is_wanted(&script->statements[i]))
			continue;
		const struct place place = statement_place(&script->statements[i], 0);
		error_set(err, ERROR_FILES, "a batch cannot be printed as SQL: psql would not run it in turns");
		error_hint(
		    err, "Apply up to the migration before it with the script, and this one with \"rung upgrade\".");
		return error_at(err, &place);
	}
	return true;
}

static bool put_steps(struct run *run, const struct plan *plan, const struct printing *printing,
                      struct error *err)
{
	const bool is_single = run->climb->single_transaction;

	for (size_t i = 0; i < plan->count; i++) {
		scoped_arena struct arena arena = {0};
		scoped_passage struct passage *passage = NULL;
		const struct step *step = &plan->steps[i];

		if (!passage_open(run, step, &passage, err) || !refuse_batches(&passage->script, err))
			return false;
		put(printing, arena_printf(&arena, "\n-- %s %s\n", step_action_name(step->action), step_name(step)));
		put_passage(run, printing, passage,
		            (struct passage_ends){.begins = !is_single || i == 0,
		                                  .commits = !is_single || i + 1 == plan->count});
	}
	return true;
}

static void put_head(struct run *run, const struct history *history, const struct printing *printing)
{
	scoped_arena struct arena arena = {0};

	put(printing, "\\set ON_ERROR_STOP on\n");
	if (history->exists && !history->is_adopted && !history->is_outdated)
		return;
	put(printing, "\n-- the history\nBEGIN;\n");
	put(printing, history_prepare_script(&run->climb->history, &arena));
	put(printing, "COMMIT;\n");
}

static bool plan_for_empty(struct climb *climb, struct arena *arena, struct plan *plan, struct error *err)
{
	const struct history nothing = {0};

	if (climb->direction == CLIMB_DOWN)
		return error_set(err, ERROR_CONFIG, "a way down can only be printed for a database that is there");
	return plan_upgrade(climb->tree, &nothing, climb->target, &climb->plan_options, arena, plan, err);
}

bool climb_print(struct climb *climb, void (*print)(void *context, const char *text), void *context,
                 struct error *err)
{
	scoped_arena struct arena arena = {0};
	scoped_session struct session *db = NULL;
	const struct printing printing = {print, context};
	struct run run = {.climb = climb};
	struct history history = {0};
	struct plan plan = {0};

	if (climb->connection.conninfo) {
		if (!climb_plan(climb, &arena, &plan, &history, err) || !session_open(&climb->connection, &db, err))
			return false;
		run.db = db;
	} else if (!plan_for_empty(climb, &arena, &plan, err)) {
		return false;
	}
	if (plan.count == 0)
		return true;
	put_head(&run, &history, &printing);
	return put_steps(&run, &plan, &printing, err);
}
