/*
 * The loop in read_source() is psql's main loop turned inside out: psql sends
 * a statement when it sees its semicolon, we put it on a list. Variables, \if
 * and includes are settled on the way, so the list is flat.
 *
 * A statement's text is a list of segments while it is read. Nearly always it
 * ends up as one, which is then used in place; only where a variable, a "\;"
 * or a backslash command stood in it is the text put together anew.
 */
#include "sql/script.h"

#include <stdlib.h>
#include <string.h>

#include "sql/reader.h"
#include "sql/source.h"

/* More than anybody includes, less than files including each other twice over in a ladder would. */
enum { MOST_INCLUDES = 10000 };

/* Values that hold each other several times over would otherwise fill the memory from a file of a few lines.
 */
enum { MOST_REPLACED = 16 * 1024 * 1024 };

/* How much SQL is lexed before the pages behind it are let go. */
enum { RELEASE_SIZE = 8 * 1024 * 1024 };

/* ------------------------------------------------ where we are
 * ------------------------------------------------ */

bool reader_is_active(const struct reader *reader)
{
	if (reader->condition_count == 0)
		return true;
	const struct condition *innermost = &reader->conditions[reader->condition_count - 1];
	return innermost->branch == BRANCH_ACTIVE || innermost->branch == BRANCH_ELSE_ACTIVE;
}

/* The file's own position, also while a variable's value is being read. */
static size_t file_position(const struct reader *reader)
{
	return reader->interruption_count ? reader->interruptions[0].at : reader->lexer.at;
}

static size_t line_of(struct reader *reader, size_t offset)
{
	if (offset < reader->counted_offset) {
		reader->counted_offset = 0;
		reader->counted_line = 1;
	}
	reader->counted_line += source_count_lines(reader->source, reader->counted_offset, offset);
	reader->counted_offset = offset;
	return reader->counted_line;
}

static void add_includers(const struct reader *reader, struct error *err)
{
	for (; reader->includer; reader = reader->includer) {
		const struct place place = source_place(reader->includer->source, 0, 1, reader->included_at);

		error_context(err, "included from %s:%zu", place.path, place.line);
	}
}

bool reader_fail(const struct reader *reader, size_t offset, struct error *err)
{
	const struct place place = source_place(reader->source, 0, 1, offset);

	error_at(err, &place);
	add_includers(reader, err);
	return false;
}

/* ------------------------------------------- a statement in the making
 * ------------------------------------------- */

static void open_segment(struct reader *reader, size_t at)
{
	reader->in_segment = true;
	reader->segment_from = at;
}

static void add_segment(struct reader *reader, struct segment segment)
{
	if (segment.text.len > 0)
		*ARENA_PUSH(reader->reading->arena, reader->segments, reader->segment_count) = segment;
}

static void close_segment(struct reader *reader, size_t to)
{
	const struct lexer *lexer = &reader->lexer;

	if (!reader->in_segment)
		return;
	reader->in_segment = false;
	add_segment(reader, (struct segment){
	                        .text = str_slice(lexer->text, reader->segment_from, to),
	                        .origin = lexer->is_derived ? lexer->origin : reader->segment_from,
	                        .is_copied = !lexer->is_derived,
	                    });
}

static bool has_started(const struct reader *reader)
{
	return reader->in_segment || reader->segment_count > 0;
}

void reader_mark_branch(struct reader *reader, struct condition *condition)
{
	condition->segment_count = reader->segment_count;
	condition->nesting = reader->lexer.nesting;
}

void reader_forget_branch(struct reader *reader, const struct condition *condition)
{
	reader->segment_count = condition->segment_count;
	reader->lexer.nesting = condition->nesting;
}

/* The list itself may belong to a statement by now. */
static void forget_directives(struct reader *reader)
{
	reader->directives = NULL;
	reader->directive_count = 0;
}

static void forget_statement(struct reader *reader)
{
	reader->segment_count = 0;
	reader->in_segment = false;
	forget_directives(reader);
}

static void trim_end(struct str *text)
{
	while (text->len > 0 && char_is_space(text->text[text->len - 1]))
		text->len--;
}

