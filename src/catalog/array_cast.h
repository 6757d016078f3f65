/*
 * array_cast.h - the one family of expressions that PostgreSQL does not read back as it printed them
 *
 * Of "code in ('a', 'b')", where code is varchar, it prints (ARRAY['a'::character varying, ...])::text[], and
 * of that, once read back, ARRAY[('a'::character varying)::text, ...]: a schema would differ from itself as
 * its dump restores it. Both become the second, in which the server leaves it for good.
 */
#ifndef RUNG_CATALOG_ARRAY_CAST_H
#define RUNG_CATALOG_ARRAY_CAST_H

#include "base/arena.h"

/* `text` itself where there is no such thing in it, which is almost always. */
const char *array_cast_settle(struct arena *arena, const char *text);

/* For a statement that comes to what the server prints so: without the cast behind ANY or ALL, which the
 * server then adds as it did for the original. Bodies of functions, which are strings, are left alone. */
const char *array_cast_leave(struct arena *arena, const char *sql);

#endif
