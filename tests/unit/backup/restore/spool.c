#include "backup/restore/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "test.h"

struct fixture {
	char directory[32];
	const char *path;
	struct arena arena;
};

static void fixture_make(struct fixture *it, const char *text)
{
	struct error err = {0};

	*it = (struct fixture){.directory = "/tmp/rung-unit.XXXXXX"};
	CHECK(mkdtemp(it->directory));
	it->path = path_join(&it->arena, it->directory, "file");
	CHECK(file_write(it->path, str_of(text), 0600, &err));
}

static void fixture_clear(struct fixture *it)
{
	struct error err = {0};

	CHECK(directory_remove(it->directory, &err));
	arena_clear(&it->arena);
}

static bool push(struct spool *spool, struct buffer *text, struct error *err)
{
	struct sink *sink = memory_open(text, 10 * 1024 * 1024);

	text->len = 0;
	const bool is_good = spool_push(spool, sink, err) && sink->is_finished;
	const size_t released = text->len;
	sink_close(&sink); /* which takes back what was not finished */
	text->len = released;
	return is_good;
}

TEST(a_file_is_pushed_as_often_as_wanted)
{
	SCOPED(fixture_clear) struct fixture it;
	struct error err = {0};

	fixture_make(&it, "as it was proven");
	struct buffer text = {.arena = &it.arena};
	scoped_spool struct spool *spool = NULL;
	CHECK(spool_open_file(it.path, &it.arena, &spool, &err));
	for (int i = 0; i < 3; i++) {
		CHECK(push(spool, &text, &err));
		CHECK_STR(buffer_cstr(&text), "as it was proven");
	}
}

/* Changes, cuts and lengthens a file of two pieces and a bit behind our back. */
TEST(nothing_of_a_changed_piece_leaves)
{
	enum { PIECE = 1024 * 1024, SIZE = 2 * PIECE + 100 };
	static const struct {
		off_t changed, size;
		size_t released;
	} rows[] = {
	    {0, SIZE, 0},
	    {PIECE, SIZE, PIECE},
	    {SIZE - 1, SIZE, 2 * PIECE},
	    {-1, SIZE - 1, 2 * PIECE},
	    {-1, 2 * PIECE, 2 * PIECE},
	    {-1, PIECE / 2, 0},
	    {-1, SIZE + 1, 2 * PIECE},
	    {-1, 3 * PIECE + 1, 2 * PIECE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		SCOPED(fixture_clear) struct fixture it;
		struct error err = {0};

		fixture_make(&it, "");
		struct buffer text = {.arena = &it.arena};
		CHECK(truncate(it.path, SIZE) == 0);
		scoped_spool struct spool *spool = NULL;
		CHECK(spool_open_file(it.path, &it.arena, &spool, &err));
		CHECK(push(spool, &text, &err) && text.len == SIZE);
		const int fd = open(it.path, O_WRONLY | O_CLOEXEC);
		CHECK(rows[i].changed < 0 || pwrite(fd, "x", 1, rows[i].changed) == 1);
		CHECK(ftruncate(fd, rows[i].size) == 0);
		close(fd);
		CHECK_ROW(i, !push(spool, &text, &err));
		CHECK_ROW(i, strstr(err.message, "was changed while it was in use"));
		CHECK_ROW(i, text.len == rows[i].released && !memchr(buffer_cstr(&text), 'x', text.len));
	}
}
