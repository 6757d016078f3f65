/*
 * checksum.h - what a file says, in one number
 *
 * SHA-256 over the text with the byte order mark and every carriage return
 * dropped, so that a checkout on Windows agrees with one on Linux.
 */
#ifndef RUNG_MIGRATION_CHECKSUM_H
#define RUNG_MIGRATION_CHECKSUM_H

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

/* The text after its byte order mark, if it has one. */
struct str text_without_bom(struct str text);

char *checksum_of_text(struct arena *arena, struct str text);

/*
 * The same for a file of any size, read once in constant memory; on the way
 * the text is proven to be UTF-8 without NUL bytes. Where it is not, the
 * result is NULL and `*bad` the offset of the first byte that is wrong.
 */
char *checksum_file(struct arena *arena, const struct file_text *file, size_t *bad);

#endif
