/*
 * parent_project.h - a command that is run below the root of a project
 *
 * With rung.ini the root is found from anywhere below it. Without one a
 * command in schema/ would look for schema/schema, and "create" would make it.
 */
#ifndef RUNG_COMMAND_PROJECT_PARENT_PROJECT_H
#define RUNG_COMMAND_PROJECT_PARENT_PROJECT_H

#include "command/command.h"

/*
 * The nearest directory above the working directory that looks like the root
 * of a project; NULL where rung.ini, a setting or a schema/ of its own says
 * that the project is here.
 */
const char *parent_project(const struct context *context);

/* Refuses to begin a project, or its private server, inside of another one. */
MUST_USE bool project_check_root(const struct context *context, struct error *err);

/*
 * Refuses to take the files of the project above for those of the working
 * directory, where that has some which no rung.ini and no setting names.
 */
MUST_USE bool project_check_alone(const struct context *context, struct error *err);

/* Adds to the hint of an error where the project is; false, as error_hint(), also where there is nothing to
 * add. */
bool project_hint_above(const struct context *context, struct error *err);

#endif