/* The segments as one text with a map. */
static void join_segments(const struct reader *reader, struct statement *statement)
{
	struct arena *arena = reader->reading->arena;
	struct piece *pieces = arena_array(arena, struct piece, reader->segment_count);
	struct str text = {0};

	for (size_t i = 0; i < reader->segment_count; i++)
		text.len += reader->segments[i].text.len;
	char *into = arena_alloc(arena, text.len + 1);
	text.text = into;
	for (size_t i = 0; i < reader->segment_count; i++) {
		const struct segment *segment = &reader->segments[i];

		pieces[i] = (struct piece){(size_t)(into - text.text), segment->origin, segment->is_copied};
		memcpy(into, segment->text.text, segment->text.len);
		into += segment->text.len;
	}
	statement->text = text;
	statement->pieces = pieces;
	statement->piece_count = reader->segment_count;
}

static void take_directives(struct reader *reader, struct statement *statement)
{
	if (reader->directive_count == 0)
		return;
	const struct directive_text *last = &reader->directives[reader->directive_count - 1];

	statement->directives = reader->directives;
	statement->directive_count = reader->directive_count;
	statement->directive = last->text;
	statement->directive_offset = last->offset;
}

static struct statement compose(struct reader *reader)
{
	const struct segment *first = &reader->segments[0];
	struct statement statement = {
	    .source = reader->source,
	    .offset = first->origin,
	    .line = line_of(reader, first->origin),
	};

	if (reader->segment_count == 1 && first->is_copied)
		statement.text = first->text;
	else
		join_segments(reader, &statement);
	trim_end(&statement.text);
	statement.kind = statement_kind(statement.text, 0);
	take_directives(reader, &statement);
	return statement;
}

/* Ends the statement before `to`. What is empty but for comments is none. */
static bool finish_statement(struct reader *reader, size_t to, struct statement *out)
{
	close_segment(reader, to);
	const bool found = reader->segment_count > 0;
	if (found)
		*out = compose(reader);
	forget_statement(reader);
	return found && out->text.len > 0;
}

void reader_add(struct reader *reader, struct statement statement)
{
	struct script *script = reader->reading->script;

	statement.source = reader->source;
	statement.line = line_of(reader, statement.offset);
	if (statement.input == INPUT_INLINE)
		statement.data = reader_take_data(reader);
	if (!statement.echo) {
		take_directives(reader, &statement);
		forget_directives(reader);
	}
	*ARENA_PUSH(reader->reading->arena, script->statements, script->count) = statement;
}

static void send_statement(struct reader *reader, struct statement statement)
{
	struct script *script = reader->reading->script;

	if (statement.kind.class == STATEMENT_COPY_IN) {
		statement.input = INPUT_INLINE;
		statement.data = reader_take_data(reader);
	}
	*ARENA_PUSH(reader->reading->arena, script->statements, script->count) = statement;
}

/*
 * psql sends a "\;" group when its last statement ends, so includes and
 * echoes between them come first, and data for any COPY among them follows.
 */
static void finish_group(struct reader *reader, size_t to)
{
	struct statement last;
	const bool has_last = finish_statement(reader, to, &last);

	if (reader->group_count && !has_last)
		reader->group[reader->group_count - 1].joins_next = false;
	for (size_t i = 0; i < reader->group_count; i++)
		send_statement(reader, reader->group[i]);
	reader->group_count = 0;
	if (has_last)
		send_statement(reader, last);
}

static void join_group(struct reader *reader, size_t to)
{
	struct statement statement;

	if (!finish_statement(reader, to, &statement))
		return;
	statement.joins_next = true;
	*ARENA_PUSH(reader->reading->arena, reader->group, reader->group_count) = statement;
}

/* -------------------------------------------------- COPY data
 * -------------------------------------------------- */

static size_t next_line(struct str text, size_t at)
{
	return at + str_index(str_slice(text, at, text.len), '\n') + 1;
}

static bool is_end_of_data(struct str line)
{
	return line.len >= 2 && line.len <= 3 && memcmp(line.text, "\\.", 2) == 0 &&
	       (line.len == 2 || line.text[2] == '\r');
}

