/*
 * cluster.h - the data of a private server before it has run
 *
 * HOME/data in the directory of a server (server_directory.h): UTF-8 with the
 * order of C, a superuser "postgres" whom everyone is who can reach the
 * socket. One that is thrown away is a copy of what initdb made earlier, where
 * that is kept (cluster_cache.h).
 */
#ifndef RUNG_PG_CLUSTER_H
#define RUNG_PG_CLUSTER_H

#include "base/arena.h"
#include "base/error.h"
#include "pg/program.h"

#define CLUSTER_SUPERUSER "postgres"

struct cluster_place {
	const char *home;
	const char *user; /* whom the server runs as; NULL for ourselves */
	struct program_place programs;
	bool is_fast; /* thrown away: nothing is synced */
};

/* `is_copy`: of one that is kept. */
MUST_USE bool cluster_create(const struct cluster_place *place, bool *is_copy, struct error *err);

/* The server did not start in a copy: removes it and the one that is kept, and has initdb make another. */
MUST_USE bool cluster_create_again(const struct cluster_place *place, struct error *err);

#endif
