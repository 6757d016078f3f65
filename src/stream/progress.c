/*
 * A stage like any other, so that progress can be measured where the bytes mean something: before
 * compression, or after it. It speaks more often than it is heard; how often a line is drawn is the
 * reporter's decision, as that depends on who reads it.
 *
 * What is expected is an estimate when a backup is made (the size of tables is not that of their dump), and
 * a promise of the manifest when one is read. In the second case more than that is refused, before the
 * bytes continue: a small file of zstd can become a very large one.
 */
#include "stream/progress.h"

#include "base/buffer.h"
#include "base/clock.h"

enum { SAY_EVERY_MS = 200 };

struct progress_stage {
	struct sink sink;
	struct arena arena;
	struct sink *next;
	struct progress *progress;
	int64_t began_ms;
	int64_t said_ms;
};

char *size_text(struct arena *arena, int64_t size)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	double amount = (double)size;
	size_t unit = 0;

	while (amount >= 1000 && unit + 1 < sizeof(units) / sizeof(*units)) {
		amount /= 1000;
		unit++;
	}
	return arena_printf(arena, amount < 10 && unit ? "%.1f %s" : "%.0f %s", amount, units[unit]);
}

/* An estimate must not claim to be done. */
static double fraction_of(const struct progress *progress)
{
	const double fraction =
	    progress->expected_size > 0 ? (double)progress->size / (double)progress->expected_size : -1;

	return fraction > 0.99 ? 0.99 : fraction;
}

static void say(const struct progress *progress, int64_t took_ms)
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};
	const double fraction = fraction_of(progress);
	const int64_t rate = took_ms > 0 ? progress->size * 1000 / took_ms : 0;

	buffer_printf(&text, "%s, %s, %s/s", progress->verb, size_text(&arena, progress->size),
	              size_text(&arena, rate));
	if (fraction > 0)
		buffer_printf(&text, ", %s left",
		              duration_text(&arena, (int64_t)((double)took_ms / fraction * (1 - fraction))));
	event_progress(progress->reporter, NULL, buffer_cstr(&text), took_ms, fraction, progress->size);
}

static bool progress_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct progress_stage *it = (struct progress_stage *)sink;
	const int64_t now_ms = clock_now_ms();

	it->progress->size += (int64_t)bytes.len;
	if (it->progress->is_limit && it->progress->size > it->progress->expected_size)
		return error_set(err, ERROR_STORAGE,
		                 "the backup is damaged: larger than the %lld bytes its manifest says",
		                 (long long)it->progress->expected_size);
	if (now_ms - it->said_ms >= SAY_EVERY_MS) {
		it->said_ms = now_ms;
		say(it->progress, now_ms - it->began_ms);
	}
	return sink_write(it->next, bytes, err);
}

static bool progress_finish(struct sink *sink, struct error *err)
{
	return sink_finish(((struct progress_stage *)sink)->next, err);
}

static void progress_discard(struct sink *sink)
{
	sink_discard(((struct progress_stage *)sink)->next);
}

static void progress_close(struct sink *sink)
{
	struct progress_stage *it = (struct progress_stage *)sink;
	struct arena arena = it->arena;

	sink_close(&it->next);
	arena_clear(&arena);
}

struct sink *progress_open(struct progress *progress, struct sink *next)
{
	static const struct sink_class class = {progress_write, progress_finish, progress_discard,
	                                        progress_close};
	struct arena arena = {0};
	struct progress_stage *it = arena_new(&arena, struct progress_stage);

	*it = (struct progress_stage){.sink.class = &class,
	                              .arena = arena,
	                              .next = next,
	                              .progress = progress,
	                              .began_ms = clock_now_ms(),
	                              .said_ms = clock_now_ms()};
	return &it->sink;
}