/* Walks to the "\." line, letting go of what lies behind; `*end` is where the data ends, the result what
 * follows it. */
static size_t walk_data(struct reader *reader, size_t from, size_t *end)
{
	const struct str text = reader->source->file.text;
	size_t released = from;
	size_t at = from;

	for (size_t next; at < text.len; at = next) {
		next = next_line(text, at);
		reader->counted_line++;
		*end = at;
		if (is_end_of_data(str_slice(text, at, next - 1)))
			return next < text.len ? next : text.len;
		if (next - released > RELEASE_SIZE) {
			file_text_release(&reader->source->file, next);
			released = next;
		}
	}
	*end = text.len;
	return text.len;
}

struct str reader_take_data(struct reader *reader)
{
	const struct str text = reader->source->file.text;
	const size_t line_end = next_line(text, file_position(reader));
	const size_t from = reader->resume_at ? reader->resume_at : line_end < text.len ? line_end : text.len;
	size_t end = from;

	line_of(reader, from);
	reader->resume_at = walk_data(reader, from, &end);
	/* Lines were counted on the way, so nobody has to look at the data again for that. */
	reader->counted_offset = reader->resume_at;
	if (reader->interruption_count)
		reader->interruptions[0].text.len = line_end < text.len ? line_end : text.len;
	else
		reader->lexer.text.len = line_end < text.len ? line_end : text.len;
	return str_slice(text, from, end);
}

/* The rest of the line before the data was read; goes on behind the data. */
static void resume_after_data(struct reader *reader)
{
	const bool was_in_segment = has_started(reader);

	close_segment(reader, reader->lexer.at);
	reader->lexer.text = reader->source->file.text;
	reader->lexer.at = reader->resume_at;
	reader->resume_at = 0;
	if (was_in_segment)
		open_segment(reader, reader->lexer.at);
}

/* -------------------------------------------------- variables
 * -------------------------------------------------- */

static bool is_being_replaced(const struct reader *reader, struct str name)
{
	for (size_t i = 0; i < reader->interruption_count; i++)
		if (str_equal(reader->interruptions[i].variable, name))
			return true;
	return false;
}

/* Reads a variable's value as if it stood in the file; it may hold any part of a statement, or several. */
static void enter_value(struct reader *reader, struct str name, const char *value, size_t origin)
{
	struct lexer *lexer = &reader->lexer;
	const bool continues = has_started(reader);

	*ARENA_PUSH(reader->reading->arena, reader->interruptions, reader->interruption_count) =
	    (struct interruption){lexer->text, lexer->at, name};
	lexer->text = str_of(value);
	lexer->at = 0;
	lexer->origin = origin;
	lexer->is_derived = true;
	if (continues)
		open_segment(reader, 0);
}

static void leave_value(struct reader *reader)
{
	struct lexer *lexer = &reader->lexer;
	const bool continues = has_started(reader);

	close_segment(reader, lexer->at);
	const struct interruption *interruption = &reader->interruptions[--reader->interruption_count];
	lexer->text = interruption->text;
	lexer->at = interruption->at;
	lexer->is_derived = reader->interruption_count > 0;
	if (continues)
		open_segment(reader, lexer->at);
}

static void put_in_place(struct reader *reader, const char *value, size_t origin)
{
	add_segment(reader, (struct segment){str_of(value), origin, false});
	open_segment(reader, reader->lexer.at);
}

static bool check_replaced(struct reader *reader, size_t len, size_t origin, struct error *err)
{
	reader->reading->replaced_len += len;
	if (reader->reading->replaced_len <= MOST_REPLACED)
		return true;
	error_set(err, ERROR_FILES, "the values of variables add up to more than %d MB", MOST_REPLACED >> 20);
	return reader_fail(reader, origin, err);
}

