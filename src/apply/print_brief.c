/*
 * The script for people to read: what the files say, and of the history one
 * line a file, the one they would write by hand. It leaves the objects that a
 * run leaves and a history that rung adopts; what a run keeps beside it (log,
 * rollbacks, checksums) and whatever it does in case of need is left out.
 *
 * A file is shown as it is, comments included, where psql would read it as
 * we do by itself; where it includes others, has variables, \if or a transaction
 * of its own, its statements are shown as they are sent, and a comment says so.
 */
#include "apply/print_internal.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "sql/lexer.h"

/*
 * Where the text of a whole file may be copied, whether it ends its last statement; false where it may not.
 */
static bool is_whole(struct str text, bool *is_ended)
{
	struct lexer lexer = {.text = text};

	*is_ended = true;
	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		if (token.kind == TOKEN_BACKSLASH || token.kind == TOKEN_VARIABLE)
			return false;
		if (token.kind != TOKEN_SPACE && token.kind != TOKEN_COMMENT)
			*is_ended = token.kind == TOKEN_SEMICOLON;
	}
	return true;
}

static bool stands_by_itself(const struct script *script)
{
	for (size_t i = 0; i < script->count; i++) {
		const struct statement *statement = &script->statements[i];
		const enum statement_class class = statement->kind.class;

		if (statement->input != INPUT_NONE || statement->echo || statement->pieces || statement->has_escapes)
			return false;
		if (class == STATEMENT_BEGIN || class == STATEMENT_COMMIT || class == STATEMENT_ROLLBACK)
			return false;
	}
	return script->source_count == 1;
}

static struct str without_mark(struct str text)
{
	return str_starts(text, "\xEF\xBB\xBF") ? str_slice(text, 3, text.len) : text;
}

static bool put_file(const struct printing *printing, const struct script *script)
{
	const struct str text =
	    script->source_count ? without_mark(script->sources[0]->file.text) : (struct str){0};
	bool is_ended = false;

	if (!stands_by_itself(script) || !is_whole(text, &is_ended))
		return false;
	print_str(printing, text);
	if (text.len && !str_ends(text, "\n"))
		print_text(printing, "\n");
	if (!is_ended)
		print_text(printing, ";\n");
	return true;
}

static void put_statements(const struct printing *printing, const struct step_script *step_script)
{
	if (put_file(printing, &step_script->script))
		return;
	print_text(printing, "-- The file as it is sent: includes, variables and \\if are resolved.\n");
	if (step_script->mode == MODE_NONTRANSACTIONAL) {
		print_all_statements(printing, &step_script->script);
		return;
	}
	for (size_t i = 0; i < step_script->count; i++)
		if (step_script->messages[i].role == MESSAGE_STATEMENT)
			print_statements(printing, step_script->messages[i].statement, 1);
}

/* SET LOCAL and its like hold for the line of the history as well, which ends the transaction. */
static bool sets_anything(const struct step_script *step_script)
{
	bool sets = step_script->changes_session;

	for (size_t i = 0; i < step_script->script.count; i++)
		sets |= step_script->script.statements[i].kind.block == BLOCK_WANTED;
	return sets;
}

/* Only after a file that says so: what code that it calls leaves is not for people to read. */
static void put_restore(const struct printing *printing, const struct step_script *step_script)
{
	if (!sets_anything(step_script))
		return;
	for (size_t i = 0; i < step_script->count; i++)
		if (step_script->messages[i].role == MESSAGE_RESTORE)
			print_request(printing, &step_script->messages[i].request);
	print_session(printing);
}

/* --- the history ------------------------------------------------------ */

/*
 * As people write it: our queries name the schema of every function and operator, which nobody does by hand.
 */
static const char *plain_names(const char *sql, struct arena *arena)
{
	static const char operator[] = "operator(pg_catalog.";
	static const char schema[] = "pg_catalog.";
	struct buffer out = {.arena = arena};

	while (*sql) {
		const bool is_operator = str_starts(str_of(sql), operator);
		const size_t skipped = is_operator                       ? strlen(operator)
		                       : str_starts(str_of(sql), schema) ? strlen(schema)
		                                                         : 0;
		const size_t kept = is_operator ? strcspn(sql + skipped, ")") : !skipped;

		buffer_add(&out, (struct str){sql + skipped, kept});
		sql += skipped + kept + is_operator;
	}
	return buffer_cstr(&out);
}

static void put_query(const struct printing *printing, const char *sql, struct params params)
{
	const struct qualified_name *history = &printing->run->options->history;
	scoped_arena struct arena arena = {0};
	const struct request request =
	    request_make(NULL, query_render(&arena, plain_names(sql, &arena), history), params, &arena);
	const struct str text = str_trim(str_of(print_request_text(&arena, &request)));

	print_str(printing, text);
	print_text(printing, ";\n");
}

static void put_line(const struct printing *printing, const struct step *step)
{
	scoped_arena struct arena arena = {0};
	const char *number = arena_printf(&arena, "%" PRId64, step_version(step));

	switch (step->action) {
	case STEP_APPLY:
	case STEP_RESUME: /* print.c refuses what is half-done */
		put_query(printing, SQL_apply_brief_apply, PARAMS(number, step->migration->description));
		break;
	case STEP_REAPPLY:
	case STEP_CONVERGE:
		put_query(printing, SQL_apply_brief_reapply, PARAMS(number, step->migration->checksum));
		break;
	case STEP_ROLLBACK:
		put_query(printing, SQL_apply_brief_rollback, PARAMS(number));
		break;
	}
}

void print_brief_head(const struct printing *printing, const struct history *history)
{
	scoped_arena struct arena arena = {0};

	print_text(
	    printing,
	    arena_printf(&arena,
	                 "-- For review: it writes one line per file to the history, as one would by hand.\n"
	                 "-- \"rung %s --sql\" prints everything that a run does.\n\\set ON_ERROR_STOP on\n",
	                 printing->run->options->direction == DIRECTION_DOWN ? "downgrade" : "upgrade"));
	if (printing->run->connection.role)
		print_session(printing);
	if (!history->exists)
		put_query(printing, SQL_apply_brief_table, NO_PARAMS);
}

void print_brief_script(const struct printing *printing, struct step_script *step_script,
                        struct step_script_ends ends)
{
	const bool is_nontransactional = step_script->mode == MODE_NONTRANSACTIONAL;

	step_script_plan(printing->run, step_script, ends);
	if (!is_nontransactional && ends.begins)
		print_text(printing, "BEGIN;\n");
	if (step_script->converging.count)
		print_text(printing, step_script->convergence.sql);
	put_statements(printing, step_script);
	put_restore(printing, step_script);
	put_line(printing, step_script->step);
	if (!is_nontransactional && ends.commits)
		print_text(printing, "COMMIT;\n");
}
