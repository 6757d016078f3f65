#include "store/store.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/file.h"
#include "test.h"

/* A directory of the test's own, and the store in it. */
struct place {
	struct arena arena;
	char path[64];
	struct store *store;
	struct error err;
};

static void place_open(struct place *place)
{
	*place = (struct place){.path = "/tmp/rung-unit-store.XXXXXX"};
	assert_non_null(mkdtemp(place->path));
	const struct store_options options = {.url = place->path, .will_write = true};
	CHECK(store_open(&options, &place->store, &place->err));
}

static void place_close(struct place *place)
{
	store_close(&place->store);
	(void)!directory_remove(place->path, &place->err);
	arena_clear(&place->arena);
}
#define scoped_place SCOPED(place_close)

static bool put(struct place *place, const char *name, const char *text)
{
	scoped_sink struct sink *sink = NULL;

	return store_put(place->store, name, &sink, &place->err) && sink_write(sink, str_of(text), &place->err) &&
	       sink_finish(sink, &place->err);
}

static const char *get(struct place *place, const char *name)
{
	struct buffer buffer = {.arena = &place->arena};
	scoped_sink struct sink *into = memory_open(&buffer, 1000);

	return store_get(place->store, name, into, &place->err) ? buffer_cstr(&buffer) : NULL;
}

static const char *at(struct place *place, const char *name)
{
	return path_join(&place->arena, place->path, name);
}

TEST(directory_store_gives_back_what_was_put)
{
	scoped_place struct place place;
	struct object_list list;
	struct stat info;

	place_open(&place);
	CHECK(put(&place, "inventory/b.json", "two"));
	CHECK(put(&place, "inventory/a.json", "one"));
	CHECK(put(&place, "other/c.json", ""));
	CHECK_STR(get(&place, "inventory/b.json"), "two");
	CHECK_STR(get(&place, "other/c.json"), "");
	CHECK(stat(at(&place, "inventory/b.json"), &info) == 0 && (info.st_mode & 0777) == 0600);
	CHECK(stat(at(&place, "inventory"), &info) == 0 && (info.st_mode & 0777) == 0700);

	CHECK(store_list(place.store, "inventory/", &place.arena, &list, &place.err));
	CHECK_INT(list.count, 2);
	CHECK_STR(list.items[0].name, "inventory/a.json");
	CHECK_INT(list.items[1].size, 3);
	CHECK(llabs(list.items[0].modified_s - (int64_t)time(NULL)) < 60);
	CHECK(store_list(place.store, "", &place.arena, &list, &place.err) && list.count == 3);
}

TEST(directory_store_never_replaces)
{
	scoped_place struct place place;
	struct sink *sink = NULL;

	place_open(&place);
	CHECK(put(&place, "a", "first"));
	CHECK(!put(&place, "a", "second"));
	CHECK(strstr(place.err.message, "exists"));

	/* Somebody else was quicker while we wrote. */
	CHECK(store_put(place.store, "b", &sink, &place.err));
	CHECK(sink_write(sink, STR("ours"), &place.err));
	CHECK(file_write_new(at(&place, "b"), STR("theirs"), 0600, &place.err));
	CHECK(!sink_finish(sink, &place.err));
	sink_close(&sink);
	CHECK_STR(get(&place, "b"), "theirs");
	CHECK(!file_exists(at(&place, ".b.partial")));
}

TEST(directory_store_shows_nothing_before_finish_and_leaves_nothing_after_discard)
{
	scoped_place struct place place;
	struct object_list list;
	struct sink *sink = NULL;

	place_open(&place);
	CHECK(store_put(place.store, "d/a", &sink, &place.err));
	CHECK(sink_write(sink, STR("half"), &place.err));
	CHECK(file_exists(at(&place, "d/.a.partial")));
	CHECK(store_list(place.store, "", &place.arena, &list, &place.err) && list.count == 0);
	sink_close(&sink);
	CHECK(!file_exists(at(&place, "d/.a.partial")));
	CHECK(!file_exists(at(&place, "d/a")));
}

TEST(directory_store_on_a_full_disk_removes_the_partial_file)
{
	const struct rlimit small = {.rlim_cur = 4096, .rlim_max = RLIM_INFINITY};
	scoped_place struct place place;
	struct rlimit before;
	char chunk[8192] = {0};
	struct sink *sink = NULL;

	place_open(&place);
	CHECK(put(&place, "older", "kept"));
	getrlimit(RLIMIT_FSIZE, &before);
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
	CHECK(store_put(place.store, "a", &sink, &place.err));
	CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
	const bool written = sink_write(sink, (struct str){chunk, sizeof(chunk)}, &place.err);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, handler);
	sink_close(&sink);

	CHECK(!written);
	CHECK(strstr(place.err.message, "could not write"));
	CHECK(!file_exists(at(&place, ".a.partial")));
	CHECK_STR(get(&place, "older"), "kept");
}

