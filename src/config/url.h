/*
 * url.h - connection strings
 *
 * What people have in DATABASE_URL was often written for another client:
 * SQLAlchemy's "postgresql+asyncpg://", asyncpg's "?ssl=require", Prisma's
 * "?pgbouncer=true". url_for_libpq() turns these into what libpq reads and
 * leaves the rest as it is, percent-encoding included.
 */
#ifndef RUNG_CONFIG_URL_H
#define RUNG_CONFIG_URL_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "config/settings.h"

const char *url_for_libpq(struct arena *arena, const char *url);

/*
 * Refuses a connection string whose password is not written as libpq wants
 * it: libpq would take a part of it for a host or a port, and say it aloud.
 * `origin` tells people where the string is from.
 */
MUST_USE bool url_check(const char *url, const char *origin, struct error *err);

/*
 * Keywords from PREFIX_HOST, PREFIX_PORT ... of the environment, each quoted;
 * NULL when none of them is set, not even to nothing. Of host, name and user all have to be there:
 * what is missing would come from libpq's defaults, which know nothing of the
 * project. `origin` tells people where the prefix is from.
 */
MUST_USE bool url_from_prefix(const char *prefix, const char *origin, struct arena *arena, const char **out,
                              struct error *err);

/* Takes PGHOST, PGPASSWORD and their like out of our environment where env_prefix says all of it. */
void url_forget_libpq(const struct settings *settings);

/* What url_from_prefix() reads, as PREFIX_HOST; NULL-terminated. */
const char *const *url_prefix_names(const char *prefix, struct arena *arena);

/* The end of "postgresql://", "postgres+psycopg2://" or "jdbc:postgresql://" in `url`; 0 for none. */
size_t url_scheme_len(struct str url);

struct url_keyword {
	struct str name;
	struct str value; /* as it is written, quotes included */
};

/* The first "keyword = value" of `rest`, which is then what follows it; false when it is not made so. */
MUST_USE bool url_keyword_next(struct str *rest, struct url_keyword *out);

#endif
