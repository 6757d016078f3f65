/*
 * changed_object.h - an object that differs between two databases, as it is shown
 *
 * For people a line with a sign, coloured, indented below what it belongs to,
 * and what changed of it; for programs an object of type "change".
 */
#ifndef RUNG_REPORT_CHANGED_OBJECT_H
#define RUNG_REPORT_CHANGED_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

struct reporter;

struct changed_fact {
	const char *name;
	const char *before; /* NULL: not set */
	const char *after;
	const char *lines; /* of long texts, what differs line by line, for people; else NULL */
};

struct changed_object {
	const char *change; /* "added", "changed", "removed"; NULL: only a heading for those below, for people */
	const char *kind;
	const char *identity;
	const char *shown;  /* its name below its parent */
	const char *remark; /* for people: what it has in it; or NULL */
	int depth;          /* of the line; programs get those that are folded away too, see `is_folded` */
	bool is_folded;     /* not shown to people: its parent's remark tells of it */
	const struct changed_fact *facts;
	size_t fact_count;
};

void report_changed(struct reporter *reporter, const struct changed_object *object);

/* A statement that was made, for programs, which get the facts about it; people get all SQL as one text. */
struct sql_statement {
	const char *direction; /* "up", "down" */
	size_t part;           /* from 1: those of another one run in a transaction of their own */
	const char *sql;       /* without the semicolon */
	const char *kind;      /* of the object it is about, and which */
	const char *identity;
	const char *const *hazards; /* names; NULL-terminated */
};

void report_statement(struct reporter *reporter, const struct sql_statement *statement);

#endif