static bool on_variable(struct reader *reader, struct str reference, struct error *err)
{
	const struct variable_set *variables = &reader->reading->variables;
	const struct str name = variable_reference_name(reference);
	const bool is_bare = variable_reference_is_bare(reference);
	const char *value = reader_is_active(reader) ? variable_expand(variables, reference) : NULL;
	const size_t from = reader->lexer.at - reference.len;
	const size_t origin = reader->lexer.is_derived ? reader->lexer.origin : from;

	if (!value || (is_bare && is_being_replaced(reader, name))) {
		if (!reader->in_segment)
			open_segment(reader, from);
		return true;
	}
	if (!check_replaced(reader, strlen(value), origin, err))
		return false;
	close_segment(reader, from);
	if (is_bare)
		enter_value(reader, name, value, origin);
	else
		put_in_place(reader, value, origin);
	return true;
}

/* -------------------------------------------------- the loop
 * -------------------------------------------------- */

/* "-- rung: text", in any case and with any blanks around the word. */
static bool is_directive(struct str comment, struct str *text)
{
	struct str rest = str_trim(str_slice(comment, 2, comment.len));

	if (!str_starts(comment, "--") || !str_starts_folded(rest, "rung"))
		return false;
	rest = str_trim(str_slice(rest, strlen("rung"), rest.len));
	*text = str_trim(str_slice(rest, 1, rest.len));
	return str_starts(rest, ":");
}

static void on_comment(struct reader *reader, struct str comment)
{
	struct str text;

	if (has_started(reader) || reader->lexer.is_derived || !reader_is_active(reader) ||
	    !is_directive(comment, &text))
		return;
	*ARENA_PUSH(reader->reading->arena, reader->directives, reader->directive_count) =
	    (struct directive_text){text, (size_t)(text.text - reader->source->file.text.text)};
}

/* In an inactive branch the text just grows, as in psql; the branch's end forgets it. */
static void on_semicolon(struct reader *reader)
{
	if (reader_is_active(reader))
		finish_group(reader, reader->lexer.at - 1);
}

/*
 * "\;" and "\:" put the second character into the statement. A "\;" inside
 * parentheses or a body is just that.
 */
static void on_escaped(struct reader *reader, char c)
{
	struct lexer *lexer = &reader->lexer;
	const bool separates = c == ';' && lexer->nesting.paren_depth == 0 && lexer->nesting.begin_depth == 0;

	lexer->at++;
	if (separates)
		lexer_forget_words(lexer);
	if (separates && reader_is_active(reader)) {
		join_group(reader, lexer->at - 2);
	} else {
		close_segment(reader, lexer->at - 2);
		open_segment(reader, lexer->at - 1);
	}
}

static bool on_command(struct reader *reader, struct error *err)
{
	struct lexer *lexer = &reader->lexer;
	const bool continues = has_started(reader);

	if (lexer->is_derived) {
		error_set(err, ERROR_FILES, "a variable's value cannot hold a backslash command");
		return reader_fail(reader, lexer->origin, err);
	}
	close_segment(reader, lexer->at - 1);
	if (!reader_obey(reader, err))
		return false;
	/* An \else may have taken back all of the statement that was there. */
	if (continues && reader->segment_count > 0)
		open_segment(reader, lexer->at);
	return true;
}

static bool on_backslash(struct reader *reader, struct error *err)
{
	const struct str text = reader->lexer.text;
	const char next = reader->lexer.at < text.len ? text.text[reader->lexer.at] : '\0';

	if (next != ';' && next != ':')
		return on_command(reader, err);
	on_escaped(reader, next);
	return true;
}

/* The end of a text; false at the end of the file. */
static bool on_end(struct reader *reader)
{
	if (reader->interruption_count)
		leave_value(reader);
	else if (reader->resume_at)
		resume_after_data(reader);
	else
		return false;
	return true;
}

static bool fail_open(const struct reader *reader, struct error *err)
{
	const struct lexer *lexer = &reader->lexer;

	error_set(err, ERROR_FILES, "unterminated %s", lexer_open_name(lexer->open));
	return reader_fail(reader, lexer->opened_at, err);
}

static bool fail_parenthesis(const struct reader *reader, struct error *err)
{
	error_set(err, ERROR_FILES, "a parenthesis is opened here and never closed");
	error_detail(err, "Everything up to the end of the file would be one statement.");
	return reader_fail(reader, reader->lexer.nesting.paren_at, err);
}

