/*
 * tree.h - the migrations on disk
 *
 * Reads schema/ and rollback/: pairs files by number and name, reads the
 * directives in their heads and computes checksums. Nothing is executed and
 * no server is asked. Everything wrong with the files is found in one go, as
 * findings; whether a finding stops a command is the command's business.
 */
#ifndef RUNG_MIGRATION_TREE_H
#define RUNG_MIGRATION_TREE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/boundary.h"
#include "base/error.h"
#include "migration/directive.h"

struct migration {
	int64_t number;
	int width;                 /* digits in the file name, leading zeros included */
	const char *name;          /* "06_cache": what people type and history records */
	const char *description;   /* "cache": the part after the number, underscores as spaces */
	const char *path;          /* to open it: below schema_dir as given */
	const char *rollback_path; /* the same for the pair, where it is or would be */
	const char *shown_path;    /* for people: schema/06_cache.sql */
	const char *shown_rollback_path;
	bool has_rollback;
	const char *checksum; /* SHA-256 in hex, BOM and CR dropped */
	struct directives directives;
};

enum finding_kind {
	FINDING_DUPLICATE_NUMBER,  /* one number twice */
	FINDING_ORPHAN_ROLLBACK,   /* a rollback without its migration */
	FINDING_NAME_MISMATCH,     /* a rollback whose number fits but whose name does not */
	FINDING_MISSING_ROLLBACK,  /* no pair and no "irreversible" */
	FINDING_NEEDLESS_ROLLBACK, /* a pair although "irreversible" */
	FINDING_UNREADABLE,
	FINDING_NOT_TEXT, /* not UTF-8, or NUL bytes */
	FINDING_BAD_DIRECTIVE,
	FINDING_BAD_REQUIRES,    /* requires what does not exist, or in a circle */
	FINDING_ALMOST_NAMED,    /* looks like a migration but is not named like one */
	FINDING_ASIDE,           /* what a renaming that was killed has moved out of the way */
	FINDING_LONG_NUMBER,     /* named like one, with more digits than a number may have */
	FINDING_UNNUMBERED,      /* SQL without a number that no migration includes */
	FINDING_NOT_A_FILE,      /* a directory where a file should be */
	FINDING_OUTSIDE,         /* a link that leads out of the project */
	FINDING_MASTER_OUTDATED, /* 00_master_schema.sql does not include every migration, in order */
	FINDING_EMPTY,           /* a file without a statement */
	FINDING_TEMPLATE,        /* a new file that nobody wrote anything into */
	FINDING_BAD_SQL,         /* a script that cannot be split, such as an open quote */
};

/*
 * What people read is kept as texts, not as a struct error: a thousand
 * migrations without a pair are a thousand findings. finding_error() makes
 * one to report or to return.
 */
struct finding {
	enum finding_kind kind;
	bool is_error; /* else a warning, which stops nobody */
	const char *path;
	const char *message;
	const char *detail; /* "" for none; the same for hint, place and excerpt */
	const char *hint;
	const char *place;   /* schema/06_x.sql:17:8 */
	const char *excerpt; /* the source line `place` points at */
	int caret;           /* column in `excerpt` from 1; 0 for none */
};

/* A file of SQL without a number: included by a migration, or never applied. */
struct unnumbered {
	const char *path; /* to open it */
	const char *shown_path;
};

struct tree {
	struct migration *migrations; /* lowest number first */
	size_t count;
	struct finding *findings;
	size_t finding_count;
	struct unnumbered *unnumbered; /* in the directory of the migrations; tree_inspect() judges them */
	size_t unnumbered_count;
	int width;               /* of numbers in use, for the next one; 2 in an empty project */
	const char *master_path; /* 00_master_schema.sql, to open it; NULL when there is none */
	const char *shown_master_path;
};

struct tree_options {
	const char *schema_dir;
	const char *rollback_dir;
	const char *display_root;        /* paths are shown relative to it; NULL: as given */
	const struct boundary *boundary; /* what links may lead to; NULL: anything */
};

/*
 * Loads the whole tree. False only when a directory cannot be read at all (a
 * rollback directory that does not exist is an empty one); bad files become
 * findings and are left out of `migrations` where they cannot be used. Both
 * directories may be the same. Of the files only names, checksums and
 * directives are kept; script.h reads the statements of one when they run.
 */
MUST_USE bool tree_load(const struct tree_options *options, struct arena *arena, struct tree *out,
                        struct error *err);

/* Turns error findings, all of them, into one error; true when there are none. */
MUST_USE bool tree_check(const struct tree *tree, struct error *err);

/* NULL when there is none; plan/lookup.h finds one by what people type. */
const struct migration *tree_find_number(const struct tree *tree, int64_t number);

/* Whether it stands for one of that number (directive.h, replaces). */
bool migration_replaces(const struct migration *migration, int64_t number);

/* Whether the file of this number says "order: last"; its number is then no place in the line. */
bool tree_runs_last(const struct tree *tree, int64_t number);

/* A finding kind's name in JSON and in output, such as "duplicate-number". */
const char *finding_name(enum finding_kind kind);

/* The finding as an error of the files; returns false, as error_set() does. */
bool finding_error(const struct finding *finding, struct error *err);

/*
 * Migrations on which no other builds (graph.h): what alembic calls heads. A
 * straight line has one, an empty tree none.
 */
size_t tree_heads(const struct tree *tree, struct arena *arena, const struct migration ***out);

#endif
