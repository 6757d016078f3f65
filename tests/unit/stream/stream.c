#include "stream/stream.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "test.h"

/* Counts what is asked of it. */
struct recording_sink {
	struct sink sink;
	int finished;
	int discarded;
	int closed;
	bool fails; /* to finish */
};

static bool recording_write(struct sink *sink, struct str bytes, struct error *err)
{
	(void)sink, (void)bytes, (void)err;
	return true;
}

static bool recording_finish(struct sink *sink, struct error *err)
{
	struct recording_sink *recording = (struct recording_sink *)sink;

	recording->finished++;
	return !recording->fails || error_set(err, ERROR_STORAGE, "no room");
}

static void recording_discard(struct sink *sink)
{
	((struct recording_sink *)sink)->discarded++;
}

static void recording_close(struct sink *sink)
{
	((struct recording_sink *)sink)->closed++;
}

static const struct sink_class recording_class = {recording_write, recording_finish, recording_discard,
                                                  recording_close};

TEST(tally_counts_and_digests_what_passes)
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};
	struct error err = {0};
	struct tally tally;
	scoped_sink struct sink *sink = tally_open(&tally, memory_open(&text, 100));

	CHECK(sink_write(sink, STR("a"), &err) && sink_write(sink, STR(""), &err) &&
	      sink_write(sink, STR("bc"), &err));
	CHECK(sink_finish(sink, &err));
	CHECK(tally.size == 3);
	CHECK_STR(tally.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CHECK_STR(buffer_cstr(&text), "abc");
}

TEST(tally_can_stand_at_the_end)
{
	struct error err = {0};
	struct tally tally;
	scoped_sink struct sink *sink = tally_open(&tally, NULL);

	CHECK(sink_finish(sink, &err));
	CHECK(tally.size == 0);
	CHECK_STR(tally.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(memory_holds_no_more_than_it_may)
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};
	struct error err = {0};
	scoped_sink struct sink *sink = memory_open(&text, 3);

	CHECK(sink_write(sink, STR("abc"), &err));
	CHECK(!sink_write(sink, STR("d"), &err));
	CHECK_STR(err.message, "there is more than the 3 bytes this may hold");
	sink_discard(sink);
	CHECK(text.len == 0);
}

TEST(a_closed_chain_discards_once_what_was_not_finished)
{
	struct recording_sink recording = {.sink.class = &recording_class};
	struct tally tally;
	struct sink *sink = tally_open(&tally, &recording.sink);

	sink_discard(sink);
	sink_discard(sink);
	sink_close(&sink);
	CHECK(!sink && recording.discarded == 1 && recording.finished == 0 && recording.closed == 1);
	sink_close(&sink);
	sink_discard(sink);
}

TEST(what_was_finished_stays)
{
	struct recording_sink recording = {.sink.class = &recording_class};
	struct error err = {0};
	struct tally tally;
	struct sink *sink = tally_open(&tally, &recording.sink);

	CHECK(sink_finish(sink, &err));
	sink_discard(sink);
	sink_close(&sink);
	CHECK(recording.finished == 1 && recording.discarded == 0 && recording.closed == 1);
}

TEST(a_failed_finish_is_discarded)
{
	struct recording_sink recording = {.sink.class = &recording_class, .fails = true};
	struct error err = {0};
	struct tally tally;
	struct sink *sink = tally_open(&tally, &recording.sink);

	CHECK(!sink_finish(sink, &err));
	CHECK_STR(err.message, "no room");
	sink_close(&sink);
	CHECK(recording.discarded == 1 && recording.closed == 1);
}

TEST(descriptor_says_what_could_not_be_written)
{
	struct error err = {0};
	scoped_fd int fd = open("/dev/full", O_WRONLY);
	scoped_sink struct sink *sink = NULL;

	if (fd < 0)
		skip();
	sink = descriptor_open(fd, "the disk");
	CHECK(!sink_write(sink, STR("abc"), &err));
	CHECK_STR(err.message, "could not write to the disk: No space left on device");
}
