#include "backup/spool.h"

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
	scoped_sink struct sink *sink = memory_open(text, 1000);

	text->len = 0;
	return spool_push(spool, sink, err) && sink->is_finished;
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

TEST(a_file_that_changed_since_is_not_finished)
{
	SCOPED(fixture_clear) struct fixture it;
	struct error err = {0};

	fixture_make(&it, "as it was proven");
	struct buffer text = {.arena = &it.arena};
	scoped_spool struct spool *spool = NULL;
	CHECK(spool_open_file(it.path, &it.arena, &spool, &err));
	CHECK(push(spool, &text, &err));
	const int fd = open(it.path, O_WRONLY | O_CLOEXEC);
	CHECK(pwrite(fd, "x", 1, 15) == 1);
	close(fd);
	CHECK(!push(spool, &text, &err));
	CHECK(err.kind == ERROR_STORAGE && strstr(err.message, "was changed while it was in use"));
}
