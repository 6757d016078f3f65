/*
 * server_directory.h - the directory a private server lives in
 *
 * It holds data/, log and the socket and belongs to the user the server runs
 * as: to us or, where root runs us, to an unprivileged one. Where it lies,
 * who may use it at the moment and what a killed run left behind is settled
 * here; nothing is started.
 */
#ifndef RUNG_PG_SERVER_DIRECTORY_H
#define RUNG_PG_SERVER_DIRECTORY_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"

struct server_directory {
	const char *path;
	const char *user; /* whom the server runs as; NULL for ourselves */
	int lock_fd;      /* held while a temporary one is in use, or a kept one is being started; -1 for none */
};

/* A new one, ours as long as `lock_fd` is open. What runs that were killed have left is removed first. */
MUST_USE bool server_directory_open_temporary(struct arena *arena, struct server_directory *out,
                                              struct error *err);

/*
 * Waits until nobody else starts or removes a server in DIRECTORY; closing `fd`, -1 before, lets go of it. It
 * stays -1 where DIRECTORY is not there.
 */
MUST_USE bool server_directory_lock(const char *directory, int *fd, struct error *err);

/*
 * That of DIRECTORY, made when there is none, after waiting for others who
 * are about to start the same server.
 */
MUST_USE bool server_directory_open_kept(const char *directory, struct arena *arena,
                                         struct server_directory *out, struct error *err);

/*
 * Where DIRECTORY's home is; NULL when there is none. One that is not marked
 * as this directory's, or that a link of somebody else's leads to, is refused
 * (server_directory_mark.h).
 */
MUST_USE bool server_directory_find(const char *directory, struct arena *arena, const char **out,
                                    struct error *err);

/*
 * Removes what the mark lists, then the home where nothing else is in it; what
 * is, stays and is an error. Continues after we were asked to stop.
 */
MUST_USE bool server_directory_remove(const char *path, const char *user, struct error *err);

/* Removes one of its entries, with everything in it. */
MUST_USE bool server_directory_remove_entry(const char *path, const char *entry, const char *user,
                                            struct error *err);

/* Whom files in there belong to, as far as that is for a root to respect. */
const char *server_directory_user(const char *path, struct arena *arena);

/* The major version its data was made with; 0 when there is none. */
int server_directory_major(const char *path);

/* The server that runs there, or 0. */
pid_t server_directory_postmaster(const char *path);

/* Ends a server at once; what it was doing is lost. */
void postmaster_end(pid_t pid);

#endif
