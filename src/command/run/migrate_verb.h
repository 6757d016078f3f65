/*
 * migrate_verb.h - what upgrade, downgrade and resume have in common
 */
#ifndef RUNG_COMMAND_RUN_MIGRATE_VERB_H
#define RUNG_COMMAND_RUN_MIGRATE_VERB_H

#include "command/backup/backup_first.h"
#include "command/database/database.h"

#define DRY_RUN_OPTION                                          \
	{                                                           \
		"--dry-run", 'n', NULL, "show the plan, change nothing" \
	}

/* Options of every verb that migrates; the verb's own list starts with them. */
#define MIGRATE_OPTIONS                                                                                  \
	DRY_RUN_OPTION,                                                                                      \
	    {"--sql", 0, "[=brief]",                                                                         \
	     "print what would run as a script for psql, history included; brief: the files and a line for " \
	     "each, for review"},                                                                            \
	    BACKUP_FIRST_OPTIONS

/* Where what runs could be one transaction. */
#define SINGLE_TRANSACTION_OPTION                                                                 \
	{                                                                                             \
		"--single-transaction", 0, NULL, "all migrations in one transaction: all of them or none" \
	}

/* Where targets can be relative. */
#define NEW_OPTION                                                                              \
	{                                                                                           \
		"--new", 0, NULL,                                                                       \
		    "a relative target counts from where the database is, also after an unfinished run" \
	}

/* Where files that are still the template would run. */
#define ALLOW_EMPTY_OPTION                                                                        \
	{                                                                                             \
		"--allow-empty", 0, NULL, "accept files without statements, such as an unedited template" \
	}

/* Where edited files may converge. */
#define ALLOW_OPTION                                                                            \
	{                                                                                           \
		"--allow", 0, "data-loss", "of files that converge: run statements that lose data, too" \
	}

struct migrate_target {
	const char *from; /* NULL: where the database is */
	const char *to;   /* NULL: the verb's default */
};

/* The run itself, with hooks around it and its last word at the end. */
MUST_USE bool migrate_verb_perform(struct context *context, const struct migrate_options *run_options,
                                   struct error *err);

/* Asks a person about what is about to happen; false where the answer is no. */
typedef bool (*migrate_confirm)(struct context *context, const struct plan *plan, struct error *err);

/*
 * The whole verb: dry run, script or the run itself, as MIGRATE_OPTIONS
 * say. `run_options` is complete; `from` is the beginning of a range, or NULL, and so is `confirm` where
 * nobody has to be asked.
 */
MUST_USE bool migrate_verb_run(struct context *context, const struct migrate_options *run_options,
                               const char *from, migrate_confirm confirm, struct error *err);

/*
 * What the first operand says: a target or, with --sql, a range FROM:TO, for which no database is asked. A
 * database has to be known otherwise; `may_lack`: not for a script either.
 */
MUST_USE bool migrate_verb_read_target(struct context *context, bool may_lack, struct migrate_target *out,
                                       struct error *err);

/* Errors among the files stop a command before anything runs; warnings are said. */
MUST_USE bool migrate_verb_check_tree(struct context *context, struct error *err);

#endif
