/*
 * stream.h - bytes pushed from one stage to the next
 *
 * A backup is a chain: what pg_dump writes is pushed into zstd, which pushes
 * into age, which pushes into a store. Each stage keeps a bounded amount.
 * Nothing is visible at the end of the chain before finish() came all the way
 * down; discard() undoes everything instead, at any time before that.
 *
 * Who opens a stage on top of another hands that one over for good: also when
 * opening fails, the stage after is discarded and closed.
 */
#ifndef RUNG_STREAM_STREAM_H
#define RUNG_STREAM_STREAM_H

#include "base/arena.h"
#include "base/error.h"
#include "base/scope.h"
#include "base/str.h"

struct sink;

struct sink_class {
	bool (*write)(struct sink *sink, struct str bytes, struct error *err);
	/* The end was reached and all is well: flush, finish the next stage, become visible. */
	bool (*finish)(struct sink *sink, struct error *err);
	/* Give up: nothing of it remains. Also after a failed finish(). Discards the next stage too. */
	void (*discard)(struct sink *sink);
	/* Frees the stage and closes the one after it; what was not finished was discarded before. */
	void (*close)(struct sink *sink);
};

/*
 * Embedded as the first member of every stage, which sets `class`; the rest is kept by the functions below.
 */
struct sink {
	const struct sink_class *class;
	bool is_finished;
	bool is_discarded;
};

/* After a failed write nothing but discarding makes sense. */
MUST_USE bool sink_write(struct sink *sink, struct str bytes, struct error *err);
MUST_USE bool sink_finish(struct sink *sink, struct error *err);

/* Once, however often it is called; what was finished stays. NULL is fine. */
void sink_discard(struct sink *sink);
void sink_close(struct sink **sink);
#define scoped_sink SCOPED(sink_close)

/* --- ready-made stages --------------------------------------------------- */

/* Counts and digests what passes; `next` NULL swallows it. Owns `next`. */
struct tally {
	unsigned long long size;
	char sha256[65]; /* hex, filled by finish */
};
struct sink *tally_open(struct tally *tally, struct sink *next);

/* Into a file descriptor that somebody else owns; `name` is for messages and must live as long. */
struct sink *descriptor_open(int fd, const char *name);

/* Into memory, up to `most` bytes; for small things such as manifests. */
struct buffer;
struct sink *memory_open(struct buffer *buffer, size_t most);

#endif
