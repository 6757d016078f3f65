/*
 * c_literal.h - the string literals of a C file
 */
#ifndef RUNG_TESTS_C_LITERAL_H
#define RUNG_TESTS_C_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Tells each literal of a file, adjacent ones as one, with the line where it
 * begins. What printf would fill in has become a qualified name, so that SQL
 * stays SQL. False, and a word on stdout, where the file cannot be read.
 */
bool c_literals_read(const char *path,
                     void (*tell)(void *context, const char *file, size_t line, const char *text),
                     void *context);

/* Whether it begins as a query does, or as a piece of one that is put together. */
bool c_literal_looks_like_sql(const char *text);

#endif
