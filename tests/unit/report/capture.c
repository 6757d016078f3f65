#include "report/capture.h"

#include <locale.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

void capture_begin(struct capture *capture)
{
	*capture = (struct capture){.fd = memfd_create("capture", MFD_CLOEXEC)};
	CHECK(capture->fd >= 0);
	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < 2; i++) {
		capture->saved[i] = dup(i + 1);
		CHECK(dup2(capture->fd, i + 1) >= 0);
	}
}

char *capture_end(struct capture *capture)
{
	fflush(stdout);
	fflush(stderr);
	for (int i = 0; i < 2; i++) {
		CHECK(dup2(capture->saved[i], i + 1) >= 0);
		close(capture->saved[i]);
	}
	const off_t size = lseek(capture->fd, 0, SEEK_END);
	char *text = arena_alloc(&capture->arena, (size_t)size + 1);
	CHECK(pread(capture->fd, text, (size_t)size, 0) == size);
	return text;
}

void capture_clear(struct capture *capture)
{
	close(capture->fd);
	arena_clear(&capture->arena);
}

struct reporter *reporter_for_test(const struct reporter_options *options)
{
	struct reporter *reporter = NULL;
	struct error err;

	setlocale(LC_CTYPE, "C.UTF-8");
	CHECK(reporter_open(options, &reporter, &err));
	return reporter;
}
