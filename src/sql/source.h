/*
 * source.h - a file that takes part in a script, and places in it
 */
#ifndef RUNG_SQL_SOURCE_H
#define RUNG_SQL_SOURCE_H

#include "sql/script.h"

/* Bytes to skip at the start: a byte order mark. */
size_t source_start(const struct source *source);

/* Fails at the first byte that is NUL or not UTF-8. */
MUST_USE bool source_validate(const struct source *source, struct error *err);

/* Line ends from `from` up to `to`, in constant memory. */
size_t source_count_lines(const struct source *source, size_t from, size_t to);

/* The place of `offset`, given that `line` is the line of `known_offset`. */
struct place source_place(const struct source *source, size_t known_offset, size_t line, size_t offset);

#endif
