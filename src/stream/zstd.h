/*
 * zstd.h - compressing what passes, and the reverse
 *
 * What is written opens with stock zstd. After the compressed data comes one
 * skippable frame, which zstd passes over: a place for what only we read.
 */
#ifndef RUNG_STREAM_ZSTD_H
#define RUNG_STREAM_ZSTD_H

#include <stdint.h>

#include "base/buffer.h"
#include "stream/stream.h"

enum {
	ZSTD_TAIL_MOST_SIZE = 16 * 1024 * 1024, /* of a skippable frame that is read */
};

/* `tail` is looked at when the data ends; empty for none. Owns `next`. */
MUST_USE bool zstd_compress(const struct str *tail, struct sink *next, struct sink **out, struct error *err);

/*
 * Passes on at most `most_size` bytes (0: any number), so that a small file
 * cannot become an endless one. A skippable frame goes to `tail`, which may be
 * NULL. finish() fails when the data was cut short. Owns `next`.
 */
MUST_USE bool zstd_expand(uint64_t most_size, struct buffer *tail, struct sink *next, struct sink **out,
                          struct error *err);

#endif
