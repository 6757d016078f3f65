/*
 * verbose_words.h - the SQLSTATE in what libpq and psql print when they are verbose
 *
 * "ERROR:  42501: permission denied", and a line "LOCATION:  ..." after it. The
 * code is the same in every language of the server.
 */
#ifndef RUNG_PG_VERBOSE_WORDS_H
#define RUNG_PG_VERBOSE_WORDS_H

#include <stdbool.h>

#include "base/arena.h"

enum { SQLSTATE_LEN = 5 };

/* Where a code begins, at or after `words`; NULL for none. */
const char *verbose_words_code(const char *words);

bool verbose_words_have(const char *words, const char *sqlstate);

/* The same words as they are without being verbose. */
char *verbose_words_strip(const char *words, struct arena *arena);

#endif
