/*
 * desired_command.h - a command that makes the wanted schema, such as an ORM's models
 *
 * Run by sh in the project's directory. What it is to fill is said in every way
 * in which programs are told of a database: DATABASE_URL and DIRECT_URL, the
 * variables that url_env and env_prefix name, and libpq's own; none of them
 * leads to the configured database. What it leaves running is stopped.
 */
#ifndef RUNG_COMMAND_GENERATE_DESIRED_COMMAND_H
#define RUNG_COMMAND_GENERATE_DESIRED_COMMAND_H

#include "command/command.h"

/*
 * `conninfo` is of the database to fill. A command that fails is an error with the last lines of its output,
 * without passwords.
 */
MUST_USE bool desired_command_run(struct context *context, const char *command, const char *conninfo,
                                  struct error *err);

#endif
