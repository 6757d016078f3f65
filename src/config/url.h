/*
 * url.h - connection strings
 *
 * What people have in DATABASE_URL was often written for another client:
 * SQLAlchemy's "postgresql+asyncpg://", asyncpg's "?ssl=require", Prisma's
 * "?pgbouncer=true". url_for_libpq() turns these into what libpq reads and
 * leaves the rest as it is, percent-encoding included.
 *
 * settings_safe_url() (settings.h) lives here as well.
 */
#ifndef RUNG_CONFIG_URL_H
#define RUNG_CONFIG_URL_H

#include "base/arena.h"
#include "base/error.h"

const char *url_for_libpq(struct arena *arena, const char *url);

/*
 * Refuses a connection string whose password is not written as libpq wants
 * it: libpq would take a part of it for a host or a port, and say it aloud.
 * `origin` tells people where the string is from.
 */
MUST_USE bool url_check(const char *url, const char *origin, struct error *err);

/*
 * Keywords from PREFIX_HOST, PREFIX_PORT ... of the environment, each quoted;
 * NULL when none of them is set.
 */
const char *url_from_prefix(struct arena *arena, const char *prefix);

#endif
