/*
 * mask.h - passwords that got into a sentence
 *
 * What was typed in a wrong place is repeated by the error about it, and what
 * a server or a program says may hold the address it was given. So the last
 * thing that looks at a sentence, before it leaves, takes passwords out of
 * whatever has the look of an address or of "password=".
 */
#ifndef RUNG_REPORT_MASK_H
#define RUNG_REPORT_MASK_H

#include "base/arena.h"

/* `text` itself where there is none. */
const char *mask_passwords(struct arena *arena, const char *text);

#endif
