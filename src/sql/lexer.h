/*
 * lexer.h - SQL text as the tokens psql sees
 *
 * Follows psql, not the server, wherever the two differ, because psql decides
 * where a statement ends: it reads line by line and looks at no grammar.
 * Nothing is copied and nothing can fail; what a token means is left to the
 * caller.
 *
 * Literals, quoted names and comments may be left open when the text ends
 * (psql replaces variables inside statements, so a literal may begin in a
 * variable's value and end in the file). The lexer remembers what is open:
 * give it further text (text, at) and continue.
 */
#ifndef RUNG_SQL_LEXER_H
#define RUNG_SQL_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum token_kind {
	TOKEN_END, /* of this text */
	TOKEN_SPACE,
	TOKEN_COMMENT,
	TOKEN_WORD,        /* a keyword or an unquoted name */
	TOKEN_NAME,        /* "in double quotes" */
	TOKEN_STRING,      /* any literal in quotes, with its prefix, or in dollars */
	TOKEN_NUMBER,      /* or a parameter: $1 */
	TOKEN_OPERATOR,    /* also :: := and .. */
	TOKEN_PUNCTUATION, /* one character; includes a semicolon that ends nothing */
	TOKEN_SEMICOLON,   /* the end of a statement */
	TOKEN_VARIABLE,    /* :name :'name' :"name" :{?name} */
	TOKEN_BACKSLASH,   /* just the backslash; a command, ";" or ":" follows */
};

struct token {
	enum token_kind kind;
	struct str text;
};

enum lexer_open {
	OPEN_NOTHING,
	OPEN_STRING,
	OPEN_ESCAPE_STRING, /* E'...' */
	OPEN_NAME,
	OPEN_DOLLAR_STRING,
	OPEN_COMMENT,
};

/* How deep in a statement we are; what decides whether a semicolon ends it. */
struct lexer_nesting {
	size_t paren_depth;
	size_t paren_at; /* of the outermost one */
	size_t begin_depth;
	unsigned word_count; /* up to four of those outside parentheses, while they may matter; quoted names do
	                        not count */
	char first_words[4]; /* initials of CREATE, OR, REPLACE, FUNCTION, PROCEDURE among them */
};

/* Zeroed, with `text` set, it is at the start of a file. */
struct lexer {
	struct str text;
	/*
	 * A literal continues on the next line ('a' newline 'b') and keeps its kind, as the server has it. psql,
	 * and who has to see what psql sees, takes the second part for a literal of its own.
	 */
	bool joins_lines;
	bool has_escapes; /* standard_conforming_strings is off: backslashes escape in '...' as in E'...' */
	size_t at;
	size_t origin;   /* what `opened_at` and `paren_at` say while lexing text that is not the file's */
	bool is_derived; /* the text is not the file's */

	enum lexer_open open;
	enum lexer_open continued; /* the kind of a literal that may continue on the next line */
	bool is_next_line;
	size_t opened_at;
	struct str dollar_tag; /* with both dollars */
	size_t comment_depth;
	struct lexer_nesting nesting;
};

struct token lexer_next(struct lexer *lexer);

/*
 * Whether the end of that literal, or of a part of one, depends on standard_conforming_strings: a quote in it
 * is after a backslash.
 */
bool lexer_depends_on_escapes(struct str literal);

/* The same without spaces and comments. */
struct token lexer_next_significant(struct lexer *lexer);

/* A keyword or an unquoted name has passed; for who reads without a lexer. */
void lexer_note_word(struct lexer_nesting *nesting, struct str word);

/* After "\;": what follows is a statement of its own as far as BEGIN ATOMIC is concerned. */
void lexer_forget_words(struct lexer *lexer);

/*
 * The length of the variable reference `text` begins with (:name, :'name',
 * :"name" or :{?name}), or 0 when there is none.
 */
size_t lexer_reference_len(struct str text);

/* For messages: "quoted string", "comment", ...; never for OPEN_NOTHING. */
const char *lexer_open_name(enum lexer_open open);

#endif
