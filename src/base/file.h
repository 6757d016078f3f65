/*
 * file.h - whole files, directories and paths
 *
 * Paths are C strings on an arena. Errors name the path and what the system
 * said; their kind is the caller's, because a migration that cannot be read
 * and a backup that cannot be written are different failures.
 */
#ifndef RUNG_BASE_FILE_H
#define RUNG_BASE_FILE_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* Reads a regular file whole; refuses directories, devices and more than `max_size` bytes. */
MUST_USE bool file_read(const char *path, size_t max_size, enum error_kind kind, struct arena *arena,
                        struct str *out, struct error *err);

/* The same of a regular file that is open already; `path` is for messages. */
MUST_USE bool file_read_open(int fd, const char *path, size_t max_size, enum error_kind kind,
                             struct arena *arena, struct str *out, struct error *err);

/*
 * A file's text without a copy: small ones are read, large ones are mapped.
 * Of a mapped file that is cut short by somebody else while we look at it, zeros
 * are left: anyone who sends, keeps or prints a part of it calls file_text_check()
 * with a copy of that part.
 */
struct file_text {
	struct str text;
	size_t mapped_size; /* 0 when the text lies on the arena */
};

MUST_USE bool file_text_open(const char *path, enum error_kind kind, struct arena *arena,
                             struct file_text *out, struct error *err);

/* The same of a regular file that is open already, and of that size; `path` is for messages. */
MUST_USE bool file_text_read(int fd, size_t size, const char *path, enum error_kind kind, struct arena *arena,
                             struct file_text *out, struct error *err);
void file_text_close(struct file_text *file);

/*
 * Whether `copy` of a text that held no zero byte still holds none; else an error of `kind`, as `path` became
 * shorter while it was read.
 */
MUST_USE bool file_text_check(struct str copy, const char *path, enum error_kind kind, struct error *err);

/* False when a part of it was found missing meanwhile: what it seemed to hold may be zeros. */
bool file_text_is_whole(const struct file_text *file);

/*
 * Tells the system that the part up to `position` will not be looked at again
 * soon, so that reading a mapped file of any size needs constant memory.
 */
void file_text_release(const struct file_text *file, size_t position);

/* The whole text, however many calls it takes and whatever signals come; errno says why not. */
MUST_USE bool file_write_all(int fd, struct str text);

/* Writes beside and renames over, so that a reader sees the old text or the new, whole and durable. */
MUST_USE bool file_write(const char *path, struct str text, mode_t mode, struct error *err);

/* The same, but never over an existing file. */
MUST_USE bool file_write_new(const char *path, struct str text, mode_t mode, struct error *err);

bool file_exists(const char *path);
bool directory_exists(const char *path);

/* Creates a directory and its missing parents. */
MUST_USE bool directory_create(const char *path, mode_t mode, struct error *err);

/* Removes a directory with everything in it, following no links. */
MUST_USE bool directory_remove(const char *path, struct error *err);

struct directory {
	const char **names; /* sorted bytewise, without "." and ".." */
	size_t count;
	bool may_hold_links; /* some of them are symbolic links, or the system does not say what they are */
};

MUST_USE bool directory_read(const char *path, struct arena *arena, struct directory *out, struct error *err);

/* `name` itself when it is absolute; "." as the directory adds nothing. */
char *path_join(struct arena *arena, const char *directory, const char *name);
char *path_directory(struct arena *arena, const char *path);
const char *path_name(const char *path);

/* Absolute, without ".", ".." and double slashes, by text alone: links are not followed. */
char *path_normalize(struct arena *arena, const char *path);

/* Whether the normalized `path` is `directory` or lies in it. */
bool path_is_inside(const char *path, const char *directory);

/* Looks for `name` in `directory` and its parents; NULL when there is none. A link to nothing is one that is
 * there. */
char *path_find_upward(struct arena *arena, const char *directory, const char *name);

/* It is asked for once; who changes it does so by directory_enter(), which leaves errno. */
char *path_working_directory(struct arena *arena);
MUST_USE bool directory_enter(const char *path);

#endif
