/*
 * Two things here look wrong to who knows the server's lexer, and are psql's
 * ways. A literal continued on the next line ('a' newline 'b') is two literals,
 * so in the second part of E'a' newline 'b\'' the backslash escapes nothing:
 * psql lexes each line by itself, and sends what it took for one statement in
 * one message, which the server cuts as `joins_lines` does. And the body of a function is recognised by
 * counting words (CREATE [OR REPLACE] FUNCTION|PROCEDURE, then BEGIN, CASE and
 * END outside parentheses), because psql has no grammar to ask.
 */
#include "sql/lexer.h"

#include <stdint.h>
#include <string.h>

enum char_class {
	CLASS_OTHER,
	CLASS_SPACE,
	CLASS_LETTER, /* may begin a name: letters, underscore, everything beyond ASCII */
	CLASS_DIGIT,
	CLASS_DOLLAR,
	CLASS_OPERATOR,
	CLASS_QUOTE,
	CLASS_DOUBLE_QUOTE,
	CLASS_COLON,
	CLASS_DOT,
	CLASS_OPEN,
	CLASS_CLOSE,
	CLASS_SEMICOLON,
	CLASS_BACKSLASH,
};

static const uint8_t classes[256] = {
    [' '] = CLASS_SPACE,
    ['\t' ... '\r'] = CLASS_SPACE,
    ['a' ... 'z'] = CLASS_LETTER,
    ['A' ... 'Z'] = CLASS_LETTER,
    ['_'] = CLASS_LETTER,
    [0x80 ... 0xFF] = CLASS_LETTER,
    ['0' ... '9'] = CLASS_DIGIT,
    ['$'] = CLASS_DOLLAR,
    ['~'] = CLASS_OPERATOR,
    ['!'] = CLASS_OPERATOR,
    ['@'] = CLASS_OPERATOR,
    ['#'] = CLASS_OPERATOR,
    ['^'] = CLASS_OPERATOR,
    ['&'] = CLASS_OPERATOR,
    ['|'] = CLASS_OPERATOR,
    ['`'] = CLASS_OPERATOR,
    ['?'] = CLASS_OPERATOR,
    ['+'] = CLASS_OPERATOR,
    ['-'] = CLASS_OPERATOR,
    ['*'] = CLASS_OPERATOR,
    ['/'] = CLASS_OPERATOR,
    ['%'] = CLASS_OPERATOR,
    ['<'] = CLASS_OPERATOR,
    ['>'] = CLASS_OPERATOR,
    ['='] = CLASS_OPERATOR,
    ['\''] = CLASS_QUOTE,
    ['"'] = CLASS_DOUBLE_QUOTE,
    [':'] = CLASS_COLON,
    ['.'] = CLASS_DOT,
    ['('] = CLASS_OPEN,
    [')'] = CLASS_CLOSE,
    [';'] = CLASS_SEMICOLON,
    ['\\'] = CLASS_BACKSLASH,
};

static enum char_class class_of(char c)
{
	return classes[(unsigned char)c];
}

/* By the order of enum char_class: letters, digits and the dollar are beside each other. */
static bool continues_word(char c)
{
	const enum char_class class = class_of(c);

	return class >= CLASS_LETTER && class <= CLASS_DOLLAR;
}

static bool continues_variable(char c)
{
	const enum char_class class = class_of(c);

	return class == CLASS_LETTER || class == CLASS_DIGIT;
}

/* The character `ahead` of the current one; NUL beyond the end, which is in no class. */
static char peek(const struct lexer *lexer, size_t ahead)
{
	const size_t at = lexer->at + ahead;

	return at < lexer->text.len ? lexer->text.text[at] : '\0';
}

static struct str rest_of(const struct lexer *lexer)
{
	return str_slice(lexer->text, lexer->at, lexer->text.len);
}

static size_t place_of(const struct lexer *lexer)
{
	return lexer->is_derived ? lexer->origin : lexer->at;
}

