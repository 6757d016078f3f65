/*
 * string_setting.h - standard_conforming_strings, as statements of a file set it
 *
 * psql asks its connection before it reads a line; a file that is read before
 * anything of it runs can only look at its statements. What they do not say
 * themselves (a function changes it, a transaction is rolled back by an error)
 * is found out when they run: script_options, `known_strings`.
 */
#ifndef RUNG_SQL_STRING_SETTING_H
#define RUNG_SQL_STRING_SETTING_H

#include "sql/kind.h"
#include "sql/lexer.h"

/* Whether backslashes escape in '...': now, after the transaction, and where it is rolled back. */
struct string_setting {
	bool now;
	bool kept;
	bool at_begin;
	bool usual;      /* what the session came with, and RESET goes back to */
	bool is_outside; /* the file's own transaction has ended: what is LOCAL has nothing to belong to */
};

struct string_setting string_setting_usual(bool has_escapes);

/* What it is after a statement; `lexer` is at its first character. */
void string_setting_follow(struct string_setting *setting, struct lexer lexer, struct statement_kind kind);

#endif
