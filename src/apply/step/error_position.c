/*
 * The server gives three kinds of places, and one at most applies. A position counts characters of the
 * statement. For COPY there is none, but the context says which line of the data. For a DO block the
 * context says which line of its body.
 *
 * The words around these numbers are translated by the server (lc_messages), so they are found by what no
 * translation changes: "COPY" and a number after a comma, the name inline_code_block. What cannot be
 * found becomes the beginning of the statement, never a wrong line.
 *
 * Advice is given by SQLSTATE, for the same reason, and only where the server has none of its own. It
 * depends on what is around: something that exists already means, before the first migration of all,
 * that there was a schema before the history; later it means that two files make the same.
 */
#include "apply/step/error_position.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sql/lexer.h"
#include "sql/psql_variable.h"

/*
 * "COPY orders, line 3, column id: ..." in whatever language: the first number
 * that is a word of its own after a comma. 0 when the server did not say.
 */
static size_t line_of_context(const char *context)
{
	const char *rest = strncmp(context, "COPY ", 5) == 0 ? context : strstr(context, "\nCOPY ");
	const char *end = rest ? strchr(rest + 1, '\n') : NULL;

	if (rest)
		rest = strstr(rest, ", ");
	for (; rest && (!end || rest < end); rest = strstr(rest, ", ")) {
		rest += 2;
		const char *number = rest + strcspn(rest, " ,\n");
		if (*number == ' ' && char_is_digit(number[1]))
			return strtoul(number + 1, NULL, 10);
	}
	return 0;
}

/*
 * "PL/pgSQL function inline_code_block line 4 at PERFORM", in whatever language, of the outermost frame: the
 * number of a line of the block, from 1. 0 when the trouble is in no DO.
 */
static size_t line_of_block(const char *context)
{
	static const char name[] = "inline_code_block ";
	const char *frame = NULL;

	for (const char *at = strstr(context, name); at; at = strstr(at + 1, name))
		frame = at;
	const char *number = frame ? strpbrk(frame, "0123456789\n") : NULL;
	return number ? strtoul(number, NULL, 10) : 0;
}

/* Where that line begins in the statement: the block's first one is the line of its opening quotes. */
static size_t offset_of_block_line(const struct statement *statement, size_t line)
{
	struct lexer lexer = {.text = statement->text};
	struct token token = lexer_next_significant(&lexer);
	size_t at;

	while (token.kind != TOKEN_STRING && token.kind != TOKEN_END)
		token = lexer_next_significant(&lexer);
	if (token.kind == TOKEN_END)
		return 0;
	at = (size_t)(token.text.text - statement->text.text);
	for (; line > 1 && at < statement->text.len; line--)
		at += str_index(str_slice(statement->text, at, statement->text.len), '\n') + 1;
	while (at < statement->text.len && (statement->text.text[at] == ' ' || statement->text.text[at] == '\t'))
		at++;
	return at < statement->text.len ? at : 0;
}

static struct str next_line(struct str *rest)
{
	const size_t end = str_index(*rest, '\n');
	const struct str line = str_slice(*rest, 0, end);

	*rest = str_slice(*rest, end + 1, rest->len);
	return line;
}

/* The data's `number`th line as a place of the file it is written in. */
static struct place data_place(const struct statement *statement, size_t number)
{
	const char *text = statement->source->file.text.text;
	struct place place = {.path = statement->source->path, .line = number, .column = 1};
	struct str rest = statement->data;

	for (const char *c = text; (c = memchr(c, '\n', (size_t)(statement->data.text - c))); c++)
		place.line++;
	for (size_t i = 0; i < number; i++)
		place.text = next_line(&rest);
	if (place.text.len && place.text.text[place.text.len - 1] == '\r')
		place.text.len--;
	return place;
}

/* The first step of all: what is in its way was there before the history. */
static bool is_first_of_all(const struct run *run, const struct step *step)
{
	const struct plan *plan = &run->goal.plan;

	return plan->count && !step->record && run->steps_done == 0 && run->is_first &&
	       step_version(&plan->steps[0]) == step_version(step);
}

static void advise_on_duplicate(const struct run *run, const struct step *step, struct error *err)
{
	if (is_first_of_all(run, step))
		error_hint(err,
		           "If the schema was there before its history, \"rung stamp %" PRId64 "\" records it "
		           "without running it. Otherwise find out what created it.",
		           step_version(step));
	else
		error_hint(err, "Another file also creates it, or it was created by hand.");
}