TEST(directory_store_refuses_names_that_lead_elsewhere)
{
	static const char *const names[] = {"",   "/etc/passwd", "../a", "a/../b", "a//b", "a/",
	                                    ".a", "a/.b",        "a\nb", "a\x7f",  "."};
	scoped_place struct place place;
	const char *until;

	place_open(&place);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		CHECK_ROW(i, !put(&place, names[i], ""));
		CHECK_ROW(i, !get(&place, names[i]));
		CHECK_ROW(i, !store_remove(place.store, names[i], &place.arena, &until, &place.err));
	}
}

TEST(directory_store_removes)
{
	scoped_place struct place place;
	const char *until;

	place_open(&place);
	CHECK(put(&place, "d/a", "x"));
	CHECK(store_remove(place.store, "d/a", &place.arena, &until, &place.err));
	CHECK(until == NULL);
	CHECK(!get(&place, "d/a"));
	CHECK(store_remove(place.store, "d/a", &place.arena, &until, &place.err));
}

/* A partial file last written `age_s` ago; `*fd` holds its lock. */
static const char *leave_partial(struct place *place, const char *name, const char *text, int age_s, int *fd)
{
	const struct timespec when = {.tv_sec = time(NULL) - age_s};
	const char *path = at(place, name);

	*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	CHECK(*fd >= 0 && flock(*fd, LOCK_EX) == 0);
	CHECK(write(*fd, text, strlen(text)) == (ssize_t)strlen(text));
	futimens(*fd, (const struct timespec[]){when, when});
	return path;
}

TEST(directory_store_sweeps_what_the_dead_left)
{
	static const struct {
		const char *name;
		const char *text;
		int age_s;
		bool lives;
		bool stays;
	} rows[] = {
	    {"dead", "", 3600, false, false},  {"living", "", 3600, true, true},
	    {"fresh", "", 1, false, true},     {"killed", "age", 1, false, false},
	    {"writing", "age", 1, true, true}, {"old", "", 25 * 3600, true, false},
	};
	enum { COUNT = sizeof(rows) / sizeof(*rows) };
	scoped_place struct place place;
	const char *paths[COUNT];
	int fds[COUNT];
	size_t removed;

	place_open(&place);
	for (size_t i = 0; i < COUNT; i++) {
		const char *name = arena_printf(&place.arena, ".20261120T231500Z-1a2b3c4d.%s.partial", rows[i].name);

		paths[i] = leave_partial(&place, name, rows[i].text, rows[i].age_s, &fds[i]);
		if (!rows[i].lives)
			fd_clear(&fds[i]);
	}
	CHECK(store_sweep(place.store, &removed, &place.err));
	CHECK_INT(removed, 3);
	for (size_t i = 0; i < COUNT; i++) {
		CHECK_ROW(i, file_exists(paths[i]) == rows[i].stays);
		fd_clear(&fds[i]);
	}
}

TEST(directory_store_sweeps_nothing_of_others)
{
	static const char *const names[] = {
	    ".movie.mkv.partial",
	    "..partial",
	    ".partial",
	    ".20261120T231500Z.partial",
	    ".20261120T231500Z-1a2b3c4d.partial",
	    ".20261120T231500Z-1a2b3c4dx.json.partial",
	};
	scoped_place struct place place;
	struct unfinished_list list;
	size_t removed;

	place_open(&place);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		scoped_fd int fd = -1;

		leave_partial(&place, names[i], "theirs", 30 * 24 * 3600, &fd);
	}
	CHECK(store_unfinished(place.store, &place.arena, &list, &place.err) && list.count == 0);
	CHECK(store_sweep(place.store, &removed, &place.err) && removed == 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		CHECK_ROW(i, file_exists(at(&place, names[i])));
}

TEST(store_url_chooses_the_kind)
{
	static const struct {
		const char *url;
		const char *refusal;
	} rows[] = {
	    {"gs://bucket/a", "unknown kind of store"},
	    {"file://relative", "must be absolute"},
	    {"", "no store for backups"},
	    {"/dev/null", "could not"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct store_options options = {.url = rows[i].url, .will_write = true};
		scoped_store struct store *store = NULL;
		struct error err = {0};

		CHECK_ROW(i, !store_open(&options, &store, &err));
		CHECK_ROW(i, strstr(err.message, rows[i].refusal));
	}
}

TEST(store_of_a_file_url_is_its_path)
{
	static const char *const urls[] = {"file:///var/backups", "file://localhost/var/backups",
	                                   "/var/backups/"};

	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		const struct store_options options = {.url = urls[i]};
		scoped_store struct store *store = NULL;
		struct error err = {0};

		CHECK_ROW(i, store_open(&options, &store, &err));
		CHECK_ROW(i, strcmp(store_name(store), "/var/backups") == 0);
	}
}

TEST(store_directory_refuses_what_will_surely_not_fit)
{
	scoped_place struct place place = {0};
	scoped_store struct store *store = NULL;
	struct store_options options = {.will_write = true, .likely_size = UINT64_MAX / 4};

	place_open(&place);
	options.url = place.path;
	CHECK(!store_open(&options, &store, &place.err));
	CHECK(strstr(place.err.message, "not enough space for a backup in \"/tmp/rung-unit-store."));
	CHECK(strstr(place.err.hint, "prune-backups"));
	options.likely_size = 1000;
	CHECK(store_open(&options, &store, &place.err));
}
