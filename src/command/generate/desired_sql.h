/*
 * desired_sql.h - a database made from SQL in any order
 *
 * What fails is tried again in rounds, until one makes no progress; routines
 * are made without a look at their bodies, which are checked in the end. Rows
 * are not loaded.
 */
#ifndef RUNG_COMMAND_GENERATE_DESIRED_SQL_H
#define RUNG_COMMAND_GENERATE_DESIRED_SQL_H

#include "command/generate/prerequisite.h"
#include "generate/rename_hint.h"
#include "report/event.h"
#include "sql/script.h"

struct desired_sql_options {
	const char *path; /* a file, or a directory of them; NULL: `text` */
	struct str text;
	const char *text_name; /* what messages call it */
	const struct script_options *scripts;
	const struct prerequisites *prerequisites;
	struct reporter *reporter;
	struct rename_hints *renames; /* what the SQL says was called otherwise is added; NULL: nobody asks */
	struct arena *arena;          /* where that lies */
};

/*
 * Into the empty database that `db` is in. The error names the statement that cannot be run, with its place
 * and the server's words, and others that failed after it.
 */
MUST_USE bool desired_sql_load(const struct desired_sql_options *options, struct session *db,
                               struct error *err);

#endif
