/*
 * A reader of its own and not the lexer of scripts: all that has to be told apart above the first statement
 * is white space, comments and a few backslash commands, and that is asked of every file of a project.
 * Whatever else comes ends the head, so what is not known here makes it shorter. Block comments nest, as in
 * PostgreSQL.
 */
#include "migration/head.h"

#include "migration/checksum.h"

static bool is_silent_command(struct str rest)
{
	static const char *const commands[] = {"\\set",        "\\unset",    "\\echo",   "\\qecho", "\\restrict",
	                                       "\\unrestrict", "\\encoding", "\\getenv", NULL};

	for (size_t i = 0; commands[i]; i++) {
		const struct str after = str_slice(rest, str_of(commands[i]).len, rest.len);

		if (str_starts(rest, commands[i]) && (after.len == 0 || char_is_space(after.text[0])))
			return true;
	}
	return false;
}

/* Length of the block comment `rest` starts with; they nest. */
static size_t block_comment_len(struct str rest)
{
	size_t depth = 0;
	size_t at = 0;

	while (at < rest.len) {
		const struct str here = str_slice(rest, at, at + 2);

		if (str_is(here, "/*"))
			depth++;
		else if (str_is(here, "*/"))
			depth--;
		at += str_is(here, "/*") || str_is(here, "*/") ? 2 : 1;
		if (depth == 0)
			return at;
	}
	return rest.len;
}

bool head_next(struct head *head, struct str *comment, size_t *offset)
{
	while (head->at < head->text.len) {
		const struct str rest = str_slice(head->text, head->at, head->text.len);

		if (char_is_space(rest.text[0])) {
			head->at++;
		} else if (str_starts(rest, "/*")) {
			head->at += block_comment_len(rest);
		} else if (str_starts(rest, "--")) {
			*comment = str_slice(rest, 0, str_index(rest, '\n'));
			*offset = head->at;
			head->at += comment->len;
			return true;
		} else if (is_silent_command(rest)) {
			head->at += str_index(rest, '\n');
		} else {
			return false;
		}
	}
	return false;
}

struct head head_of(struct str text)
{
	return (struct head){.text = text, .at = text.len - text_without_bom(text).len};
}

size_t head_len(struct str text)
{
	struct head head = head_of(text);
	struct str comment;
	size_t offset;

	while (head_next(&head, &comment, &offset))
		;
	return head.at;
}

struct place place_in(struct str text, const char *path, size_t offset)
{
	struct place place = {.path = path, .line = 1};
	size_t line_start = 0;

	for (size_t i = 0; i < offset; i++) {
		if (text.text[i] != '\n')
			continue;
		place.line++;
		line_start = i + 1;
	}
	const struct str rest = str_slice(text, line_start, text.len);
	place.text = str_slice(rest, 0, str_index(rest, '\n'));
	if (str_ends(place.text, "\r"))
		place.text.len--;
	place.column = utf8_count(str_slice(rest, 0, offset - line_start)) + 1;
	return place;
}