/* Mostly where the server has no advice of its own. */
static void advise(const struct run *run, const struct step *step, struct error *err)
{
	static const char *const duplicate_states[] = {"42P07", "42P06", "42701", "42710", "42723"};
	static const char *const own_transactions[] = {"2D000", "25001"};

	/* What the server says to it, that new values must be committed before, leaves open how. */
	if (strcmp(err->sqlstate, "55P04") == 0)
		error_hint(
		    err, "A new value can be used once it is committed: move ALTER TYPE ... ADD VALUE to a migration "
		         "of its own before this one.");
	for (size_t i = 0; !err->hint[0] && i < sizeof(duplicate_states) / sizeof(*duplicate_states); i++)
		if (strcmp(err->sqlstate, duplicate_states[i]) == 0)
			advise_on_duplicate(run, step, err);
	for (size_t i = 0; !err->hint[0] && i < sizeof(own_transactions) / sizeof(*own_transactions); i++)
		if (strcmp(err->sqlstate, own_transactions[i]) == 0)
			error_hint(err,
			           "It begins and ends transactions itself, but the file runs in one transaction. With "
			           "\"-- rung: transaction: none\" at its top the file runs statement by statement.");
}

/* The text from the `position`th character on, from 1. */
static struct str text_from(struct str text, size_t position)
{
	for (; position > 1 && text.len > 0; position--)
		do
			text = str_slice(text, 1, text.len);
		while (text.len > 0 && ((unsigned char)text.text[0] & 0xC0) == 0x80);
	return position ? text : (struct str){0};
}

/* Like psql we leave a variable that is not set as it is, and then the server stumbles over its colon. */
static void advise_unset(struct str text, size_t position, struct error *err)
{
	const struct str rest = text_from(text, position);
	const size_t len = strcmp(err->sqlstate, "42601") == 0 ? lexer_reference_len(rest) : 0;
	const struct str name = len ? variable_reference_name(str_slice(rest, 0, len)) : (struct str){0};

	if (len && !err->hint[0])
		error_hint(
		    err,
		    "The variable \"%.*s\" is not set: --set %.*s=VALUE gives it a value, \"\\getenv %.*s NAME\" "
		    "in the file takes it from the environment.",
		    STR_ARGS(name), STR_ARGS(name), STR_ARGS(name));
}

bool statement_locate_error(const struct run *run, const struct step *step, const struct statement *statement,
                            struct error *err)
{
	if (err->kind == ERROR_SERVER || err->kind == ERROR_CANCELLED)
		return false;
	advise(run, step, err);
	advise_unset(statement->text, session_error_position(run->db), err);
	const size_t line = statement->input == INPUT_INLINE ? line_of_context(err->context) : 0;
	const size_t position = session_error_position(run->db);
	const size_t block_line = line || position ? 0 : line_of_block(err->context);
	const struct place place = line ? data_place(statement, line)
	                           : block_line
	                               ? statement_place(statement, offset_of_block_line(statement, block_line))
	                               : statement_place_of_character(statement, position);
	return error_at(err, &place);
}

/*
 * By words, since the grammar may not know the statement: it decides only which place is shown, not what
 * is refused.
 */
bool history_is_touched(const struct qualified_name *history, const struct statement *statement)
{
	scoped_arena struct arena arena = {0};
	const char *text = statement->echo ? "" : str_copy(&arena, statement->text);

	return (strcasestr(text, "drop") || strcasestr(text, "alter")) &&
	       (strcasestr(text, history->name) || strcasestr(text, history->schema));
}

/* What the server's refusal to write the history means: its tables are not what they were. */
static const char *culprit_verb(const struct error *err)
{
	static const struct {
		const char *sqlstate, *verb;
	} causes[] = {{"42P01", "drops"}, {"3F000", "drops"}, {"42703", "changes"}};

	for (size_t i = 0; err->kind == ERROR_SQL && i < sizeof(causes) / sizeof(*causes); i++)
		if (strcmp(err->sqlstate, causes[i].sqlstate) == 0)
			return causes[i].verb;
	return NULL;
}

bool history_explain_error(const struct qualified_name *history, const struct error *culprit,
                           const char *name, struct error *err)
{
	const struct error told = *err;
	const char *verb = culprit_verb(err);

	if (!verb)
		return error_context(err, "while recording %s", name);
	error_set(err, ERROR_SQL, "\"%s\" %s the history tables, \"%s.%s\" and others", name, verb,
	          history->schema, history->name);
	memcpy(err->sqlstate, told.sqlstate, sizeof(err->sqlstate));
	error_detail(err, "The server says: %s", told.message);
	error_hint(err, "Drop objects by name instead of their whole schema, or move these tables to a schema "
	                "that no file drops (ALTER TABLE ... SET SCHEMA) and set --history-table SCHEMA.TABLE.");
	return culprit && culprit->place[0] ? error_put_at(err, culprit) : false;
}
