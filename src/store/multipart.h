/*
 * multipart.h - writing one object to a bucket
 *
 * What fits into one part is one PUT at the end. More is uploaded in parts of
 * one size on threads of their own, and at most two are in memory: while one is
 * on its way the next one fills, and when that is full, too, both are on their
 * way. The object appears when finish() says so.
 */
#ifndef RUNG_STORE_MULTIPART_H
#define RUNG_STORE_MULTIPART_H

#include "store/bucket.h"

enum {
	MULTIPART_SMALLEST_SIZE = 16 * 1024 * 1024,
	MULTIPART_MOST_PARTS = 10000,
};

/* The size of parts with which `expected_size` fits comfortably; 0 for unknown. */
uint64_t multipart_size(uint64_t expected_size);

MUST_USE bool multipart_open(struct bucket *bucket, const char *name, uint64_t part_size, struct sink **out,
                             struct error *err);

/* Begins an upload and takes it back: whether this bucket lets us write. */
MUST_USE bool multipart_check(struct bucket *bucket, struct error *err);

/* Forgets an upload that was begun; continues though we were asked to stop. */
MUST_USE bool multipart_abort(struct bucket *bucket, const char *name, const char *upload_id,
                              struct error *err);

#endif
