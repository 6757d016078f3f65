/*
 * git_reference.h - the migrations of a git ref
 *
 * What others may have applied already must stay as it is. Asks the installed
 * git; nothing is checked out.
 */
#ifndef RUNG_COMMAND_PROJECT_GIT_REFERENCE_H
#define RUNG_COMMAND_PROJECT_GIT_REFERENCE_H

#include "migration/tree.h"
#include "plan/plan.h"

enum breach_kind {
	BREACH_CHANGED,
	BREACH_DELETED,
	BREACH_RENAMED,    /* the same number under another name */
	BREACH_RENUMBERED, /* the same text under another number */
	BREACH_TOO_EARLY,  /* new, but its number lies below the newest there */
};

struct breach {
	enum breach_kind kind;
	const char *path;
	const char *text;
};

struct breach_list {
	struct breach *items;
	size_t count;
};

struct reference_options {
	const char *name; /* of the ref */
	const char *schema_dir;
	struct plan_options plan; /* what may change and come late */
};

MUST_USE bool reference_compare(const struct reference_options *options, const struct tree *tree,
                                struct arena *arena, struct breach_list *out, struct error *err);

const char *breach_name(enum breach_kind kind);

#endif
