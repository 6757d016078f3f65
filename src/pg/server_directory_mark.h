/*
 * server_directory_mark.h - the proof that a server's home was made by rung
 *
 * HOME/rung-home says where the home was made, for which directory, its inode
 * and the entries that are rung's. Nothing is started, stopped or removed in a
 * home whose mark does not say that it is this one: the same path or, when it
 * was moved, the same inode. A copy of a home has neither, and somebody else's
 * PostgreSQL has no mark. Links are not followed on the way to any of it.
 */
#ifndef RUNG_PG_SERVER_DIRECTORY_MARK_H
#define RUNG_PG_SERVER_DIRECTORY_MARK_H

#include "base/arena.h"
#include "base/error.h"

/* Marks a home that was just made, which is empty. `directory` is whose it is; "" for a temporary one. */
MUST_USE bool server_directory_mark_write(const char *path, const char *directory, struct error *err);

/* Whether there is a directory with nothing in it. */
bool server_directory_is_empty(const char *path);

/*
 * Opens the home at `path` (absolute), proves that it is marked and that its
 * data is no link. `directory` is that of the link which led there; NULL
 * where none did.
 */
MUST_USE bool server_directory_mark_open(const char *path, const char *directory, int *fd, struct error *err);

/* The entries of the home that are rung's, NULL-terminated; of them the mark is the last to go. */
extern const char *const server_directory_entries[];
#define HOME_MARK "rung-home"

#endif
