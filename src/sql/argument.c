/*
 * psql reads what follows a backslash command by rules of its own (psqlscanslash.l), which are not those of
 * SQL: single quotes hold escapes as in C, two touching pieces are one argument, a comment means nothing.
 * So the lexer of statements is no help here, but for the length of a variable reference, which is the same
 * in both.
 *
 * Nothing can fail in the middle: the first problem is noted, the reader jumps to the end of the line, and
 * the caller decides. It has to be so, as a command in an inactive branch must be passed over exactly as
 * far as psql passes over it, whatever is wrong with its arguments. There `variables` is NULL.
 *
 * Backquotes would run a shell command before anything else is known of the file. They are refused, and
 * where nothing is evaluated passed over.
 */
#include "sql/argument.h"

#include <string.h>

#include "base/buffer.h"
#include "sql/lexer.h"

/* Values that are set from themselves, twice over, would otherwise fill the memory from a few lines. */
enum { MOST_REPLACED = 1024 * 1024 };

struct argument_reader {
	struct str line;
	size_t at;
	struct variable_set *variables;
	struct buffer text;
	struct argument argument; /* in the making */
	struct argument_list list;
	size_t replaced_len; /* of all values that were put in place of variables */
};

static char peek(const struct argument_reader *reader)
{
	return reader->at < reader->line.len ? reader->line.text[reader->at] : '\0';
}

static bool at_end(const struct argument_reader *reader)
{
	return reader->at >= reader->line.len;
}

/* In an inactive branch nothing is wrong; the rest of the line is passed over. */
static void fail(struct argument_reader *reader, size_t at, const char *problem)
{
	if (reader->variables && !reader->list.problem) {
		reader->list.problem = problem;
		reader->list.problem_at = at;
	}
	reader->at = reader->line.len;
}

