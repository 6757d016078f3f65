/*
 * given_variable.h - variables for SQL, as psql's -v gives them
 *
 * "NAME=VALUE" sets, "NAME=" sets to nothing, "NAME" alone takes back what a
 * weaker source set. Later ones win. Values may be secrets: nothing shows them.
 */
#ifndef RUNG_CONFIG_GIVEN_VARIABLE_H
#define RUNG_CONFIG_GIVEN_VARIABLE_H

#include "base/str.h"
#include "config/settings.h"

/* `origin` is for messages: "--set", "rung.ini:4". */
MUST_USE bool given_variables_add(struct settings *settings, struct str text, const char *origin,
                                  struct arena *arena, struct error *err);

/* The same for several with spaces between them. */
MUST_USE bool given_variables_add_list(struct settings *settings, const char *text, const char *origin,
                                       struct arena *arena, struct error *err);

/* A list of them as it may be shown: names without their values. */
char *given_variables_shown(const struct settings *settings, struct arena *arena);

#endif
