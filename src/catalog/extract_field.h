/*
 * extract_field.h - the field of EXTRACT, which PostgreSQL prints without the quotes it had
 *
 * Of "extract('YEAR' from at)" it prints EXTRACT(YEAR FROM at), and reads that back as 'year', which says the
 * same.
 */
#ifndef RUNG_CATALOG_EXTRACT_FIELD_H
#define RUNG_CATALOG_EXTRACT_FIELD_H

#include "base/arena.h"

/* As it is once read back; `text` itself where nothing changes, which is almost always. */
const char *extract_field_settle(struct arena *arena, const char *text);

/* For a statement that comes to what the server prints so: with the quotes. Bodies of functions, which are
 * strings, are left alone. */
const char *extract_field_leave(struct arena *arena, const char *sql);

#endif
