/*
 * temporary.h - bytes as a file, for readers that take a path
 *
 * One folder a process, removed when it ends.
 */
#ifndef RUNG_FUZZ_TEMPORARY_H
#define RUNG_FUZZ_TEMPORARY_H

#include <stddef.h>

/* The folder's path. */
const char *temporary_folder(void);

/* Writes a file there, over one of that name; `name` may lie in a folder of it. Yields its path. */
const char *temporary_file(const char *name, const void *bytes, size_t size);

#endif
