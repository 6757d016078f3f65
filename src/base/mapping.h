/*
 * mapping.h - the bytes of a file where they are, without a copy
 *
 * Somebody may cut the file short while it is being looked at, and the system then answers with SIGBUS.
 * Here the missing part reads as zeros instead. So text without a zero byte, once copied, is what the file
 * held; anyone who finds one asks mapping_is_whole().
 */
#ifndef RUNG_BASE_MAPPING_H
#define RUNG_BASE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attribute.h"

/* NULL where it cannot be mapped, or as many are as there may be at once: then the file is to be read. */
MUST_USE void *mapping_open(int fd, size_t size);
void mapping_close(void *memory, size_t size);

/* False when a part of it was found missing. */
bool mapping_is_whole(const void *memory);

#endif
