/*
 * difference.h - two texts, line by line
 *
 * As diff shows it: a space before common lines, "-" and "+" before those of
 * one side. Of common lines only those next to a difference and the first,
 * which says what it is about, are shown.
 */
#ifndef RUNG_CATALOG_DIFFERENCE_H
#define RUNG_CATALOG_DIFFERENCE_H

#include "base/buffer.h"
#include "base/str.h"

/* Adds the difference; either side may be empty. */
void difference_add(struct buffer *out, struct str before, struct str after);

#endif