static bool fail_condition(const struct reader *reader, struct error *err)
{
	error_set(err, ERROR_FILES, "\\if without \\endif");
	error_hint(err, "Close it in the file that opens it.");
	return reader_fail(reader, reader->conditions[reader->condition_count - 1].offset, err);
}

/* As in psql, the last statement needs no semicolon. */
static bool finish_source(struct reader *reader, struct error *err)
{
	if (reader->lexer.open)
		return fail_open(reader, err);
	if (reader->condition_count)
		return fail_condition(reader, err);
	if (reader->lexer.nesting.paren_depth && has_started(reader))
		return fail_parenthesis(reader, err);
	finish_group(reader, reader->lexer.at);
	return true;
}

static bool read_token(struct reader *reader, struct token token, struct error *err)
{
	switch (token.kind) {
	case TOKEN_SPACE:
		return true;
	case TOKEN_COMMENT:
		on_comment(reader, token.text);
		return true;
	case TOKEN_VARIABLE:
		return on_variable(reader, token.text, err);
	case TOKEN_SEMICOLON:
		on_semicolon(reader);
		return true;
	case TOKEN_BACKSLASH:
		return on_backslash(reader, err);
	case TOKEN_END:
	case TOKEN_WORD:
	case TOKEN_NAME:
	case TOKEN_STRING:
	case TOKEN_NUMBER:
	case TOKEN_OPERATOR:
	case TOKEN_PUNCTUATION:
		break;
	}
	if (!reader->in_segment)
		open_segment(reader, reader->lexer.at - token.text.len);
	return true;
}

static bool read_source(struct reader *reader, struct error *err)
{
	size_t released = 0;

	for (;;) {
		const struct token token = lexer_next(&reader->lexer);

		if (token.kind == TOKEN_END) {
			if (on_end(reader))
				continue;
			return finish_source(reader, err);
		}
		if (!read_token(reader, token, err))
			return false;
		if (token.kind == TOKEN_SEMICOLON && file_position(reader) > released + RELEASE_SIZE) {
			released = file_position(reader);
			file_text_release(&reader->source->file, released);
		}
	}
}

/* ---------------------------------------------- files and includes
 * ---------------------------------------------- */

static bool read_as(struct reader *reader, struct error *err)
{
	reader->lexer.text = reader->source->file.text;
	reader->lexer.at = source_start(reader->source);
	reader->counted_line = 1;
	return read_source(reader, err);
}

/* Relative to the display root when it lies there. */
static const char *shown_path(const struct reading *reading, const char *path)
{
	const char *root = reading->options->display_root;
	struct arena *arena = reading->arena;

	if (!root)
		return path;
	root = path_normalize(arena, root);
	const char *normal = path_normalize(arena, path);
	if (!path_is_inside(normal, root) || strcmp(normal, root) == 0)
		return path;
	normal += strlen(root);
	return normal + (*normal == '/');
}

static const char *resolve_links(struct arena *arena, const char *path)
{
	scoped_malloced char *resolved = realpath(path, NULL);

	return resolved ? arena_strdup(arena, resolved) : NULL;
}

/* A file that is included twice is loaded once. */
static struct source *find_source(const struct script *script, const char *real_path)
{
	for (size_t i = 0; i < script->source_count; i++)
		if (script->sources[i]->real_path && strcmp(script->sources[i]->real_path, real_path) == 0)
			return script->sources[i];
	return NULL;
}

static struct source *add_source(struct reading *reading, const char *path)
{
	struct script *script = reading->script;
	struct source *source = arena_new(reading->arena, struct source);

	source->path = path;
	source->file.text = STR("");
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	*ARENA_PUSH(reading->arena, script->sources, script->source_count) = source;
	return source;
}

static bool load_source(struct reading *reading, const char *path, const char *real_path, struct source **out,
                        struct error *err)
{
	struct source *source = real_path ? find_source(reading->script, real_path) : NULL;

	if (!source) {
		source = add_source(reading, shown_path(reading, path));
		source->real_path = real_path;
		if (!file_text_open(path, ERROR_FILES, reading->arena, &source->file, err) ||
		    !source_validate(source, err))
			return false;
	}
	*out = source;
	return true;
}

