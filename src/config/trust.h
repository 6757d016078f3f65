/*
 * trust.h - whose projects are obeyed
 *
 * rung.ini and .env say which commands run and where passwords go. So they are
 * obeyed only where they, the links that lead to them and the project's
 * directory belong to the caller, to root or (under sudo) to the user who called
 * sudo, and nobody else may write there:
 *
 *	everybody may write     refused; the project's own directory, in which only what is named here is
 *	                        looked for, not where it has the sticky bit
 *	a group may write       refused, unless that is root's group, or the private
 *	                        group of one of the above: its name is theirs and it
 *	                        has no other member; likewise whom an access control list names
 *
 * A project that is trusted by name is obeyed all the same: by "rung config
 * --trust DIR", which adds to $XDG_CONFIG_HOME/rung/trusted, or by RUNG_TRUST,
 * directories with colons between them (relative ones are meant from the
 * working directory, as it is after -C) or "*". As git's safe.directory.
 * The list itself counts where it and the directory rung/ are no links, and
 * by the same rules.
 */
#ifndef RUNG_CONFIG_TRUST_H
#define RUNG_CONFIG_TRUST_H

#include <sys/stat.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

struct trust {
	const char *directory; /* the project's */
	int fd;                /* of it: what is looked at is what is read */
	bool is_by_name;       /* no matter who owns it */
};

/* Opens the directory of a project and refuses one that is not to be obeyed. Nothing in it is read. */
MUST_USE bool trust_open(const char *directory, struct arena *arena, struct trust *out, struct error *err);
void trust_close(struct trust *trust);
#define scoped_trust SCOPED(trust_close)

/*
 * Reads a file of the project, after its owner. One that is not there, or is
 * no regular file, leaves `*exists` false.
 */
MUST_USE bool trust_read(const struct trust *trust, const char *name, size_t max_size, struct arena *arena,
                         struct str *out, bool *exists, struct error *err);

/* Refuses another directory of the project by the same rules; one that is not there is fine. */
MUST_USE bool trust_check_directory(const struct trust *trust, const char *path, struct error *err);

/* The same of a file, whatever the directory it is in. */
MUST_USE bool trust_check_file(const struct trust *trust, const char *path, struct error *err);

/* The same of a plain file that is open at `fd`. */
MUST_USE bool trust_check_open_file(const struct trust *trust, int fd, const struct stat *info,
                                    const char *path, struct error *err);

/* Trusts a directory from now on; `*out` is its resolved path, `*list` the file that says so. */
MUST_USE bool trust_add(const char *directory, struct arena *arena, const char **out, const char **list,
                        struct error *err);

#endif
