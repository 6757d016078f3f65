/*
 * cluster_cache.h - clusters as initdb makes them, kept to be copied
 *
 * initdb takes a second, a copy of what it makes a tenth of that. Clusters are
 * kept in $XDG_CACHE_HOME/rung/clusters (~/.cache), one for each major version
 * and installation, and are only read from then on. Nothing here is an error:
 * where there is no such directory, where it is not ours alone or not whole,
 * initdb runs as if there were none.
 */
#ifndef RUNG_PG_CLUSTER_CACHE_H
#define RUNG_PG_CLUSTER_CACHE_H

#include "base/arena.h"
#include "pg/program.h"

struct cluster_cache {
	const char *path;
	int directory;      /* the same, opened and checked; -1: nothing is kept */
	const char *prefix; /* of the cluster's name; what follows it says what must be in there */
	const char *user;   /* whose the files are; NULL for ourselves */
	struct arena *arena;
};

/*
 * What makes one cluster differ from another: the programs, the
 * options given to initdb (NULL-terminated), the user, the time zone.
 */
void cluster_cache_open(const struct program_place *programs, const char *const *options, const char *user,
                        struct arena *arena, struct cluster_cache *out);
void cluster_cache_close(struct cluster_cache *cache);
#define scoped_cluster_cache SCOPED(cluster_cache_close)

/* Makes `data`, which is not there yet, a copy of the one that is kept. False: what is there now is no
 * cluster. */
bool cluster_cache_take(const struct cluster_cache *cache, const char *data);

/* Keeps a copy of `data`, in which no server has run yet, and removes what is kept and of no use any more. */
void cluster_cache_keep(const struct cluster_cache *cache, const char *data);

/* Removes the one that is kept, as it is of no use. */
void cluster_cache_forget(const struct cluster_cache *cache);

#endif
