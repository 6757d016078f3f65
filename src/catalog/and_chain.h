/*
 * and_chain.h - conditions that PostgreSQL does not read back as it printed them
 *
 * Of "a between 1 and 2 and b" it prints (((a >= 1) AND (a <= 2)) AND b), and reads that back as one chain:
 * ((a >= 1) AND (a <= 2) AND b). The same goes for OR, and for whatever else is such a chain in its first
 * place. What comes in a later place keeps its parentheses.
 */
#ifndef RUNG_CATALOG_AND_CHAIN_H
#define RUNG_CATALOG_AND_CHAIN_H

#include "base/arena.h"

/* As it is once read back; `text` itself where nothing changes, which is almost always. */
const char *and_chain_settle(struct arena *arena, const char *text);

/* For a statement that comes to what the server prints so: with BETWEEN, where the chain in the first place
 * has that form. Bodies of functions, which are strings, are left alone. */
const char *and_chain_leave(struct arena *arena, const char *sql);

#endif
