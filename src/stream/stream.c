/*
 * Bytes are pushed, not pulled, because the source is a child process that writes when it likes; each stage
 * keeps what it needs and no thread waits between stages. The price is that a reader (age, zstd) has to be
 * written so that a piece may end anywhere, in the middle of a number or of a header.
 *
 * That nothing half-made stays visible rests on the two flags kept here and not in the stages: a stage is
 * finished once, discarded at most once and never after it was finished, and closing what was not finished
 * discards it. A stage therefore only says what these mean for itself, and hands each call on to the one
 * after it, finish() only when its own part is good.
 */
#include "stream/stream.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/interrupt.h"

bool sink_write(struct sink *sink, struct str bytes, struct error *err)
{
	assert(!sink->is_finished && !sink->is_discarded);
	return bytes.len == 0 || sink->class->write(sink, bytes, err);
}

bool sink_finish(struct sink *sink, struct error *err)
{
	assert(!sink->is_finished && !sink->is_discarded);
	sink->is_finished = sink->class->finish(sink, err);
	return sink->is_finished;
}

void sink_discard(struct sink *sink)
{
	if (!sink || sink->is_finished || sink->is_discarded)
		return;
	sink->is_discarded = true;
	sink->class->discard(sink);
}

void sink_close(struct sink **sink)
{
	if (!*sink)
		return;
	sink_discard(*sink);
	(*sink)->class->close(*sink);
	*sink = NULL;
}

/* A stage lies on an arena of its own, so that memory can run out in one place only. */
static void free_stage(struct arena *own)
{
	struct arena arena = *own;

	arena_clear(&arena);
}

/* --- tally --------------------------------------------------------------- */

struct tally_stage {
	struct sink sink;
	struct sink *next;
	struct tally *tally;
	struct digest *digest;
	struct arena arena;
};

static bool tally_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct tally_stage *stage = (struct tally_stage *)sink;

	digest_add(stage->digest, bytes);
	stage->tally->size += bytes.len;
	return !stage->next || sink_write(stage->next, bytes, err);
}

static bool tally_finish(struct sink *sink, struct error *err)
{
	struct tally_stage *stage = (struct tally_stage *)sink;
	uint8_t digest[DIGEST_SIZE];

	digest_finish(stage->digest, digest);
	memcpy(stage->tally->sha256, hex_text(&stage->arena, digest, sizeof(digest)), DIGEST_HEX_LEN + 1);
	return !stage->next || sink_finish(stage->next, err);
}

static void tally_discard(struct sink *sink)
{
	sink_discard(((struct tally_stage *)sink)->next);
}

static void tally_close(struct sink *sink)
{
	struct tally_stage *stage = (struct tally_stage *)sink;

	sink_close(&stage->next);
	digest_close(&stage->digest);
	free_stage(&stage->arena);
}

struct sink *tally_open(struct tally *tally, struct sink *next)
{
	static const struct sink_class class = {tally_write, tally_finish, tally_discard, tally_close};
	struct arena arena = {0};
	struct tally_stage *stage = arena_new(&arena, struct tally_stage);

	*tally = (struct tally){0};
	*stage = (struct tally_stage){
	    .sink.class = &class, .next = next, .tally = tally, .digest = digest_open(), .arena = arena};
	return &stage->sink;
}

/* --- descriptor ---------------------------------------------------------- */

struct descriptor_stage {
	struct sink sink;
	int fd;
	const char *name;
	struct arena arena;
};

static bool descriptor_write(struct sink *sink, struct str bytes, struct error *err)
{
	const struct descriptor_stage *stage = (const struct descriptor_stage *)sink;

	while (bytes.len > 0) {
		const ssize_t put = write(stage->fd, bytes.text, bytes.len);

		if (put < 0 && errno == EINTR) {
			if (!interrupt_check(err))
				return false;
			continue;
		}
		if (put < 0)
			return error_set(err, ERROR_STORAGE, "could not write to %s: %m", stage->name);
		bytes = str_slice(bytes, (size_t)put, bytes.len);
	}
	return true;
}

/* Syncing is the owner's: the descriptor may be a pipe. */
static bool descriptor_finish(struct sink *sink, struct error *err)
{
	(void)sink, (void)err;
	return true;
}

/* What was written to a pipe cannot be taken back, and a file is its owner's to remove. */
static void descriptor_discard(struct sink *sink)
{
	(void)sink;
}

static void descriptor_close(struct sink *sink)
{
	free_stage(&((struct descriptor_stage *)sink)->arena);
}

struct sink *descriptor_open(int fd, const char *name)
{
	static const struct sink_class class = {descriptor_write, descriptor_finish, descriptor_discard,
	                                        descriptor_close};
	struct arena arena = {0};
	struct descriptor_stage *stage = arena_new(&arena, struct descriptor_stage);

	*stage = (struct descriptor_stage){.sink.class = &class, .fd = fd, .name = name, .arena = arena};
	return &stage->sink;
}

/* --- memory -------------------------------------------------------------- */

struct memory_stage {
	struct sink sink;
	struct buffer *buffer;
	size_t room;
	size_t most;
	struct arena arena;
};

static bool memory_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct memory_stage *stage = (struct memory_stage *)sink;

	if (bytes.len > stage->room)
		return error_set(err, ERROR_STORAGE, "there is more than the %zu bytes this may hold", stage->most);
	stage->room -= bytes.len;
	buffer_add(stage->buffer, bytes);
	return true;
}

static bool memory_finish(struct sink *sink, struct error *err)
{
	(void)sink, (void)err;
	return true;
}

static void memory_discard(struct sink *sink)
{
	((struct memory_stage *)sink)->buffer->len = 0;
}

static void memory_close(struct sink *sink)
{
	free_stage(&((struct memory_stage *)sink)->arena);
}

struct sink *memory_open(struct buffer *buffer, size_t most)
{
	static const struct sink_class class = {memory_write, memory_finish, memory_discard, memory_close};
	struct arena arena = {0};
	struct memory_stage *stage = arena_new(&arena, struct memory_stage);

	*stage = (struct memory_stage){
	    .sink.class = &class, .buffer = buffer, .room = most, .most = most, .arena = arena};
	return &stage->sink;
}
