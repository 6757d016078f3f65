/*
 * libsodium's memory does what is needed: it lies between pages that nobody may touch, is locked so that it
 * is not swapped where the limit of locked memory allows it, and is zeroed when it is freed. What it does
 * not do is done once, before the first secret: core dumps are forbidden for the whole process, as a secret
 * passes through registers and stacks too.
 *
 * A file with a secret is judged by its mode, on the open descriptor: one that a group or others may read
 * has been read. Its owner is not asked. A pipe is accepted, so that a secret need not be a file (bash's
 * <(...)); opening it waits for its writer.
 *
 * Sizes are chosen beforehand and never grow: realloc() would leave a copy behind.
 */
#include "crypto/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_NO_MEMORY = 5 };

static void die(const char *why)
{
	fprintf(stderr, "rung: %s\n", why);
	_Exit(EXIT_NO_MEMORY);
}

/* Before the first secret there is nothing a core dump could tell; afterwards there is. */
static void make_ready(void)
{
	static const struct rlimit none = {0};
	static bool is_ready;

	if (is_ready)
		return;
	if (sodium_init() < 0)
		die("could not start libsodium");
	setrlimit(RLIMIT_CORE, &none);
	is_ready = true;
}

/* sodium_malloc puts the end of what was asked for at the end of a page: only whole units keep it aligned. */
void *secret_alloc(size_t size)
{
	enum { UNIT = 16 };

	make_ready();
	size = (size + UNIT - 1) / UNIT * UNIT;
	void *memory = sodium_malloc(size);
	if (!memory)
		die("out of memory");
	return memset(memory, 0, size);
}

void secret_free(void *memory)
{
	sodium_free(memory);
}

void secret_wipe(void *memory, size_t size)
{
	sodium_memzero(memory, size);
}

void secret_random(void *memory, size_t size)
{
	make_ready();
	randombytes_buf(memory, size);
}

void secret_key_wipe(struct secret_key *key)
{
	sodium_memzero(key, sizeof(*key));
}

/* --- texts --------------------------------------------------------------- */

static struct secret_text *text_alloc(size_t len)
{
	struct secret_text *text = secret_alloc(sizeof(*text) + len + 1);

	text->len = len;
	return text;
}

struct str secret_str(const struct secret_text *text)
{
	return (struct str){text->text, text->len};
}

struct secret_text *secret_text_copy(struct str text)
{
	struct secret_text *copy = text_alloc(text.len);

	if (text.len)
		memcpy(copy->text, text.text, text.len);
	return copy;
}

void secret_text_close(struct secret_text **text)
{
	secret_free(*text);
	*text = NULL;
}

/* --- files --------------------------------------------------------------- */

/* The file that was opened is looked at, not its path: that may have become another one. */
static bool check_file(int fd, const char *path, struct error *err)
{
	struct stat info;

	if (fstat(fd, &info) < 0)
		return error_set(err, ERROR_STORAGE, "could not read \"%s\": %m", path);
	if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode))
		return error_set(err, ERROR_CONFIG, "cannot read \"%s\": it is not a regular file", path);
	if ((info.st_mode & 077) == 0)
		return true;
	error_set(err, ERROR_CONFIG, "\"%s\" is a secret that others may read or write (mode %04o)", path,
	          (unsigned)info.st_mode & 07777);
	return error_hint(
	    err, "Make it yours alone: chmod 600 \"%s\". If others could read it before, make a new one.", path);
}

static bool read_some(int fd, char *into, size_t room, size_t *got)
{
	ssize_t size;

	do
		size = read(fd, into, room);
	while (size < 0 && errno == EINTR);
	*got = size < 0 ? 0 : (size_t)size;
	return size >= 0;
}

bool secret_read(const char *path, size_t most, struct secret_text **out, struct error *err)
{
	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	scoped_secret_text struct secret_text *text = NULL;
	size_t len = 0, got;

	if (fd < 0)
		return error_set(err, ERROR_STORAGE, "could not read \"%s\": %m", path);
	if (!check_file(fd, path, err))
		return false;
	text = text_alloc(most + 1);
	do {
		if (!read_some(fd, text->text + len, most + 1 - len, &got))
			return error_set(err, ERROR_STORAGE, "could not read \"%s\": %m", path);
		len += got;
	} while (got > 0 && len <= most);
	if (len > most)
		return error_set(err, ERROR_CONFIG, "cannot read \"%s\": larger than %zu bytes", path, most);
	text->len = len;
	*out = TAKE(text);
	return true;
}
