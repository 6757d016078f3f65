/*
 * number_text.h - numbers, and words that go with them
 */
#ifndef RUNG_BASE_NUMBER_TEXT_H
#define RUNG_BASE_NUMBER_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

char *number_text(struct arena *arena, int64_t number);

/* What a noun after the count ends in: "s", or nothing for one. */
const char *plural(size_t count);

/* What stands before item `i` of "a, b and c". */
const char *item_joint(size_t i, size_t count);

#endif
