/*
 * owner.h - who could have written it
 *
 * Trusted are the caller, root and, under sudo, the user who called it; nobody else
 * may own a file or write to it. trust.h says what that is good for.
 */
#ifndef RUNG_CONFIG_OWNER_H
#define RUNG_CONFIG_OWNER_H

#include <sys/stat.h>

#include "base/arena.h"

/*
 * What speaks against obeying it, for people, such as "belongs to eve"; NULL
 * for nothing. Its access control list is looked at by `fd`, or by `path`
 * where that is -1; a link has neither. In a directory with the sticky bit
 * everybody may write names of their own: clear it where those count.
 */
const char *owner_objection(const struct stat *info, int fd, const char *path, struct arena *arena);

#endif