static unsigned digit_value(char c)
{
	c = char_fold(c);
	if (char_is_digit(c))
		return (unsigned)(c - '0');
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/* At most `most` digits of `base`. Three octal ones may be more than a byte: psql keeps its lower part. */
static void read_code(struct argument_reader *reader, unsigned base, unsigned most)
{
	const size_t from = reader->at;
	unsigned code = 0;

	for (; most > 0 && !at_end(reader) && digit_value(peek(reader)) < base; most--, reader->at++)
		code = code * base + digit_value(peek(reader));
	if ((code & 0xFF) == 0)
		fail(reader, from, "a zero byte cannot be part of an argument");
	else
		buffer_char(&reader->text, (char)code);
}

/* After a backslash inside single quotes. */
static void read_escape(struct argument_reader *reader)
{
	static const char letters[] = "ntbrf";
	static const char meanings[] = "\n\t\b\r\f";
	const char c = peek(reader);
	const char *letter = c ? strchr(letters, c) : NULL;

	if (at_end(reader))
		return;
	if (digit_value(c) < 8) {
		read_code(reader, 8, 3);
		return;
	}
	reader->at++;
	if (c == 'x' && digit_value(peek(reader)) < 16)
		read_code(reader, 16, 2);
	else
		buffer_char(&reader->text, letter ? meanings[letter - letters] : c);
}

static void read_single_quoted(struct argument_reader *reader)
{
	const size_t from = reader->at++;

	for (; !at_end(reader);) {
		const char c = peek(reader);

		reader->at++;
		if (c == '\\') {
			read_escape(reader);
		} else if (c != '\'') {
			buffer_char(&reader->text, c);
		} else if (peek(reader) == '\'') {
			buffer_char(&reader->text, c);
			reader->at++;
		} else {
			return;
		}
	}
	fail(reader, from, "unterminated quoted string");
}

/* Kept with its quotes; commands that take SQL names would want them. */
static void read_double_quoted(struct argument_reader *reader)
{
	const struct str rest = str_slice(reader->line, reader->at + 1, reader->line.len);
	const size_t len = str_index(rest, '"');

	if (len == rest.len) {
		fail(reader, reader->at, "unterminated quoted string");
		return;
	}
	buffer_add(&reader->text, str_slice(reader->line, reader->at, reader->at + len + 2));
	reader->at += len + 2;
}

static void read_backquoted(struct argument_reader *reader)
{
	const struct str rest = str_slice(reader->line, reader->at + 1, reader->line.len);

	if (reader->variables)
		fail(reader, reader->at, "backquotes, which run a shell command, are not supported");
	else
		reader->at += str_index(rest, '`') + 2;
	if (reader->at > reader->line.len)
		reader->at = reader->line.len;
}

/* A reference is replaced, or stays when there is no such variable; a lone colon is a character. */
static void read_colon(struct argument_reader *reader)
{
	const struct str rest = str_slice(reader->line, reader->at, reader->line.len);
	const size_t len = lexer_reference_len(rest);
	const struct str reference = str_slice(rest, 0, len);
	const char *value =
	    len && reader->variables ? variable_expand(reader->variables, reference, reader->text.arena) : NULL;

	const struct variable *unknown =
	    len && reader->variables ? variable_find_unknown(reader->variables, reference) : NULL;

	if (unknown) {
		fail(reader, reader->at,
		     arena_printf(reader->text.arena, "the variable %s %s", unknown->name, unknown->unknown));
		return;
	}
	reader->replaced_len += value ? strlen(value) : 0;
	if (reader->replaced_len > MOST_REPLACED) {
		fail(reader, reader->at, "the values of variables in one line add up to more than 1 MB");
		return;
	}
	reader->at += len ? len : 1;
	if (len) {
		reader->argument.is_quoted = true;
		reader->argument.plain_tail = 0;
	} else {
		reader->argument.plain_tail++;
	}
	buffer_add(&reader->text, value ? str_of(value) : str_slice(rest, 0, len ? len : 1));
}

static bool read_quoted_part(struct argument_reader *reader)
{
	static const struct {
		char quote;
		void (*read)(struct argument_reader *reader);
	} quotes[] = {{'\'', read_single_quoted}, {'"', read_double_quoted}, {'`', read_backquoted}};

	for (size_t i = 0; i < sizeof(quotes) / sizeof(*quotes); i++)
		if (peek(reader) == quotes[i].quote) {
			reader->argument.is_quoted = true;
			reader->argument.plain_tail = 0;
			quotes[i].read(reader);
			return true;
		}
	return false;
}

static void read_argument(struct argument_reader *reader)
{
	reader->argument = (struct argument){.offset = reader->at};
	while (!at_end(reader) && !char_is_space(peek(reader)) && peek(reader) != '\\') {
		if (read_quoted_part(reader))
			continue;
		if (peek(reader) == ':') {
			read_colon(reader);
			continue;
		}
		buffer_char(&reader->text, peek(reader));
		reader->argument.plain_tail++;
		reader->at++;
	}
}

struct argument_list argument_list_read(struct str line, struct variable_set *variables, struct arena *arena)
{
	struct argument_reader reader = {.line = line, .variables = variables};

	for (;;) {
		while (!at_end(&reader) && char_is_space(peek(&reader)))
			reader.at++;
		if (at_end(&reader) || peek(&reader) == '\\')
			break;
		reader.text = (struct buffer){.arena = arena};
		read_argument(&reader);
		reader.argument.text = buffer_cstr(&reader.text);
		*ARENA_PUSH(arena, reader.list.items, reader.list.count) = reader.argument;
	}
	reader.list.end = reader.at;
	return reader.list;
}

const char *argument_without_semicolon(const struct argument *argument, struct arena *arena)
{
	size_t len = strlen(argument->text);

	for (size_t plain = argument->plain_tail; plain > 0 && len > 0 && argument->text[len - 1] == ';'; plain--)
		len--;
	return arena_strndup(arena, argument->text, len);
}
