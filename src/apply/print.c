/*
 * The script is read by a program that cuts it anew, so nothing of ours may
 * stand where text of others could swallow it, or the other way round: a
 * semicolon behind a line comment is part of the comment, and the statement
 * then ends with the next one. Whatever ends a statement of a file therefore
 * stands on a line of its own, names in comments of ours are kept to their
 * line, and what psql would take for a variable is marked as none.
 *
 * psql is told what the program's own sessions have: text is UTF-8, the role
 * is the one that was asked for. RESET ALL behind each file undoes both.
 */
#include <stdlib.h>
#include <string.h>

#include "apply/climb_parts.h"
#include "apply/pool.h"
#include "base/buffer.h"
#include "base/file.h"
#include "migration/batch.h"
#include "sql/lexer.h"

struct printing {
	void (*print)(void *context, const char *text);
	void *context;
	struct run *run;
};

static void put(const struct printing *printing, const char *text)
{
	printing->print(printing->context, text);
}

static void put_str(const struct printing *printing, struct str text)
{
	scoped_arena struct arena arena = {0};

	if (text.len > 0)
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

/* A name may come from the database; in a comment it must not begin a line. */
static const char *one_line(struct arena *arena, const char *text)
{
	char *line = arena_strdup(arena, text);

	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = ' ';
	return line;
}

/* --- statements of the files ------------------------------------------ */

/* psql looks at each line by itself, also where a literal goes on on the next one. */
static struct lexer psql_lexer(const struct statement *statement)
{
	return (struct lexer){.text = statement->text, .has_escapes = statement->has_escapes};
}

/*
 * What still looks like a variable is none that the program knows: psql may
 * know it, so "\:" keeps it as it stands. Without a connection psql knows more.
 */
static void put_sql(const struct printing *printing, const struct statement *statement)
{
	const struct str text = statement->text;
	struct lexer lexer = psql_lexer(statement);
	size_t from = 0;

	if (!printing->run->db || !memchr(text.text, ':', text.len)) {
		put_str(printing, text);
		return;
	}
	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		const size_t at = (size_t)(token.text.text - text.text);

		if (token.kind != TOKEN_VARIABLE)
			continue;
		put_str(printing, str_slice(text, from, at));
		put(printing, "\\");
		from = at;
	}
	put_str(printing, str_slice(text, from, text.len));
}

static const char *path_of_data(struct arena *arena, const struct statement *statement)
{
	return path_join(arena, path_working_directory(arena), statement->data_path);
}

/* "COPY t FROM STDIN ..." of a \copy, turned back; psql reads the file itself, wherever it is started. */
static void put_copy_of_file(const struct printing *printing, const struct statement *statement)
{
	static const struct str copy = STR("COPY ");
	static const struct str stdin_words = STR(" FROM STDIN");
	scoped_arena struct arena arena = {0};
	const size_t words_at = statement->pieces[2].from;
	const char *path = quote_for_psql(&arena, path_of_data(&arena, statement), false);
	const struct str text = statement->text;

	put(printing, "\\copy ");
	put_str(printing, str_slice(text, copy.len, words_at));
	put(printing, arena_printf(&arena, " FROM %s", path));
	put_str(printing, str_slice(text, words_at + stdin_words.len, text.len));
	put(printing, "\n");
}

/* The server wants the line behind the rows to end as they do. */
static const char *line_end_of(struct str data)
{
	return str_ends(str_slice(data, 0, str_index(data, '\n')), "\r") ? "\r\n" : "\n";
}

static void put_data(const struct printing *printing, struct str data)
{
	enum { PIECE = 64 * 1024 };

	for (size_t from = 0; from < data.len; from += PIECE)
		put_str(printing, str_slice(data, from, from + PIECE));
	if (data.len && !str_ends(data, "\n"))
		put(printing, line_end_of(data));
	put(printing, "\\.");
	put(printing, line_end_of(data));
}

