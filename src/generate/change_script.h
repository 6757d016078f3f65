/*
 * change_script.h - the SQL that turns one catalog into another
 *
 * Statements for a person to read, one a change, in an order in which they
 * run: what is needed before what needs it, what hinders before what it
 * hinders; what loses data last. The reverse direction is the same with the
 * catalogs exchanged.
 *
 *	struct change_script script;
 *
 *	change_script_make(&from, &to, &options, arena, &script);
 *	for (size_t i = 0; i < script.count; i++)
 *		puts(script.statements[i].sql);
 *
 * Whether the statements do what they are to is not known before they have
 * run on a copy of `from` and the catalog was read again: that is proof, and
 * the caller's. What no statement can be written for is named in `unmodelled`.
 *
 * The statements are for the role that read both catalogs (catalog.self), with
 * its default privileges.
 */
#ifndef RUNG_GENERATE_CHANGE_SCRIPT_H
#define RUNG_GENERATE_CHANGE_SCRIPT_H

#include "catalog/catalog_changes.h"

/* What a statement may do to a database with data and clients; bits. */
enum hazard {
	HAZARD_DATA_LOSS = 1,       /* rows or values are gone afterwards */
	HAZARD_REWRITE = 2,         /* writes the whole table anew, locked */
	HAZARD_SCAN = 4,            /* reads the whole table, locked */
	HAZARD_MAY_FAIL = 8,        /* on data that does not fit */
	HAZARD_NO_TRANSACTION = 16, /* cannot run in a transaction */
	HAZARD_IRREVERSIBLE = 32,
	HAZARD_SECURITY = 64, /* who may see or do more than before */
};

struct change_statement {
	const char *sql;             /* without the semicolon */
	const struct object *object; /* what it is about, of the side where it is */
	int hazards;
	const char *size; /* of the table, such as "12 GB", where somebody has looked; NULL: not known */
	size_t part;      /* 0, 1, ...: statements of another part need a file (a transaction) of their own */
};

struct change_script {
	struct change_statement *statements; /* in order */
	size_t count;
	size_t part_count;
	const char **unmodelled; /* "table app.t: of_type": what differs and no statement is known for */
	size_t unmodelled_count;
};

struct change_options {
	int parts;          /* fingerprint_part: what counts as different */
	bool is_online;     /* forms that lock less, in more parts */
	bool fills_columns; /* somebody gives new columns their values right behind ADD COLUMN: NOT NULL comes
	                       later */
};

/* Fails where statements wait for each other in a circle, which is a fault of this program: names them. */
MUST_USE bool change_script_make(const struct catalog *from, const struct catalog *to,
                                 const struct change_options *options, struct arena *arena,
                                 struct change_script *out, struct error *err);

/* The server looks into no body of a function then, in parts that have one; in a session as in a transaction.
 * It is done already where a body was seen to name what is made later. */
void change_script_skip_bodies(struct change_script *script, struct arena *arena);
bool change_script_skips_bodies(const struct change_script *script, size_t part);
/* That for the session, or its end. */
bool change_statement_is_setting(const struct change_statement *statement);

/* The statements of one part as a file: a comment above each hazard, a semicolon behind each statement. */
char *change_script_text(const struct change_script *script, size_t part, struct arena *arena);

#endif
