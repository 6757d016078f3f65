/*
 * The loop in reading_advance() is psql's main loop turned inside out: psql
 * sends a statement when it sees its semicolon, we hand it out. Variables, \if
 * and includes are settled on the way, so what comes out is flat.
 */
#include <string.h>

#include "sql/reader.h"
#include "sql/source.h"

/* How much SQL is lexed before the pages already read are released. */
enum { RELEASE_SIZE = 1024 * 1024 };

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

	if (reader_has_started(reader) || reader->lexer.is_derived || !reader_is_active(reader) ||
	    !is_directive(comment, &text))
		return;
	*ARENA_PUSH(reader->reading->passing, reader->directives, reader->directive_count) =
	    (struct directive_text){text, (size_t)(text.text - reader->source->file.text.text)};
}

/* In an inactive branch the text just grows, as in psql; the branch's end forgets it. */
static void on_semicolon(struct reader *reader)
{
	if (reader_is_active(reader))
		reader_finish_group(reader, reader->lexer.at - 1);
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
		reader_join_group(reader, lexer->at - 2);
	} else {
		reader_close_segment(reader, lexer->at - 2);
		reader_open_segment(reader, lexer->at - 1);
	}
}

static bool on_command(struct reader *reader, struct error *err)
{
	struct lexer *lexer = &reader->lexer;
	const bool continues = reader_has_started(reader);

	if (lexer->is_derived) {
		error_set(err, ERROR_FILES, "a variable's value cannot hold a backslash command");
		return reader_fail(reader, lexer->origin, err);
	}
	reader_close_segment(reader, lexer->at - 1);
	if (!reader_obey(reader, err))
		return false;
	/* An \else may have taken back all of the statement that was there. */
	if (continues && reader->segment_count > 0)
		reader_open_segment(reader, lexer->at);
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
		reader_leave_value(reader);
	else if (reader->resume_at)
		reader_resume_after_data(reader);
	else
		return false;
	return true;
}

static bool fail_open(const struct reader *reader, struct error *err)
{
	const struct lexer *lexer = &reader->lexer;

	error_set(err, ERROR_FILES, "unterminated %s", lexer_open_name(lexer->open));
	if (reader->reading->depends_on_escapes)
		error_hint(err, "To escape with backslashes in '...', write E'...', or SET "
		                "standard_conforming_strings = off in the file.");
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
	if (reader->lexer.nesting.paren_depth && reader_has_started(reader))
		return fail_parenthesis(reader, err);
	reader_finish_group(reader, reader->lexer.at);
	return true;
}

/* Literals of the other kinds end where they end. */
static bool may_depend(struct str literal)
{
	return !strchr("eEuUbBxX$", literal.text[0]) && lexer_depends_on_escapes(literal);
}

static void note_dependent(struct reader *reader)
{
	struct reading *reading = reader->reading;

	reader->depends_on_escapes = true;
	if (!reading->depends_on_escapes)
		reading->first_dependent =
		    (struct known_strings){reading->statement_count, reader->lexer.has_escapes};
	reading->depends_on_escapes = true;
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
		return reader_replace(reader, token.text, err);
	case TOKEN_SEMICOLON:
		on_semicolon(reader);
		return true;
	case TOKEN_BACKSLASH:
		return on_backslash(reader, err);
	case TOKEN_END:
	case TOKEN_STRING:
		if (may_depend(token.text))
			note_dependent(reader);
		break;
	case TOKEN_WORD:
	case TOKEN_NAME:
	case TOKEN_NUMBER:
	case TOKEN_OPERATOR:
	case TOKEN_PUNCTUATION:
		break;
	}
	if (!reader->in_segment)
		reader_open_segment(reader, reader->lexer.at - token.text.len);
	return true;
}

/* A value is in one line, whatever it holds. */
static bool ends_line(const struct reader *reader, const struct token *token)
{
	return !reader->lexer.is_derived && str_index(token->text, '\n') < token->text.len;
}

/* A window of the file is behind us, unless somebody holds on to its statements. */
static void let_go(struct reader *reader)
{
	const size_t at = reader_file_position(reader);

	if (at < reader->released + RELEASE_SIZE)
		return;
	reader_digest(reader, at);
	file_text_release(&reader->source->file, at);
	reader->released = at;
}

static bool end_source(struct reader *reader, struct error *err)
{
	if (!finish_source(reader, err))
		return false;
	reader_digest(reader, reader->source->file.text.len);
	reader->reading->reader = reader->includer;
	reader_close(reader);
	return true;
}

static bool advance(struct reading *reading, struct error *err)
{
	while (reading->reader && reading->ready_count == 0) {
		struct reader *reader = reading->reader;
		const struct token token = lexer_next(&reader->lexer);

		if (token.kind != TOKEN_END) {
			if (!read_token(reader, token, err))
				return false;
			if (reader->lexer.has_escapes != reading->strings.now && ends_line(reader, &token))
				reader_begin_line(reader);
			if (token.kind == TOKEN_SEMICOLON)
				let_go(reader);
		} else if (!on_end(reader) && !end_source(reader, err)) {
			return false;
		}
	}
	return true;
}

/* Zeros in place of text that is gone are no literal without an end. */
static bool blame_cut(const struct reading *reading, struct error *err)
{
	for (size_t i = 0; i < reading->script->source_count; i++) {
		const struct source *source = reading->script->sources[i];

		if (!file_text_is_whole(&source->file)) {
			*err = (struct error){0};
			return file_text_check(STR("\0"), source->path, ERROR_FILES, err);
		}
	}
	return false;
}

bool reading_advance(struct reading *reading, struct error *err)
{
	return advance(reading, err) || blame_cut(reading, err);
}

void reader_begin(struct reader *reader)
{
	struct reading *reading = reader->reading;

	reader->lexer.text = reader->source->file.text;
	reader->lexer.at = source_start(reader->source);
	reader->lexer.joins_lines = true;
	reader->counted_line = 1;
	reader_begin_line(reader);
	reader->digested = source_start(reader->source);
	if (reading->digest && (reader->includer || !reading->options->known_checksum))
		reader->digest = digest_open();
	reading->reader = reader;
}

void reader_digest(struct reader *reader, size_t to)
{
	const struct file_text *file = &reader->source->file;

	while (reader->digest && reader->digested < to) {
		const struct str part = str_slice(file->text, reader->digested, to);
		const struct str window = str_slice(part, 0, RELEASE_SIZE);

		digest_add_text(reader->digest, window);
		reader->digested += window.len;
		if (window.len < part.len)
			file_text_release(file, reader->digested);
	}
}

void reader_close(struct reader *reader)
{
	struct digest *all = reader->reading->digest;
	uint8_t bytes[DIGEST_SIZE];
	char checksum[DIGEST_HEX_LEN + 1];

	if (reader->digest) {
		digest_finish(reader->digest, bytes);
		digest_close(&reader->digest);
		hex_write(bytes, sizeof(bytes), checksum);
		digest_add(all, str_of(checksum));
	} else if (all) {
		digest_add(all, str_of(reader->reading->options->known_checksum));
	}
}
