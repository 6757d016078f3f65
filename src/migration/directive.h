/*
 * directive.h - the comments that steer a migration
 *
 *	-- rung: transaction: none
 *	-- rung: irreversible: the old values are gone
 *
 * In the head of a file: before its first statement. psql reads them as
 * comments, so a file stays a file. One table in directive.c names them all;
 * an unknown one is an error with a suggestion.
 *
 * A line comment is a directive when it starts with "rung:", in any case and
 * with any blanks around the word, as in "--rung: ..." or "--  Rung : ...".
 * Block comments never are; quoted prose stays prose. Of backslash commands,
 * those that send nothing (\set, \echo, ...) do not end the head.
 */
#ifndef RUNG_MIGRATION_DIRECTIVE_H
#define RUNG_MIGRATION_DIRECTIVE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "sql/script.h"

enum on_change {
	ON_CHANGE_UNSET, /* the project's setting decides */
	ON_CHANGE_ERROR,
	ON_CHANGE_REAPPLY,  /* run again over what it made */
	ON_CHANGE_CONVERGE, /* the same, behind statements that make what it describes */
};

struct waiver {
	const char *rule;
	const char *reason; /* "" when none was given */
};

/* A migration that this file stands for ("rung squash"). */
struct replaced {
	int64_t number;
	const char *name;     /* "06_cache" */
	const char *checksum; /* SHA-256 in hex */
	int64_t from; /* it stands itself for those of this list from here on up to its own; 0: for none */
};

struct directives {
	bool transaction_none;
	const char *irreversible; /* the reason; NULL when reversible */
	const char *empty;        /* why it has no statement; NULL where it should have one */
	const char *breaking;     /* what old clients lose; NULL when they lose nothing */
	enum on_change on_change;
	bool order_last;   /* after all others: nothing builds on it, and its number says nothing */
	int64_t *requires; /* numbers of other migrations */
	size_t require_count;
	const char *branch;        /* NULL on the trunk */
	struct replaced *replaces; /* in the order of their lines: by number, as a squash writes them */
	size_t replace_count;
	const char *old_id;           /* what the tool it was imported from called it; NULL for none */
	int64_t lock_timeout_ms;      /* -1 when not given */
	int64_t statement_timeout_ms; /* -1 when not given */
	struct waiver *waivers;       /* of lint rules, for the whole file */
	size_t waiver_count;
};

/* The file's own answer, or the project's. */
enum on_change directives_on_change(const struct directives *directives, enum on_change project);

/* "reapply" and so on; false where it is none of them. */
MUST_USE bool on_change_find(struct str word, enum on_change *out);
const char *on_change_name(enum on_change on_change);

/* What a file without directives has. */
#define DIRECTIVES_NONE ((struct directives){.lock_timeout_ms = -1, .statement_timeout_ms = -1})

/*
 * Reads the head of `text` up to its first statement. `path` is for messages.
 * One that cannot be read fails, with all of them in the error; `out` then has
 * the others, for those who report.
 * Directives before later statements are not looked at here; they belong to
 * the statement they are before (script.h). A batch belongs to a statement
 * too: in the head, nothing that speaks of the file may be below it.
 */
MUST_USE bool directives_parse(struct str text, const char *path, struct arena *arena, struct directives *out,
                               struct error *err);

/*
 * Whether all directives script.h found before statements may be there: one
 * of the head further down is an error, for nobody would obey it. The heads of
 * included files are passed over.
 */
MUST_USE bool directives_check_statement(const struct source *file, const struct statement *statement,
                                         struct error *err);
MUST_USE bool directives_check_script(const struct script *script, struct error *err);

/* Whether a line comment is the directive `name`; its value then looks into the comment. */
bool directive_read(struct str comment, const char *name, struct str *value);

/* The last directive `name` ("batch") right before a statement: its value, empty when it is not there. */
struct str directive_value(const struct statement *statement, const char *name);

#endif
