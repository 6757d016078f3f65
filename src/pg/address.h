/*
 * address.h - what a connection string says, and saying it otherwise
 *
 * Connection strings are URIs or keywords; "" leaves all to the environment.
 * What comes out is keywords. Errors never repeat the string: it may hold a
 * password.
 */
#ifndef RUNG_PG_ADDRESS_H
#define RUNG_PG_ADDRESS_H

#include "base/arena.h"
#include "base/error.h"

/* The database it means, with libpq's defaults and service files; nothing is sent to a server. */
MUST_USE bool address_database(const char *conninfo, struct arena *arena, const char **out,
                               struct error *err);

/* Whether the string, the environment or a service names the database; else libpq takes the user's name. */
bool address_names_database(const char *conninfo);

/*
 * What libpq would take for a keyword of a connection, its defaults, service files and the environment
 * included; NULL for nothing. Nothing is sent to a server.
 */
const char *address_setting(const char *conninfo, const char *keyword, struct arena *arena);

/* Another database on the same server, as the same user. */
MUST_USE bool address_with_database(const char *conninfo, const char *database, struct arena *arena,
                                    const char **out, struct error *err);

/* The same database as another user; the password stays what it was. */
MUST_USE bool address_with_user(const char *conninfo, const char *user, struct arena *arena, const char **out,
                                struct error *err);

/*
 * The same without what libpq keeps hidden, for the command line of another
 * program, and with the means to notice a dead line; `password` (NULL when
 * there is none) travels in its PGPASSWORD. The passphrase of a client's key
 * cannot travel at all and is refused.
 */
MUST_USE bool address_for_program(const char *conninfo, struct arena *arena, const char **out,
                                  const char **password, struct error *err);

/*
 * Refuses (ERROR_CONFIG) what libpq cannot read, such as an unknown parameter, and hosts that are none.
 * libpq's own words repeat parts of the string, which may be those of a password; of these only what is
 * before is told. The values of parameters are option_check()'s.
 */
MUST_USE bool address_check(const char *conninfo, struct error *err);

/*
 * The host, when its name is that of a hosted pooler ("ep-cool-1-pooler.eu.aws.neon.tech"), and
 * the one past it ("ep-cool-1.eu.aws.neon.tech"); false for every other string.
 */
bool address_is_pooled(const char *conninfo, struct arena *arena, const char **host, const char **direct);

#endif
