/*
 * maintenance.h - a session in another database of the same server
 *
 * To create, drop or rename a database one has to be connected to another:
 * to postgres, or to template1 where that one has gone.
 */
#ifndef RUNG_PG_MAINTENANCE_H
#define RUNG_PG_MAINTENANCE_H

#include "base/arena.h"
#include "pg/session.h"

/*
 * Opened as `options` say, but without their role: attributes such as CREATEDB
 * are not inherited by SET ROLE. The error is that of the last one tried.
 */
MUST_USE bool maintenance_open(const struct session_options *options, struct arena *arena,
                               struct session **out, struct error *err);

#endif
