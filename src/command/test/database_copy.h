/*
 * database_copy.h - databases made from others, and dropped
 *
 * A database that somebody is in can neither be copied nor dropped, so the
 * caller leaves both first; backends, which end a moment after their clients,
 * are waited for.
 */
#ifndef RUNG_COMMAND_TEST_DATABASE_COPY_H
#define RUNG_COMMAND_TEST_DATABASE_COPY_H

#include "pg/session.h"

struct database_copy {
	struct session *beside; /* to another database of the server */
	struct arena *arena;
	bool takes_settings; /* those of ALTER DATABASE as well: for who may write to the server's catalogs */
};

MUST_USE bool database_copy_create(const struct database_copy *copying, const char *name,
                                   const char *original, struct error *err);

/* One that is not there is fine. */
MUST_USE bool database_copy_drop(const struct database_copy *copying, const char *name, struct error *err);

#endif
