/*
 * globals.h - roles, as pg_dumpall --globals-only recorded them
 *
 * Passwords are not among what was recorded.
 */
#ifndef RUNG_BACKUP_RESTORE_GLOBALS_H
#define RUNG_BACKUP_RESTORE_GLOBALS_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"

/*
 * Adds the statements that make these roles, a line each: as `globals` has
 * them, with their attributes, settings and then memberships; a plain CREATE
 * ROLE for those it does not know, and for all when it is NULL.
 */
MUST_USE bool globals_roles(const char *globals, const char *const *roles, size_t count, struct buffer *sql,
                            struct error *err);

#endif
