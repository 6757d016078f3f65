/*
 * desired_statement.h - what a statement of a desired schema is to somebody who runs it in any order
 *
 * Decided by its first words; what is not known is run like any other.
 */
#ifndef RUNG_COMMAND_GENERATE_DESIRED_STATEMENT_H
#define RUNG_COMMAND_GENERATE_DESIRED_STATEMENT_H

#include "base/arena.h"
#include "sql/script.h"

enum desired_kind {
	DESIRED_PLAIN,
	DESIRED_SETTING,   /* of the session: for all that follow it in its file */
	DESIRED_SKIPPED,   /* transactions, \echo: nothing of the schema */
	DESIRED_ROWS,      /* INSERT, COPY ...: not of the schema either, and worth a word */
	DESIRED_ROUTINE,   /* CREATE FUNCTION or PROCEDURE, whose body is checked later */
	DESIRED_EXTENSION, /* CREATE EXTENSION */
};

struct desired_statement {
	enum desired_kind kind;
	size_t create_len;     /* of a routine: where "OR REPLACE" belongs; 0 where it is there */
	size_t local_at;       /* of a setting: where LOCAL is, which without a transaction does nothing; or 0 */
	const char *extension; /* its name */
	bool says_schema;      /* of an extension */
	bool says_version;
	bool sets_body_check; /* a setting that names check_function_bodies */
};

struct desired_statement desired_statement_read(const struct statement *statement, struct arena *arena);

/* As it is sent: SET LOCAL as SET. */
char *desired_setting_sql(const struct desired_statement *facts, const char *sql, struct arena *arena);

/* CREATE OR REPLACE, of a routine. */
char *desired_routine_sql(const struct desired_statement *facts, const char *sql, struct arena *arena);

#endif
