/*
 * progress.h - how far a stream has come
 *
 * A stage that counts what passes and says now and then how much that is, how
 * fast it goes, and, where the whole is roughly known, what is left.
 */
#ifndef RUNG_STREAM_PROGRESS_H
#define RUNG_STREAM_PROGRESS_H

#include <stdint.h>

#include "base/arena.h"
#include "report/event.h"
#include "stream/stream.h"

struct progress {
	const char *verb;      /* "dumping" */
	int64_t expected_size; /* 0 when unknown */
	bool is_limit;         /* more than expected is an error: what claims to be small shall not fill a disk */
	struct reporter *reporter;
	int64_t size; /* so far */
};

/* `progress` must outlive the stage. Owns `next`. */
struct sink *progress_open(struct progress *progress, struct sink *next);

/* "412 MB", in powers of ten. */
char *size_text(struct arena *arena, int64_t size);

#endif
