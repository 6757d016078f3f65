/*
 * reader.h - one file on its way to statements
 *
 * Shared by script.c, which cuts SQL, and command.c, which obeys backslash
 * commands. A reader reads one file; an include gets a reader of its own, as
 * in psql, where a statement cannot begin in one file and end in another.
 * Nobody else includes this.
 */
#ifndef RUNG_SQL_READER_H
#define RUNG_SQL_READER_H

#include "sql/lexer.h"
#include "sql/script.h"
#include "sql/variable.h"

/* What all files of one script share. */
struct reading {
	struct arena *arena;
	const struct script_options *options;
	const char *root;      /* includes lie in it; links resolved; NULL: no includes */
	const char *directory; /* \i and \copy start from it */
	struct script *script;
	struct variable_set variables;
	const char *restrict_key; /* after \restrict: only \unrestrict with this key is obeyed */
	size_t include_count;
	size_t replaced_len; /* of all values that were put in place of variables */
};

/* \if; what was read since it is taken back when the branch turns out inactive. */
struct condition {
	enum {
		BRANCH_ACTIVE,  /* the first true one */
		BRANCH_PENDING, /* none was true so far */
		BRANCH_DONE,    /* one was true before, or all of it is inside an inactive branch */
		BRANCH_ELSE_ACTIVE,
		BRANCH_ELSE_INACTIVE,
	} branch;
	size_t offset; /* of the \if */
	size_t segment_count;
	struct lexer_nesting nesting;
};

/* Part of a statement's text, in the making. */
struct segment {
	struct str text;
	size_t origin;
	bool is_copied;
};

/* The text a variable's value interrupted. */
struct interruption {
	struct str text;
	size_t at;
	struct str variable; /* whose value is read instead */
};

struct reader {
	struct reading *reading;
	const struct reader *includer; /* NULL for the script itself */
	size_t included_at;
	struct source *source;
	struct lexer lexer;

	/* the statement so far: finished segments and one that goes from `segment_from` to where the lexer is */
	struct segment *segments;
	size_t segment_count;
	size_t segment_from;
	bool in_segment;
	struct directive_text *directives;
	size_t directive_count;

	/* finished statements that wait for the end of a "\;" group */
	struct statement *group;
	size_t group_count;

	struct interruption *interruptions;
	size_t interruption_count;
	struct condition *conditions;
	size_t condition_count;

	/* COPY data begins on the next line; the rest of this one comes first, then `resume_at` */
	size_t resume_at; /* 0: the next line */

	/* where lines were counted last */
	size_t counted_offset;
	size_t counted_line;
};

/* Fails with the place of `offset` in the reader's source; `err` holds the message already. */
bool reader_fail(const struct reader *reader, size_t offset, struct error *err);

/* Reads `path`, written at `offset` and resolved by the caller, in its place. */
MUST_USE bool reader_include(struct reader *reader, const char *path, size_t offset, struct error *err);

/* Adds to the script what did not come from SQL: an \echo or a \copy, whose inline data is taken as well. */
void reader_add(struct reader *reader, struct statement statement);

/* Takes the lines that follow the current one, up to "\.", as data. */
struct str reader_take_data(struct reader *reader);

bool reader_is_active(const struct reader *reader);

/* Text that was read since `condition` is forgotten. */
void reader_forget_branch(struct reader *reader, const struct condition *condition);
void reader_mark_branch(struct reader *reader, struct condition *condition);

/*
 * Obeys the command whose backslash is the last thing the lexer saw, and
 * leaves the lexer behind it.
 */
MUST_USE bool reader_obey(struct reader *reader, struct error *err);

#endif