static void skip_class(struct lexer *lexer, enum char_class class)
{
	while (lexer->at < lexer->text.len && class_of(lexer->text.text[lexer->at]) == class)
		lexer->at++;
}

static void skip_word(struct lexer *lexer)
{
	while (lexer->at < lexer->text.len && continues_word(lexer->text.text[lexer->at]))
		lexer->at++;
}

/* --- what may be left open ------------------------------------------------ */

static void close_at(struct lexer *lexer, size_t at)
{
	lexer->at = at;
	lexer->continued =
	    lexer->open == OPEN_STRING || lexer->open == OPEN_ESCAPE_STRING ? lexer->open : OPEN_NOTHING;
	lexer->is_next_line = false;
	lexer->open = OPEN_NOTHING;
}

/* Up to `quote`, which doubled stands for itself. */
static void finish_quoted(struct lexer *lexer, char quote)
{
	for (;;) {
		lexer->at += str_index(rest_of(lexer), quote);
		if (lexer->at == lexer->text.len)
			return;
		if (peek(lexer, 1) != quote) {
			close_at(lexer, lexer->at + 1);
			return;
		}
		lexer->at += 2;
	}
}

static enum token_kind finish_string(struct lexer *lexer)
{
	finish_quoted(lexer, '\'');
	return TOKEN_STRING;
}

static enum token_kind finish_name(struct lexer *lexer)
{
	finish_quoted(lexer, '"');
	return TOKEN_NAME;
}

/* Up to a quote that is neither doubled nor after a backslash. */
static enum token_kind finish_escape_string(struct lexer *lexer)
{
	const size_t len = lexer->text.len;

	while (lexer->at < len) {
		const char c = lexer->text.text[lexer->at];

		if (c == '\\') {
			lexer->at = lexer->at + 2 < len ? lexer->at + 2 : len;
		} else if (c == '\'' && peek(lexer, 1) == '\'') {
			lexer->at += 2;
		} else if (c == '\'') {
			close_at(lexer, lexer->at + 1);
			break;
		} else {
			lexer->at++;
		}
	}
	return TOKEN_STRING;
}

static enum token_kind finish_dollar_string(struct lexer *lexer)
{
	const struct str rest = rest_of(lexer);
	const char *end =
	    rest.len ? memmem(rest.text, rest.len, lexer->dollar_tag.text, lexer->dollar_tag.len) : NULL;

	if (end)
		close_at(lexer, (size_t)(end - lexer->text.text) + lexer->dollar_tag.len);
	else
		lexer->at = lexer->text.len;
	return TOKEN_STRING;
}

static enum token_kind finish_comment(struct lexer *lexer)
{
	while (lexer->at < lexer->text.len) {
		const char c = lexer->text.text[lexer->at];

		if (c == '*' && peek(lexer, 1) == '/') {
			lexer->at += 2;
			if (--lexer->comment_depth == 0) {
				lexer->open = OPEN_NOTHING;
				break;
			}
		} else if (c == '/' && peek(lexer, 1) == '*') {
			lexer->at += 2;
			lexer->comment_depth++;
		} else {
			lexer->at++;
		}
	}
	return TOKEN_COMMENT;
}

static const struct {
	const char *name;
	enum token_kind (*finish)(struct lexer *lexer);
} openings[] = {
    [OPEN_STRING] = {"quoted string", finish_string},
    [OPEN_ESCAPE_STRING] = {"quoted string", finish_escape_string},
    [OPEN_NAME] = {"quoted identifier", finish_name},
    [OPEN_DOLLAR_STRING] = {"dollar-quoted string", finish_dollar_string},
    [OPEN_COMMENT] = {"comment", finish_comment},
};

const char *lexer_open_name(enum lexer_open open)
{
	return openings[open].name;
}

