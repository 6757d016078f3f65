/*
 * climbing.h - what upgrade, downgrade and resume have in common
 */
#ifndef RUNG_COMMAND_CLIMBING_H
#define RUNG_COMMAND_CLIMBING_H

#include "command/database.h"
#include "command/safety.h"

/* Options of every verb that climbs; the verb's own list starts with them. */
#define CLIMBING_OPTIONS                                      \
	{"--dry-run", 'n', NULL, "show the plan, touch nothing"}, \
	    {"--sql", 0, NULL, "print what would run as a script for psql, history included"}, SAFETY_OPTIONS

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
#define ALLOW_EMPTY_OPTION                                                                 \
	{                                                                                      \
		"--allow-empty", 0, NULL, "take files as they are that nobody wrote anything into" \
	}

/* The climb itself, with hooks around it and its last word at the end. */
MUST_USE bool climbing_perform(struct context *context, struct climb *climb, struct error *err);

/*
 * The whole verb: dry run, script or the climb itself, as CLIMBING_OPTIONS
 * say. `what` is complete but for them.
 */
MUST_USE bool climbing_run(struct context *context, struct climb *climb, struct error *err);

/* Errors among the files stop a command before anything runs; warnings are said. */
MUST_USE bool climbing_check_tree(struct context *context, struct error *err);

#endif
