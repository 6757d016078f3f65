/*
 * option_check.h - why a connection could not even be begun
 *
 * Waiting for a server helps against a network that is down, never against
 * "sslmode=maybe". libpq tells the two apart by words only, and those may
 * quote a part of a broken URL that is its password; so it is asked by trying.
 */
#ifndef RUNG_PG_OPTION_CHECK_H
#define RUNG_PG_OPTION_CHECK_H

#include "base/attribute.h"
#include "base/error.h"

/*
 * After a failure: false, with an error of configuration that names the
 * parameter, when libpq refuses the connection string (or a variable such as
 * PGPORT, or a service) before it has spoken to any server. No value is shown.
 */
MUST_USE bool option_check(const char *conninfo, struct error *err);

#endif