/* Statements that psql sends in one message; what they copy follows all of them. */
static void put_group(const struct printing *printing, const struct statement *statements, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		put_sql(printing, &statements[i]);
		put(printing, i + 1 < count ? "\n\\;\n" : "\n;\n");
	}
	for (size_t i = 0; i < count; i++)
		if (statements[i].input == INPUT_INLINE)
			put_data(printing, statements[i].data);
}

static void put_statements(const struct printing *printing, const struct statement *statements, size_t count)
{
	scoped_arena struct arena arena = {0};

	if (statements->echo)
		put(printing, arena_printf(&arena, "\\echo %s\n", quote_for_psql(&arena, statements->echo, true)));
	else if (statements->input == INPUT_FILE)
		put_copy_of_file(printing, statements);
	else
		put_group(printing, statements, count);
}

/* How many statements of the script from `first` on are one message of a plain file. */
static size_t group_size(const struct script *script, size_t first)
{
	size_t size = 1;

	while (first + size < script->count && script->statements[first + size - 1].joins_next)
		size++;
	return size;
}

/* --- steps ------------------------------------------------------------ */

static void put_request(const struct printing *printing, const struct request *request)
{
	scoped_arena struct arena arena = {0};

	/* What is written to the history answers that it is one row, which nobody needs to see. */
	put(printing, request_text(&arena, request));
	put(printing, request->history ? "\n\\g /dev/null\n" : ";\n");
}

static void put_session(const struct printing *printing)
{
	scoped_arena struct arena arena = {0};
	const char *role = printing->run->climb->connection.role;

	put(printing, "SET client_encoding TO 'UTF8';\n");
	if (role)
		put(printing, arena_printf(&arena, "SET ROLE %s;\n", quote_name(&arena, role)));
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
			put(printing, "DEALLOCATE ALL;\n");
			put(printing, SQL_apply_unlock_all);
			put(printing, "\\g /dev/null\n");
		}
		return;
	}
	if (message->statement)
		put_statements(printing, message->statement, 1);
	else
		put_request(printing, &message->request);
	if (is_last_restore)
		put_session(printing);
}

/* The file's statements stand alone, and what is to be recorded has a transaction behind them. */
static void put_plain(const struct printing *printing, struct passage *passage)
{
	const struct script *script = &passage->script;

	for (size_t i = 0; i < script->count; i += group_size(script, i))
		put_statements(printing, &script->statements[i], group_size(script, i));
	passage_plan(printing->run, passage, (struct passage_ends){.begins = true, .commits = true});
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

static bool put_steps(const struct printing *printing, const struct plan *plan, struct error *err)
{
	const bool is_single = printing->run->climb->single_transaction;

	for (size_t i = 0; i < plan->count; i++) {
		scoped_arena struct arena arena = {0};
		scoped_passage struct passage *passage = NULL;
		const struct step *step = &plan->steps[i];

		if (!passage_open(printing->run, step, &passage, err) || !passage_hold(passage, err))
			return false;
		put(printing, arena_printf(&arena, "\n-- %s %s\n", step_action_name(step->action),
		                           one_line(&arena, step_name(step))));
		put_passage(printing, passage,
		            (struct passage_ends){.begins = !is_single || i == 0,
		                                  .commits = !is_single || i + 1 == plan->count});
	}
	return true;
}

/* --- what cannot be printed ------------------------------------------- */

static bool has_only(struct str text, char c, char other)
{
	return str_index(text, c) < text.len && str_index(text, other) == text.len;
}

/* Inside what psql takes for an open body, or behind what it takes for the end, no semicolon of ours ends it.
 */
static const char *otherwise_ended(const struct statement *statement)
{
	struct lexer lexer = psql_lexer(statement);
	bool is_cut = false;

	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer))
		is_cut |= token.kind == TOKEN_SEMICOLON || token.kind == TOKEN_BACKSLASH;
	if (is_cut || lexer.open)
		return "the statement cannot be printed: psql would wait for the end of a literal, or see one too "
		       "early";
	if (lexer.nesting.begin_depth > 0 || lexer.nesting.paren_depth > 0)
		return "the statement cannot be printed: psql would wait for an END";
	return NULL;
}

/*
 * "\:" ends nothing where psql would end the variable's name: "\:x$x$" is one
 * name and no literal, and "\:e'a'" a literal of another kind.
 */