static enum token_kind open_and_finish(struct lexer *lexer, enum lexer_open open, size_t opening_len)
{
	lexer->open = open;
	lexer->opened_at = place_of(lexer);
	lexer->at += opening_len;
	return openings[open].finish(lexer);
}

/* --- scanners ------------------------------------------------------------- */

static enum token_kind scan_other(struct lexer *lexer)
{
	lexer->at++;
	return TOKEN_PUNCTUATION;
}

static enum token_kind scan_space(struct lexer *lexer)
{
	skip_class(lexer, CLASS_SPACE);
	return TOKEN_SPACE;
}

/* The words that decide whether BEGIN opens a body: a letter for each is enough to tell them apart. */
static char initial_of_interest(struct str word)
{
	static const char *const words[] = {"create", "or", "replace", "function", "procedure"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (char_fold(word.text[0]) == words[i][0] && str_is_folded(word, words[i]))
			return words[i][0];
	return '\0';
}

static bool creates_routine(const struct lexer_nesting *nesting)
{
	const char *words = nesting->first_words;

	if (words[0] != 'c')
		return false;
	const size_t next = words[1] == 'o' && words[2] == 'r' ? 3 : 1;
	return words[next] == 'f' || words[next] == 'p';
}

/* CASE ends with END too, so it counts, but only inside a body. */
static void count_body(struct lexer_nesting *nesting, struct str word)
{
	if (str_is_folded(word, "begin") || (nesting->begin_depth > 0 && str_is_folded(word, "case")))
		nesting->begin_depth++;
	else if (nesting->begin_depth > 0 && str_is_folded(word, "end"))
		nesting->begin_depth--;
}

/* identifier_count, identifiers and begin_depth of psqlscan.l, since psql 14. */
void lexer_note_word(struct lexer_nesting *nesting, struct str word)
{
	if (nesting->paren_depth > 0)
		return;
	if (nesting->word_count > 0 && nesting->first_words[0] != 'c')
		return; /* no more of them can change that no routine is created */
	if (nesting->word_count == 0)
		memset(nesting->first_words, 0, sizeof(nesting->first_words));
	if (nesting->word_count < sizeof(nesting->first_words))
		nesting->first_words[nesting->word_count++] = initial_of_interest(word);
	if (creates_routine(nesting))
		count_body(nesting, word);
}

void lexer_forget_words(struct lexer *lexer)
{
	lexer->nesting.word_count = 0;
}

static enum lexer_open usual_literal(const struct lexer *lexer)
{
	return lexer->has_escapes ? OPEN_ESCAPE_STRING : OPEN_STRING;
}

/* E'...', B'...', X'...', N'...', U&'...' and U&"..."; OPEN_NOTHING for a plain word. */
static enum lexer_open literal_prefix(const struct lexer *lexer, size_t *len)
{
	const char letter = char_fold(peek(lexer, 0));
	const char second = peek(lexer, 1);

	*len = 2;
	if (second == '\'' && letter == 'e')
		return OPEN_ESCAPE_STRING;
	if (second == '\'' && (letter == 'b' || letter == 'x'))
		return OPEN_STRING;
	if (second == '\'' && letter == 'n')
		return usual_literal(lexer);
	if (letter != 'u' || second != '&')
		return OPEN_NOTHING;
	*len = 3;
	return peek(lexer, 2) == '\'' ? OPEN_STRING : peek(lexer, 2) == '"' ? OPEN_NAME : OPEN_NOTHING;
}

static enum token_kind scan_word(struct lexer *lexer)
{
	const size_t from = lexer->at;
	size_t prefix_len;
	const enum lexer_open open = literal_prefix(lexer, &prefix_len);

	if (open != OPEN_NOTHING)
		return open_and_finish(lexer, open, prefix_len);
	skip_word(lexer);
	lexer_note_word(&lexer->nesting, str_slice(lexer->text, from, lexer->at));
	return TOKEN_WORD;
}

/*
 * Letters that follow a number directly belong to it, as since PostgreSQL 15; so 1E'x' holds no escapes and
 * 1E--x no comment.
 */
static enum token_kind scan_number(struct lexer *lexer)
{
	skip_class(lexer, CLASS_DIGIT);
	if (peek(lexer, 0) == '.' && peek(lexer, 1) != '.') {
		lexer->at++;
		skip_class(lexer, CLASS_DIGIT);
	}
	if (char_fold(peek(lexer, 0)) == 'e' && (peek(lexer, 1) == '-' || peek(lexer, 1) == '+')) {
		lexer->at += 2;
		skip_class(lexer, CLASS_DIGIT);
	}
	if (class_of(peek(lexer, 0)) == CLASS_LETTER)
		skip_word(lexer);
	return TOKEN_NUMBER;
}

static enum token_kind scan_dot(struct lexer *lexer)
{
	if (peek(lexer, 1) == '.') {
		lexer->at += 2;
		return TOKEN_OPERATOR;
	}
	return class_of(peek(lexer, 1)) == CLASS_DIGIT ? scan_number(lexer) : scan_other(lexer);
}

/* The length of $$ or $tag$ at the current place, or 0; other than a name, a tag holds no dollar. */
static size_t dollar_tag_len(const struct lexer *lexer)
{
	size_t len = 1;

	if (class_of(peek(lexer, 1)) == CLASS_LETTER)
		while (continues_variable(peek(lexer, len)))
			len++;
	return peek(lexer, len) == '$' ? len + 1 : 0;
}

static enum token_kind scan_dollar(struct lexer *lexer)
{
	const size_t tag_len = dollar_tag_len(lexer);

	if (tag_len > 0) {
		lexer->dollar_tag = str_slice(lexer->text, lexer->at, lexer->at + tag_len);
		return open_and_finish(lexer, OPEN_DOLLAR_STRING, tag_len);
	}
	lexer->at++;
	return class_of(peek(lexer, 0)) == CLASS_DIGIT ? scan_number(lexer) : TOKEN_PUNCTUATION;
}

/* psql's newline is [\n\r], so a CR by itself ends a comment as well. */
static enum token_kind scan_line_comment(struct lexer *lexer)
{
	struct str line = rest_of(lexer);

	line.len = str_index(line, '\n');
	lexer->at += str_index(line, '\r');
	return TOKEN_COMMENT;
}

static bool starts_comment(const struct lexer *lexer)
{
	const char c = peek(lexer, 0);

	return (c == '-' && peek(lexer, 1) == '-') || (c == '/' && peek(lexer, 1) == '*');
}

/* A comment may begin right after an operator and is no part of it. */
static enum token_kind scan_operator(struct lexer *lexer)
{
	if (starts_comment(lexer)) {
		if (peek(lexer, 0) == '-')
			return scan_line_comment(lexer);
		lexer->comment_depth = 1;
		return open_and_finish(lexer, OPEN_COMMENT, 2);
	}
	do
		lexer->at++;
	while (class_of(peek(lexer, 0)) == CLASS_OPERATOR && !starts_comment(lexer));
	return TOKEN_OPERATOR;
}

static enum token_kind scan_quote(struct lexer *lexer)
{
	const bool continues = lexer->joins_lines && lexer->continued && lexer->is_next_line;

	return open_and_finish(lexer, continues ? lexer->continued : usual_literal(lexer), 1);
}

static enum token_kind scan_double_quote(struct lexer *lexer)
{
	return open_and_finish(lexer, OPEN_NAME, 1);
}

size_t lexer_reference_len(struct str text)
{
	static const struct {
		const char *before, *after;
	} forms[] = {{":", ""}, {":'", "'"}, {":\"", "\""}, {":{?", "}"}};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		const size_t from = strlen(forms[i].before);
		size_t to = from;

		if (!str_starts(text, forms[i].before))
			continue;
		while (to < text.len && continues_variable(text.text[to]))
			to++;
		if (to > from && str_starts(str_slice(text, to, text.len), forms[i].after))
			return to + strlen(forms[i].after);
	}
	return 0;
}

