/*
 * printed_text.h - expressions as the server prints them, character by character
 *
 * Its forms are few, quotes and brackets balance, and standard_conforming_strings
 * is on: backslashes escape in E'' only.
 */
#ifndef RUNG_CATALOG_PRINTED_TEXT_H
#define RUNG_CATALOG_PRINTED_TEXT_H

#include "base/buffer.h"

/* Behind the quoted text or name that begins at `c`, or the "$$...$$" of a function's body; `c` itself where
 * none does. `begin` is where the whole text does. */
const char *printed_skip_quoted(const char *begin, const char *c);

/* Copies what printed_skip_quoted() skips, or one character, and returns what is behind it. */
const char *printed_copy(struct buffer *out, const char *begin, const char *c);

/* The next character from `c` on that is one of `wanted` and in no quotes or brackets; or the end. */
const char *printed_find(const char *begin, const char *c, const char *wanted);

/* The same for a word, before `end`; NULL where it is not there. */
const char *printed_find_word(const char *begin, const char *c, const char *end, const char *word);

#endif
