/*
 * synonym.h - words of other tools, and what they are here
 *
 * Anyone who types "rung rollback" knows what is wanted; the tables tell which
 * command or option it is here. Nothing runs under another name: what a word
 * does elsewhere is rarely the same to the letter.
 */
#ifndef RUNG_COMMAND_LINE_SYNONYM_H
#define RUNG_COMMAND_LINE_SYNONYM_H

#include "base/arena.h"

struct synonym {
	const char *words;   /* "up apply migrate": with blanks between them */
	const char *command; /* "rung upgrade": can be typed as it is */
	const char *meaning; /* what it does: "applies what is pending" */
};

/* Of commands; ends with a row without words. */
extern const struct synonym synonyms[];

/* A hint that names our command for that word, whatever its case; NULL where the word is not known. */
const char *synonym_hint(const char *word, struct arena *arena);

/* The same of an option, such as "--url" or "-U". */
const char *synonym_option_hint(const char *flag, struct arena *arena);

#endif