static bool check_cycle(const struct reader *reader, const char *real_path)
{
	for (; reader; reader = reader->includer)
		if (reader->source->real_path && strcmp(reader->source->real_path, real_path) == 0)
			return false;
	return true;
}

static bool check_include(struct reader *reader, const char *path, const char *real_path, struct error *err)
{
	struct reading *reading = reader->reading;

	if (!real_path)
		return error_set(err, ERROR_FILES, "could not read \"%s\": %m", shown_path(reading, path));
	if (!path_is_inside(real_path, reading->root)) {
		error_set(err, ERROR_FILES, "cannot include \"%s\": it lies outside \"%s\"", path, reading->root);
		return error_hint(err, "A migration is complete only with files that travel with it.");
	}
	if (!check_cycle(reader, real_path))
		return error_set(err, ERROR_FILES,
		                 "cannot include \"%s\": it is being read already, so it would include itself",
		                 shown_path(reading, path));
	if (++reading->include_count > MOST_INCLUDES)
		return error_set(err, ERROR_FILES, "cannot include more than %d files", MOST_INCLUDES);
	return true;
}

bool reader_include(struct reader *reader, const char *path, size_t offset, struct error *err)
{
	struct reading *reading = reader->reading;
	struct reader included = {.reading = reading, .includer = reader, .included_at = offset};

	if (!reading->root) {
		error_set(err, ERROR_FILES, "cannot include \"%s\" from a text that is not a file", path);
		return reader_fail(reader, offset, err);
	}
	const char *real_path = resolve_links(reading->arena, path);
	if (!check_include(reader, path, real_path, err))
		return reader_fail(reader, offset, err);
	if (!load_source(reading, path, real_path, &included.source, err)) {
		if (!err->place[0])
			return reader_fail(reader, offset, err);
		add_includers(&included, err);
		return false;
	}
	return read_as(&included, err);
}

/* -------------------------------------------------- the outside
 * -------------------------------------------------- */

static void set_variables(struct reading *reading)
{
	const struct script_options *options = reading->options;

	reading->variables.arena = reading->arena;
	for (size_t i = 0; i < options->variable_count; i++)
		variable_assign(&reading->variables, str_of(options->variables[i].name), options->variables[i].value);
}

static bool load(struct reading *reading, const char *path, struct error *err)
{
	const char *root = reading->options->root;
	struct reader reader = {.reading = reading};

	if (!root)
		root = path_directory(reading->arena, path);
	reading->directory = root;
	reading->root = resolve_links(reading->arena, root);
	if (!reading->root)
		return error_set(err, ERROR_FILES, "could not read directory \"%s\": %m", root);
	return load_source(reading, path, resolve_links(reading->arena, path), &reader.source, err) &&
	       read_as(&reader, err);
}

bool script_load(const char *path, const struct script_options *options, struct arena *arena,
                 struct script *out, struct error *err)
{
	static const struct script_options none = {0};
	scoped_script struct script script = {0};
	struct reading reading = {.arena = arena, .options = options ? options : &none, .script = &script};

	set_variables(&reading);
	if (!load(&reading, path, err))
		return false;
	*out = script;
	script = (struct script){0};
	return true;
}

bool script_parse(struct str text, const char *name, const struct script_options *options,
                  struct arena *arena, struct script *out, struct error *err)
{
	static const struct script_options none = {0};
	scoped_script struct script script = {0};
	struct reading reading = {.arena = arena, .options = options ? options : &none, .script = &script};
	struct reader reader = {.reading = &reading, .source = add_source(&reading, name)};

	set_variables(&reading);
	reading.directory = reading.options->root ? reading.options->root : ".";
	if (text.len > 0)
		reader.source->file.text = text;
	if (!source_validate(reader.source, err) || !read_as(&reader, err))
		return false;
	*out = script;
	script = (struct script){0};
	return true;
}

void script_clear(struct script *script)
{
	for (size_t i = 0; i < script->source_count; i++)
		file_text_close(&script->sources[i]->file);
	*script = (struct script){0};
}