static enum token_kind scan_colon(struct lexer *lexer)
{
	const char second = peek(lexer, 1);

	if (second == ':' || second == '=') {
		lexer->at += 2;
		return TOKEN_OPERATOR;
	}
	const size_t len = lexer_reference_len(rest_of(lexer));
	lexer->at += len > 0 ? len : 1;
	return len > 0 ? TOKEN_VARIABLE : TOKEN_PUNCTUATION;
}

static enum token_kind scan_open(struct lexer *lexer)
{
	if (lexer->nesting.paren_depth++ == 0)
		lexer->nesting.paren_at = place_of(lexer);
	return scan_other(lexer);
}

static enum token_kind scan_close(struct lexer *lexer)
{
	if (lexer->nesting.paren_depth > 0)
		lexer->nesting.paren_depth--;
	return scan_other(lexer);
}

static enum token_kind scan_semicolon(struct lexer *lexer)
{
	lexer->at++;
	if (lexer->nesting.paren_depth > 0 || lexer->nesting.begin_depth > 0)
		return TOKEN_PUNCTUATION;
	lexer_forget_words(lexer);
	return TOKEN_SEMICOLON;
}

static enum token_kind scan_backslash(struct lexer *lexer)
{
	lexer->at++;
	return TOKEN_BACKSLASH;
}

