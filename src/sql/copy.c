/*
 * The table, its columns or a query are SQL and passed by the lexer, which knows about parentheses, quotes
 * and comments; from FROM on psql splits words its own way (parse_slash_copy), and so does this: a file
 * name ends at a space or a semicolon, and a quote in a quoted one is doubled. As psql's documentation
 * says, there are no variables and no backquotes in this one command.
 *
 * Only FROM a file or data in the script is left of it. TO writes files and PROGRAM runs a shell, which
 * applying a migration is not to do; such a file is refused before anything of it runs.
 *
 * STDOUT counts as data in the file also after FROM, as in psql.
 */
#include "sql/copy.h"

#include <string.h>

#include "base/buffer.h"
#include "sql/lexer.h"

static void fail(struct copy_command *copy, struct str line, const char *at, const char *problem)
{
	copy->problem = problem;
	copy->problem_at = (size_t)(at - line.text);
}

/* FROM or TO after the table, outside its list of columns or the query. */
static struct token find_direction(struct lexer *lexer)
{
	struct token token;
	size_t index = 0;

	do
		token = lexer_next_significant(lexer);
	while (token.kind != TOKEN_END &&
	       (index++ == 0 || lexer->nesting.paren_depth > 0 ||
	        !(str_is_folded(token.text, "from") || str_is_folded(token.text, "to"))));
	return token;
}

/* A quoted file name; quotes in it are doubled. */
static const char *read_quoted_path(struct str *rest, struct arena *arena)
{
	struct buffer path = {.arena = arena};
	size_t at = 1;

	for (; at < rest->len; at++) {
		if (rest->text[at] == '\'' && (at + 1 == rest->len || rest->text[at + 1] != '\''))
			break;
		at += rest->text[at] == '\'';
		buffer_char(&path, rest->text[at]);
	}
	if (at >= rest->len)
		return NULL;
	*rest = str_slice(*rest, at + 1, rest->len);
	return buffer_cstr(&path);
}

static const char *read_plain_path(struct str *rest, struct arena *arena)
{
	size_t len = 0;

	while (len < rest->len && !char_is_space(rest->text[len]) && rest->text[len] != ';')
		len++;
	const char *path = arena_strndup(arena, rest->text, len);
	*rest = str_slice(*rest, len, rest->len);
	return path;
}

static const struct {
	const char *word;
	const char *problem; /* NULL: data in the file */
} words[] = {
    {"stdin", NULL},
    {"stdout", NULL}, /* psql takes both, in either direction */
    {"pstdin", "from pstdin is not supported: there is no input while a migration runs"},
    {"pstdout", "from pstdout is not supported"},
    {"program", "from program is not supported: rung runs no shell commands"},
};

static void read_origin(struct copy_command *copy, struct str line, struct str *rest, struct arena *arena)
{
	const char *at = rest->text;
	const bool is_quoted = str_starts(*rest, "'");

	copy->path = is_quoted ? read_quoted_path(rest, arena) : read_plain_path(rest, arena);
	if (!copy->path || !*copy->path) {
		fail(copy, line, at, copy->path ? "requires a file name" : "has an unterminated quoted string");
		return;
	}
	for (size_t i = 0; !is_quoted && i < sizeof(words) / sizeof(*words); i++)
		if (str_is_folded(str_of(copy->path), words[i].word)) {
			if (words[i].problem)
				fail(copy, line, at, words[i].problem);
			copy->path = NULL;
			return;
		}
}

static struct str without_semicolon(struct str text)
{
	text = str_trim(text);
	while (str_ends(text, ";"))
		text = str_trim(str_slice(text, 0, text.len - 1));
	return text;
}

struct copy_command copy_command_parse(struct str line, struct arena *arena)
{
	struct lexer lexer = {.text = line};
	struct copy_command copy = {0};
	const struct token direction = find_direction(&lexer);

	copy.from = direction.text;
	copy.before = str_trim(str_slice(line, 0, lexer.at - direction.text.len));
	if (direction.kind == TOKEN_END) {
		fail(&copy, line, line.text, "cannot be understood: it has no FROM");
	} else if (str_is_folded(direction.text, "to")) {
		fail(&copy, line, direction.text.text, "to is not supported: a migration writes no files");
	} else {
		struct str rest = str_trim(str_slice(line, lexer.at, line.len));

		read_origin(&copy, line, &rest, arena);
		copy.after = without_semicolon(rest);
	}
	return copy;
}
