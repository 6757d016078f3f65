/*
 * script_doubt.h - does a script read the same under all settings?
 *
 * psql looks at two settings before it reads a line. With
 * standard_conforming_strings off, a backslash in '...' escapes a quote. With
 * a client_encoding that the server does not store (SJIS, BIG5, GBK, UHC,
 * GB18030, JOHAB), a byte from 0x80 on takes one to three bytes after it
 * along, quotes and backslashes among them, whatever they are. What ends
 * elsewhere under one of these is a doubt. A doubt harms nobody until a
 * backslash follows, as psql obeys nothing without one.
 *
 * For script_guard.c alone. Bytes are given in their order, none left out but COPY data.
 */
#ifndef RUNG_BACKUP_SCRIPT_SCRIPT_DOUBT_H
#define RUNG_BACKUP_SCRIPT_SCRIPT_DOUBT_H

#include <stdint.h>

#include "sql/lexer.h"

/* Kinds of encodings, by how many bytes psql takes for one character. */
enum { SCRIPT_ENCODINGS = 4 };

struct script_doubt {
	const char *what;                /* NULL while there is none */
	unsigned long long line;         /* of the first one, from 0 */
	uint8_t taken[SCRIPT_ENCODINGS]; /* how many of the next bytes belong to the character before them */
	bool may_be_four;                /* GB18030: a digit makes it four bytes */
	enum { SETTING_NONE, SETTING_STRINGS, SETTING_ENCODING } setting; /* its value comes next */
};

/*
 * `open` is what the token is in, or OPEN_NOTHING, `is_continued` whether it began before; `line` is where
 * the token begins. True when psql may obey a backslash of the token: there was a doubt before it.
 */
bool script_doubt_follow(struct script_doubt *doubt, struct token token, enum lexer_open open,
                         bool is_continued, unsigned long long line);

/* The same for bytes that are no tokens. */
bool script_doubt_is_harmful(const struct script_doubt *doubt, struct str text);

/*
 * The statements that change the settings openly: what is wrong with the one this token belongs to, or NULL.
 */
const char *script_doubt_setting(struct script_doubt *doubt, struct token token, bool is_in_set);

#endif
