/*
 * inspection.h - looking into the files, statement by statement
 *
 * Loading a tree reads heads and checksums; this reads whole files the way
 * they will be run, so that what cannot work is known before anything runs.
 */
#ifndef RUNG_MIGRATION_INSPECTION_H
#define RUNG_MIGRATION_INSPECTION_H

#include "migration/mode.h"
#include "migration/tree.h"
#include "sql/script.h"

/* How the files of a migration run; says nothing of a file that is wrong or not there. */
struct run_modes {
	enum run_mode up;
	enum run_mode down;
};

/* What the files that are inspected ask of variables. */
struct variable_look {
	bool is_down; /* the rollbacks are to run, else the ups: in those every variable must be set */
	struct arena *arena;
	const char **names; /* out: that were used, or are not set; some more than once */
	size_t count;
};

/*
 * Reads one migration, its rollback as well when it has one, and adds what is
 * wrong to the findings of `tree`: text that cannot be split, no statement at
 * all, directives out of place, transactions that cannot work on a server of
 * `server_version` (mode.h), state of the session that a nontransactional migration could
 * not have again after a stop; with `variables` those that are not set.
 */
struct run_modes migration_inspect(struct tree *tree, const struct migration *migration,
                                   const struct script_options *options, int server_version,
                                   struct variable_look *variables, struct arena *arena);

/*
 * All migrations, whether 00_master_schema.sql is current (master.h), and which files without a number no
 * migration includes.
 */
void tree_inspect(struct tree *tree, const struct script_options *options, struct arena *arena);

#endif
