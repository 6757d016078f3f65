/*
 * environment.h - variables of the environment that are no settings, and those that are nothing
 *
 * settings.h reads most of what rung is told by the environment; the rest is
 * read where it is needed, and listed here. What begins with RUNG_ and is in
 * neither list was most likely mistyped. An empty variable counts as none.
 */
#ifndef RUNG_CONFIG_ENVIRONMENT_H
#define RUNG_CONFIG_ENVIRONMENT_H

#include "config/settings.h"

struct variable_row {
	const char *names; /* "RUNG_OUTCOME, RUNG_ERROR"; NULL ends the list */
	const char *meaning;
};

extern const struct variable_row variable_rows[];

/*
 * What .env may set whatever the project, for env_export(): the rows of
 * settings and of variable_rows, and all that begins with PG, AWS_ or RUNG_.
 */
const char *const *variables_for_env_file(struct arena *arena);

/* What it may set because the settings name it: by url_env, env_prefix, [hooks] environment. */
const char *const *variables_of_project(const struct settings *settings, struct arena *arena);

/* Refuses settings that should name a variable and do not, without repeating them: they may be URLs. */
MUST_USE bool variables_check_names(const struct settings *settings, struct arena *arena, struct error *err);

/*
 * Whether it tells the loader, a shell or an interpreter what to load or run,
 * or is the caller's word alone (RUNG_TRUST): nothing that a project may set.
 */
bool variable_steers_programs(const char *name);

/* Names of set variables that begin with RUNG_ and mean nothing to us; NULL-terminated. */
const char *const *variables_unknown(const struct settings *settings, struct arena *arena);

/* What the name was most likely meant to be, or NULL. */
const char *variable_suggest(const char *name, struct arena *arena);

/*
 * Refuses an unknown RUNG_BACKUP_...: anyone who set it believes in backups that
 * are not made as they think.
 */
MUST_USE bool variables_check_backup(const struct settings *settings, struct arena *arena, struct error *err);

#endif
