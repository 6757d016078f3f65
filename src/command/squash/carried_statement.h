/*
 * carried_statement.h - statements whose effect is in no schema
 *
 * Roles, what they are members of, and settings of the database belong to the
 * server. A squash cannot read them off a catalog, so it takes such statements
 * over as they are.
 */
#ifndef RUNG_COMMAND_SQUASH_CARRIED_STATEMENT_H
#define RUNG_COMMAND_SQUASH_CARRIED_STATEMENT_H

#include "sql/script.h"

enum carrying {
	CARRY_NOT,
	CARRY,
	CARRY_NEVER, /* ALTER SYSTEM, CREATE DATABASE ...: of the server, and in no transaction */
};

enum carrying carried_statement(const struct statement *statement);

#endif
