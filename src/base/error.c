/*
 * An error is a value of a few kilobytes in the frame of the function that may fail, and every text has its
 * place in it: so it can be made when memory is gone, and outlives the arena of the step that failed. What is
 * longer than its place is cut between characters, as the text may be the server's.
 *
 * errno is kept by all that is called on the way, so that "%m" means the call that failed. error_set()
 * begins a new error and forgets all of the old one: detail, hint, place and SQLSTATE come after it.
 * error_context() alone adds to what is there, and what was said first, next to the cause, is kept where
 * room ends.
 *
 * kinds[] is indexed by the kind; an enum value without a row would have a NULL name and exit code 0. The
 * codes are a promise to scripts (docs/exit-codes.md).
 */
#include "base/error.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int exit_code;
} kinds[] = {
    [ERROR_NONE] = {"none", 0},
    [ERROR_SQL] = {"sql", 1},
    [ERROR_USAGE] = {"usage", 2},
    [ERROR_CONFIG] = {"config", 2},
    [ERROR_FILES] = {"files", 2},
    [ERROR_FOUND] = {"found", 3},
    [ERROR_VERDICT] = {"found", 3},
    [ERROR_SERVER] = {"server", 4},
    [ERROR_LOCK] = {"lock", 4},
    [ERROR_HOOK] = {"hook", 5},
    [ERROR_STORAGE] = {"storage", 5},
    [ERROR_PARTIAL] = {"partial", 6},
    [ERROR_CANCELLED] = {"cancelled", 130},
};

int error_exit_code(enum error_kind kind)
{
	return kinds[kind].exit_code;
}

const char *error_kind_name(enum error_kind kind)
{
	return kinds[kind].name;
}

/* Marks a cut, taking care not to leave half a UTF-8 sequence before it. */
static void mark_cut(char *text, size_t size)
{
	size_t end = size - sizeof("...");

	while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
		end--;
	memcpy(text + end, "...", sizeof("..."));
}

/* errno is the caller's: "%m" in a format must still mean what it meant. */
PRINTF_LIKE(3, 0)
static void write_text(char *text, size_t size, const char *format, va_list args)
{
	const int saved = errno;
	const int len = vsnprintf(text, size, format, args);

	if (len >= 0 && (size_t)len >= size)
		mark_cut(text, size);
	errno = saved;
}

#define WRITE_FIELD(field)                                \
	do {                                                  \
		va_list args;                                     \
		va_start(args, format);                           \
		write_text((field), sizeof(field), format, args); \
		va_end(args);                                     \
	} while (0)

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
	assert(kind != ERROR_NONE);
	const int saved = errno;
	*err = (struct error){.kind = kind};
	errno = saved;
	WRITE_FIELD(err->message);
	return false;
}

bool error_detail(struct error *err, const char *format, ...)
{
	WRITE_FIELD(err->detail);
	return false;
}

bool error_hint(struct error *err, const char *format, ...)
{
	WRITE_FIELD(err->hint);
	return false;
}

bool error_state(struct error *err, const char *format, ...)
{
	WRITE_FIELD(err->state);
	return false;
}

/* As much as there is room for: what came first is nearer to the cause. */
static void append(char *text, size_t size, const char *more)
{
	const size_t used = strlen(text);
	const size_t room = size - used - 1;
	const size_t len = strnlen(more, room + 1);

	memcpy(text + used, more, len > room ? room : len);
	text[used + (len > room ? room : len)] = '\0';
	if (len > room)
		mark_cut(text, size);
}

/* The arguments may be the context itself, so the line is made beside it. */
bool error_context(struct error *err, const char *format, ...)
{
	char line[sizeof(err->context)];

	WRITE_FIELD(line);
	if (*err->context)
		append(err->context, sizeof(err->context), "\n");
	append(err->context, sizeof(err->context), line);
	return false;
}

bool error_put_at(struct error *err, const struct error *other)
{
	memcpy(err->place, other->place, sizeof(err->place));
	memcpy(err->excerpt, other->excerpt, sizeof(err->excerpt));
	err->caret = other->caret;
	return false;
}
