/*
 * Nothing of ours may be where text of others could swallow it, or the
 * other way round: a semicolon after a line comment is part of the comment,
 * and the statement then ends with the next one. Whatever ends a statement of
 * a file therefore is on a line of its own, and what psql would take for a
 * variable is marked as none.
 */
#include "apply/print_internal.h"

#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "migration/batch_directive.h"
#include "sql/lexer.h"

void print_text(const struct printing *printing, const char *text)
{
	printing->print(printing->context, text);
}

void print_str(const struct printing *printing, struct str text)
{
	scoped_arena struct arena arena = {0};

	if (text.len > 0)
		print_text(printing, str_copy(&arena, text));
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

/* --- statements of the files ------------------------------------------ */

/* psql looks at each line by itself, also where a literal continues on the next one. */
static struct lexer psql_lexer(const struct statement *statement)
{
	return (struct lexer){.text = statement->text, .has_escapes = statement->has_escapes};
}

/*
 * What still looks like a variable is none that the program knows: psql may
 * know it, so "\:" keeps it as it is. Without a connection psql knows more.
 */
static void put_sql(const struct printing *printing, const struct statement *statement)
{
	const struct str text = statement->text;
	struct lexer lexer = psql_lexer(statement);
	size_t from = 0;

	if (!printing->run->db || !memchr(text.text, ':', text.len)) {
		print_str(printing, text);
		return;
	}
	for (struct token token = lexer_next(&lexer); token.kind != TOKEN_END; token = lexer_next(&lexer)) {
		const size_t at = (size_t)(token.text.text - text.text);

		if (token.kind != TOKEN_VARIABLE)
			continue;
		print_str(printing, str_slice(text, from, at));
		print_text(printing, "\\");
		from = at;
	}
	print_str(printing, str_slice(text, from, text.len));
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

	print_text(printing, "\\copy ");
	print_str(printing, str_slice(text, copy.len, words_at));
	print_text(printing, arena_printf(&arena, " FROM %s", path));
	print_str(printing, str_slice(text, words_at + stdin_words.len, text.len));
	print_text(printing, "\n");
}

/* The server wants the line after the rows to end as they do. */
static const char *line_end_of(struct str data)
{
	return str_ends(str_slice(data, 0, str_index(data, '\n')), "\r") ? "\r\n" : "\n";
}

static void put_data(const struct printing *printing, struct str data)
{
	enum { PIECE = 64 * 1024 };

	for (size_t from = 0; from < data.len; from += PIECE)
		print_str(printing, str_slice(data, from, from + PIECE));
	if (data.len && !str_ends(data, "\n"))
		print_text(printing, line_end_of(data));
	print_text(printing, "\\.");
	print_text(printing, line_end_of(data));
}

/* Statements that psql sends in one message; what they copy follows all of them. */
static void put_group(const struct printing *printing, const struct statement *statements, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		put_sql(printing, &statements[i]);
		print_text(printing, i + 1 < count ? "\n\\;\n" : "\n;\n");
	}
	for (size_t i = 0; i < count; i++)
		if (statements[i].input == INPUT_INLINE)
			put_data(printing, statements[i].data);
}

void print_statements(const struct printing *printing, const struct statement *statements, size_t count)
{
	scoped_arena struct arena arena = {0};

	if (statements->echo)
		print_text(printing, arena_printf(&arena, "\\%secho %s\n", statements->is_qecho ? "q" : "",
		                                  quote_for_psql(&arena, statements->echo, true)));
	else if (statements->input == INPUT_FILE)
		put_copy_of_file(printing, statements);
	else
		put_group(printing, statements, count);
}

/* How many statements of the script from `first` on are one message of a nontransactional file. */
static size_t group_size(const struct script *script, size_t first)
{
	size_t size = 1;

	while (first + size < script->count && script->statements[first + size - 1].joins_next)
		size++;
	return size;
}

void print_all_statements(const struct printing *printing, const struct script *script)
{
	for (size_t i = 0; i < script->count; i += group_size(script, i))
		print_statements(printing, &script->statements[i], group_size(script, i));
}

/* --- what cannot be printed ------------------------------------------- */

static bool has_only(struct str text, char c, char other)
{
	return str_index(text, c) < text.len && str_index(text, other) == text.len;
}

/*
 * Inside what psql takes for an open body, or after what it takes for the end, no semicolon of ours ends it.
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
	if (batch_is_wanted(statement)) /* chunks need somebody who counts them */
		return "a batch cannot be printed as SQL: psql would not run it in chunks";
	if (has_only(statement->data, '\r', '\n'))
		return "COPY cannot be printed: its rows end in carriage returns alone";
	if (statement->input == INPUT_FILE && strpbrk(path_of_data(arena, statement), "\r\n"))
		return "\\copy cannot be printed: the name of its file contains a line break";
	if (otherwise_ended(statement))
		return otherwise_ended(statement);
	if (has_glued_variable(statement))
		return "a colon and a name right before a quote cannot be printed: psql may know such a variable";
	return NULL;
}

bool print_check_statement(const struct statement *statement, struct error *err)
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
