/*
 * bucket_target.h - where on the network an object of a bucket is
 */
#ifndef RUNG_STORE_BUCKET_TARGET_H
#define RUNG_STORE_BUCKET_TARGET_H

#include "store/bucket.h"

struct bucket_target {
	const char *url;  /* without a query */
	const char *host; /* as it is signed and sent */
	const char *path; /* as it is signed: encoded, from "/" on */
};

/* `name` as in struct bucket_call: NULL is the bucket itself. */
struct bucket_target bucket_target_find(const struct bucket *bucket, const char *name, struct arena *arena);

#endif
