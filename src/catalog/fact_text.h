/*
 * fact_text.h - what of the text of a fact counts
 *
 * Catalogs keep what the server says, for statements that are to lead to just
 * that. Some of it says the same in two ways: expressions of array_cast.h and
 * and_chain.h, and a list in one order or another, as of storage parameters.
 */
#ifndef RUNG_CATALOG_FACT_TEXT_H
#define RUNG_CATALOG_FACT_TEXT_H

#include "base/arena.h"

/* Equal for texts of a fact of that name that say the same; NULL stays, and mostly `text` is it. */
const char *fact_text_settle(struct arena *arena, const char *name, const char *text);

#endif
