/*
 * rename_hint.h - that something was called otherwise before
 *
 * A difference between two catalogs cannot tell a renamed column from one that
 * was dropped and another that was added, and guessing loses data. So it is
 * said, in the SQL that describes what is wanted, at the object itself:
 *
 *	create table app.customers ( -- rung: renamed-from clients
 *	    full_name text,          -- rung: renamed-from name
 *	    ...
 *
 * before it or behind it on its line, for tables, columns, constraints, types
 * and their attributes, values of enums, indexes, views, functions, sequences,
 * policies, triggers, rules, schemas; or on the command line. It may stay
 * there: once the old name is gone it says nothing.
 *
 *	while (rename_next(&hints, &from, &to, arena, &step))
 *		...; // run step.sql where `from` was read, and read that again
 *
 * Everything lies on the arena that was given.
 */
#ifndef RUNG_GENERATE_RENAME_HINT_H
#define RUNG_GENERATE_RENAME_HINT_H

#include "catalog/catalog.h"
#include "sql/script.h"

/* Names are as they are kept: without quotes, unquoted ones in lower case. */
struct rename_hint {
	const char *kind;   /* "table", "column", "constraint", "type", "value", "index", "view", ... */
	const char *schema; /* NULL: any */
	const char *parent; /* the table or type it is part of; NULL for none */
	const char *name;
	const char *old;
	const char *path; /* where it was said; NULL: on the command line */
	size_t line;
};

struct rename_hints {
	struct rename_hint *items;
	size_t count;
};

/* Adds those of a script. Refuses one that is at nothing that can be renamed. */
MUST_USE bool rename_hints_read(const struct script *script, struct arena *arena, struct rename_hints *out,
                                struct error *err);

/* Adds "table:app.clients=app.customers", "column:app.customers.name=full_name". */
MUST_USE bool rename_hint_parse(const char *text, struct arena *arena, struct rename_hints *out,
                                struct error *err);

struct rename_step {
	const struct rename_hint *hint;
	const char *sql;
	const char *back;            /* takes it back, while everything else is as it is right behind it */
	const struct object *object; /* as it will be */
};

/* The next one that still has its old name; false when there is none. */
bool rename_next(const struct rename_hints *hints, const struct catalog *from, const struct catalog *to,
                 struct arena *arena, struct rename_step *out);

#endif
