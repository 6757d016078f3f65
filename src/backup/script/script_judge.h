/*
 * script_judge.h - may this token of a script pass?
 *
 * Follows the tokens of a script from statement to statement and refuses what
 * script_guard.h says, except commands, which its caller judges. For
 * script_guard.c alone.
 */
#ifndef RUNG_BACKUP_SCRIPT_SCRIPT_JUDGE_H
#define RUNG_BACKUP_SCRIPT_SCRIPT_JUDGE_H

#include "backup/script/script_doubt.h"
#include "base/error.h"
#include "base/scope.h"

/* Of a statement, or of a part of a body that a semicolon ends. */
struct script_part {
	size_t word_count; /* outside parentheses */
	bool is_prepare;
	bool is_copy;
	bool is_set;
	bool has_direction; /* FROM or TO was seen */
	bool wants_source;  /* the next word says from where */
	bool copies_in;
};

/*
 * How a statement begins. Versions of psql differ in which words before BEGIN make it the beginning of a
 * body, and none asks for the ATOMIC after it; here both must be as the server wants them.
 */
struct script_beginning {
	size_t word_count; /* in a row, before anything else */
	bool is_over;
	bool is_routine;   /* CREATE [OR REPLACE] FUNCTION or PROCEDURE */
	bool may_be_one;   /* these words were seen somewhere */
	bool wants_atomic; /* after BEGIN */
};

/* Zeroed but for the first two it is at the beginning of a script. */
struct script_judge {
	const struct lexer *lexer; /* that the tokens come from */
	bool psql_is_restricted;
	bool data_follows;       /* the statement that has ended takes data from the next line on */
	unsigned long long line; /* from 0 */
	bool is_inside_line;
	struct script_part part;
	struct script_beginning beginning;
	enum token_kind before; /* the token directly before */
	bool is_dotted;         /* a dot came last: what follows is part of a name */
	struct script_doubt doubt;
};

/* `open` and `was_body`: what the lexer was in before it read the token. */
MUST_USE bool script_judge_token(struct script_judge *judge, struct token token, enum lexer_open open,
                                 bool was_body, struct error *err);

/* What is no SQL: COPY data, the rest of a long comment. */
MUST_USE bool script_judge_bytes(struct script_judge *judge, struct str text, struct error *err);

#endif