static enum token_kind (*const scanners[])(struct lexer *lexer) = {
    [CLASS_OTHER] = scan_other,         [CLASS_SPACE] = scan_space,
    [CLASS_LETTER] = scan_word,         [CLASS_DIGIT] = scan_number,
    [CLASS_DOLLAR] = scan_dollar,       [CLASS_OPERATOR] = scan_operator,
    [CLASS_QUOTE] = scan_quote,         [CLASS_DOUBLE_QUOTE] = scan_double_quote,
    [CLASS_COLON] = scan_colon,         [CLASS_DOT] = scan_dot,
    [CLASS_OPEN] = scan_open,           [CLASS_CLOSE] = scan_close,
    [CLASS_SEMICOLON] = scan_semicolon, [CLASS_BACKSLASH] = scan_backslash,
};

/* What may be between the parts of a literal, line breaks among it; anything else ends it for good. */
static void note_gap(struct lexer *lexer, const struct token *token)
{
	const bool is_gap = token->kind == TOKEN_SPACE || str_starts(token->text, "--");

	if (!is_gap)
		lexer->continued = OPEN_NOTHING;
	else if (str_index(token->text, '\n') < token->text.len || str_index(token->text, '\r') < token->text.len)
		lexer->is_next_line = true;
}

bool lexer_depends_on_escapes(struct str literal)
{
	for (size_t i = 1; i < literal.len; i++)
		if (literal.text[i - 1] == '\\' && literal.text[i] == '\'')
			return true;
	return false;
}

struct token lexer_next(struct lexer *lexer)
{
	const size_t from = lexer->at;

	if (from >= lexer->text.len)
		return (struct token){TOKEN_END, {from ? lexer->text.text + lexer->text.len : lexer->text.text, 0}};
	const enum token_kind kind =
	    lexer->open ? openings[lexer->open].finish(lexer) : scanners[class_of(lexer->text.text[from])](lexer);
	const struct token token = {kind, {lexer->text.text + from, lexer->at - from}};

	if (lexer->continued && kind != TOKEN_STRING)
		note_gap(lexer, &token);
	return token;
}

struct token lexer_next_significant(struct lexer *lexer)
{
	struct token token;

	do
		token = lexer_next(lexer);
	while (token.kind == TOKEN_SPACE || token.kind == TOKEN_COMMENT);
	return token;
}
