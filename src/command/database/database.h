/*
 * database.h - the database a command works on
 *
 * Where settings become the option structs of the lower floors: how to
 * connect, which table holds the history, what a run needs to know. Verbs
 * start here and look into the settings themselves only for what is theirs.
 */
#ifndef RUNG_COMMAND_DATABASE_DATABASE_H
#define RUNG_COMMAND_DATABASE_DATABASE_H

#include "apply/migrate.h"
#include "command/command.h"
#include "pg/query.h"
#include "pg/session.h"
#include "plan/plan.h"

/* `conninfo` is the context's own database, or another one on behalf of the same settings. */
struct session_options database_options(const struct context *context, const char *conninfo);

/* No database is named: says how to name one, and of a private server that is running. */
bool database_refuse_none(const struct context *context, struct error *err);

/* Refuses connection strings of the settings that cannot be right, whichever server there is. */
MUST_USE bool database_check(const struct context *context, const char *conninfo, struct error *err);

MUST_USE bool database_open(const struct context *context, struct session **out, struct error *err);

/*
 * Creates the database when there is none yet, owned by the role the settings
 * name. Tells which it was.
 */
MUST_USE bool database_create_missing(const struct context *context, bool *created, struct error *err);

/*
 * The same for a database of any name, by a session beside it. Somebody who
 * creates it at the same moment has done what we wanted. `owner` may be NULL.
 */
MUST_USE bool database_create_beside(struct session *beside, const char *name, const char *owner,
                                     bool *created, struct error *err);

/* Drops it with everything in it, disconnecting anyone who uses it. One that is not there is fine. */
MUST_USE bool database_drop(const struct context *context, struct error *err);

/* The table of history, as the settings name it. */
MUST_USE bool database_history_table(const struct context *context, struct qualified_name *out,
                                     struct error *err);

/* The history as it is, without waiting for anybody. */
MUST_USE bool database_load_history(struct context *context, struct history *out, struct error *err);

struct plan_options database_plan_options(const struct context *context);

/* How the project's files are read: where they may lead, and the variables that were given. */
struct script_options database_script_options(const struct context *context);

/*
 * Everything a run takes from settings and context. The target and whatever the
 * command's own options say are left for the command to fill in.
 */
MUST_USE bool migrate_options_from_context(struct context *context, enum direction direction,
                                           struct migrate_options *out, struct error *err);

/*
 * The same for a database that is only for trying, found by `conninfo`: roles and poolers, which are about
 * the real one, are left out, and nothing is reported.
 */
MUST_USE bool migrate_options_for_scratch(struct context *context, const char *conninfo,
                                          const struct tree *tree, enum direction direction,
                                          struct migrate_options *out, struct error *err);

/* The same of the context's own, before anybody connected: as far as the settings and libpq know. */
char *database_meant(const struct context *context);

/* "inventory on db.example.org", for sentences; never a password. */
char *database_title(const struct session *db, struct arena *arena);

#endif