static bool has_glued_variable(const struct statement *statement)
{
	struct lexer lexer = psql_lexer(statement);
	const char *end = statement->text.text + statement->text.len;

	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		const char *behind = token.text.text + token.text.len;

		if (token.kind == TOKEN_VARIABLE && behind < end && strchr("$'\"", *behind))
			return true;
	}
	return false;
}

/* Why psql would not do the same; NULL when it would. */
static const char *obstacle(const struct statement *statement, struct arena *arena)
{
	if (batch_is_wanted(statement)) /* turns need somebody who counts them */
		return "a batch cannot be printed as SQL: psql would not run it in turns";
	if (has_only(statement->data, '\r', '\n'))
		return "COPY cannot be printed: its rows end in carriage returns alone";
	if (statement->input == INPUT_FILE && strpbrk(path_of_data(arena, statement), "\r\n"))
		return "\\copy cannot be printed: the name of its file holds a line break";
	if (otherwise_ended(statement))
		return otherwise_ended(statement);
	if (has_glued_variable(statement))
		return "a colon and a name right before a quote cannot be printed: psql may know such a variable";
	return NULL;
}

static bool check_statement(const struct statement *statement, struct error *err)
{
	scoped_arena struct arena arena = {0};

	const char *why = obstacle(statement, &arena);

	if (!why)
		return true;
	const struct place place = statement_place(statement, 0);
	error_set(err, ERROR_FILES, "%s", why);
	error_hint(err,
	           "Apply up to the migration before it with the script, and this one with \"rung upgrade\".");
	return error_at(err, &place);
}

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
			if (!check_statement(&passage->script.statements[j], err))
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
		put_request(printing, &row);
		put_request(printing, &log);
	}
	const struct request whole = climb_adoption(printing->run, &(struct record_facts){0}, &arena);
	put_request(printing, &whole);
	return true;
}

static bool put_history(const struct printing *printing, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (history->exists && !history->is_adopted && !history->is_outdated)
		return true;
	put(printing, "\n-- the history\nBEGIN;\n");
	put(printing, history_prepare_script(&printing->run->climb->history, &arena));
	if (history->is_adopted && !put_adoption(printing, history, err))
		return false;
	put(printing, "\nCOMMIT;\n");
	return true;
}

static void put_head(const struct printing *printing)
{
	put(printing, "\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\\set AUTOCOMMIT on\n");
	put_session(printing);
}

static bool plan_for_empty(struct climb *climb, struct arena *arena, struct plan *plan, struct error *err)
{
	const struct history nothing = {0};

	if (climb->direction == CLIMB_DOWN)
		return error_set(err, ERROR_CONFIG, "a way down can only be printed for a database that is there");
	return plan_upgrade(climb->tree, &nothing, climb->target, &climb->plan_options, arena, plan, err);
}

/* What there is to do, or would be on an empty database. */
static bool look(struct run *run, struct arena *arena, struct view *out, struct error *err)
{
	struct climb *climb = run->climb;

	if (!climb->connection.conninfo)
		return plan_for_empty(climb, arena, &out->plan, err);
	return session_open(&climb->connection, &run->db, err) && climb_look(run, arena, out, err) &&
	       (out->plan.count == 0 || pool_detect(run, err));
}

static bool print_script(const struct printing *printing, struct arena *arena, struct error *err)
{
	struct view view = {0};

	if (!look(printing->run, arena, &view, err))
		return false;
	if (view.plan.count == 0 && !view.history.is_adopted)
		return true;
	if (!climb_inspect(printing->run, &view.plan, err) || !check_steps(printing->run, &view.plan, err))
		return false;
	put_head(printing);
	return put_history(printing, &view.history, err) && put_steps(printing, &view.plan, err);
}

bool climb_print(struct climb *climb, void (*print)(void *context, const char *text), void *context,
                 struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct run run = {.climb = climb};
	const struct printing printing = {print, context, &run};
	const bool is_printed = print_script(&printing, &arena, err);

	session_close(&run.db);
	return is_printed;
}
