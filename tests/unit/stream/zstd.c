#include "stream/zstd.h"

#include <string.h>

#include "test.h"

static struct arena arena;

static struct buffer compressed(struct str data, struct str tail)
{
	struct buffer out = {.arena = &arena};
	struct error err;
	scoped_sink struct sink *sink = NULL;

	CHECK(zstd_compress(&tail, memory_open(&out, 1 << 24), &sink, &err));
	CHECK(sink_write(sink, data, &err) && sink_finish(sink, &err));
	return out;
}

/* Pushed in pieces of `step` bytes. */
static bool expand(struct str in, size_t step, uint64_t most, struct buffer *out, struct buffer *tail,
                   struct error *err)
{
	scoped_sink struct sink *sink = NULL;

	if (!zstd_expand(most, tail, memory_open(out, 1 << 24), &sink, err))
		return false;
	for (size_t at = 0; at < in.len; at += step)
		if (!sink_write(sink, str_slice(in, at, at + step), err))
			return false;
	return sink_finish(sink, err);
}

static struct str some_data(size_t len)
{
	char *text = arena_alloc(&arena, len + 1);

	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + i * i % 23);
	return (struct str){text, len};
}

TEST(zstd_brings_back_data_and_tail_whatever_the_pieces)
{
	const size_t sizes[] = {0, 1, 65536, 300001};
	const size_t steps[] = {1, 7, 4096, 1 << 20};

	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 4; j++) {
			const struct str data = some_data(sizes[i]);
			const struct buffer whole = compressed(data, STR("{\"facts\":1}"));
			struct buffer out = {.arena = &arena};
			struct buffer tail = {.arena = &arena};
			struct error err;

			CHECK_ROW(i, expand(buffer_str(&whole), steps[j], 0, &out, &tail, &err));
			CHECK_ROW(i, str_equal(buffer_str(&out), data));
			CHECK_ROW(i, str_equal(buffer_str(&tail), STR("{\"facts\":1}")));
		}
	arena_clear(&arena);
}

TEST(zstd_refuses_what_was_cut)
{
	const struct buffer whole = compressed(some_data(5000), STR("tail"));

	for (size_t len = 0; len < whole.len; len++) {
		struct buffer out = {.arena = &arena};
		struct buffer tail = {.arena = &arena};
		struct error err;
		const bool is_whole_frame = whole.len - len == strlen("tail") + 8; /* just the tail is gone */

		CHECK_ROW(len, expand((struct str){whole.text, len}, 100, 0, &out, &tail, &err) == is_whole_frame);
	}
	arena_clear(&arena);
}

TEST(zstd_stops_at_the_size_that_was_promised)
{
	const struct buffer whole = compressed((struct str){arena_alloc(&arena, 1 << 23), 1 << 23}, STR(""));
	struct buffer out = {.arena = &arena};
	struct error err;

	CHECK(!expand(buffer_str(&whole), 4096, 1000, &out, NULL, &err));
	CHECK(strstr(err.message, "larger than it should be"));
	arena_clear(&arena);
}

/* Frames of the largest size, one after the other, must not add up in memory. */
TEST(zstd_takes_so_much_of_a_tail_and_no_more)
{
	enum { HALF = ZSTD_TAIL_MOST_SIZE / 2 + 1 };
	struct buffer tail = {.arena = &arena};
	struct buffer out = {.arena = &arena};
	struct error err = {0};
	const struct buffer one = compressed(STR("x"), (struct str){arena_alloc(&arena, HALF), HALF});
	struct buffer two = {.arena = &arena};

	CHECK(expand(buffer_str(&one), 1 << 20, 0, &out, &tail, &err));
	buffer_add(&two, buffer_str(&one));
	buffer_add(&two, buffer_str(&one));
	CHECK(!expand(buffer_str(&two), 1 << 20, 0, &out, &tail, &err));
	CHECK(strstr(err.message, "the description in the compressed data is too long"));
}
