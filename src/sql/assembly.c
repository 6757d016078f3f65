/*
 * A statement's text is a list of segments while it is read. Nearly always it
 * ends up as one, which is then used in place; only where a variable, a "\;"
 * or a backslash command stood in it is the text put together anew.
 */
#include <string.h>

#include "sql/reader.h"
#include "sql/special.h"

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
	reader->depends_on_escapes = false;
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
	struct arena *arena = reader->reading->passing;
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
	    .line = reader_line_of(reader, first->origin),
	    .has_escapes = reader->lexer.has_escapes,
	    .depends_on_escapes = reader->depends_on_escapes,
	};

	if (reader->segment_count == 1 && first->is_copied)
		statement.text = first->text;
	else
		join_segments(reader, &statement);
	trim_end(&statement.text);
	statement.kind = statement_kind_of(statement_lexer(&statement), 0);
	take_directives(reader, &statement);
	return statement;
}

/* Ends the statement before `to`. What is empty but for comments is none. */
static bool finish_statement(struct reader *reader, size_t to, struct statement *out)
{
	reader_close_segment(reader, to);
	const bool found = reader->segment_count > 0;
	if (found)
		*out = compose(reader);
	forget_statement(reader);
	return found && out->text.len > 0;
}

void reader_begin_line(struct reader *reader)
{
	reader->lexer.has_escapes = reader->reading->strings.now;
}

/* What was found out when the file ran before is true, whatever its statements say. */
static void follow_strings(struct reading *reading, const struct statement *statement)
{
	const struct script_options *options = reading->options;

	string_setting_follow(&reading->strings, statement_lexer(statement), statement->kind);
	for (size_t i = 0; i < options->known_strings_count; i++)
		if (options->known_strings[i].count == reading->statement_count)
			reading->strings.now = reading->strings.kept = options->known_strings[i].has_escapes;
}

static void push(struct reading *reading, const struct statement *statement)
{
	*ARENA_PUSH(&reading->ready_arena, reading->ready, reading->ready_count) = *statement;
	reading->statement_count++;
	if (!statement->echo && !reading->has_statement)
		special_note_statement(&reading->variables);
	reading->has_statement |= !statement->echo;
	follow_strings(reading, statement);
}

void reader_add(struct reader *reader, struct statement statement)
{
	statement.source = reader->source;
	statement.line = reader_line_of(reader, statement.offset);
	if (statement.input == INPUT_INLINE)
		statement.data = reader_take_data(reader);
	if (!statement.echo) {
		take_directives(reader, &statement);
		forget_directives(reader);
	}
	push(reader->reading, &statement);
}

static void send_statement(struct reader *reader, struct statement statement)
{
	if (statement.kind.class == STATEMENT_COPY_IN) {
		statement.input = INPUT_INLINE;
		statement.data = reader_take_data(reader);
	}
	push(reader->reading, &statement);
}

/*
 * psql sends a "\;" group when its last statement ends, so includes and
 * echoes between them come first, and data for any COPY among them follows.
 */
void reader_finish_group(struct reader *reader, size_t to)
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

void reader_join_group(struct reader *reader, size_t to)
{
	struct statement statement;

	if (!finish_statement(reader, to, &statement))
		return;
	statement.joins_next = true;
	*ARENA_PUSH(reader->reading->passing, reader->group, reader->group_count) = statement;
}
