/*
 * scratch.h - room for what is large and passes
 *
 * A file without a name, in TMPDIR or else in /var/tmp: /tmp is memory on many
 * machines, and a backup may be larger. It is gone when its descriptor is.
 */
#ifndef RUNG_BASE_SCRATCH_H
#define RUNG_BASE_SCRATCH_H

#include <stdint.h>

#include "base/error.h"

/* ERROR_STORAGE, also when there is no room for `size` bytes; 0 when nobody knows how many will come. */
MUST_USE bool scratch_open(int64_t size, int *fd, struct error *err);

#endif
