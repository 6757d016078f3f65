/*
 * reader.h - one file on its way to statements
 *
 * Shared by the files that read a script, and by nobody else: script.c begins
 * and ends it, include.c opens its files, cut.c goes through one token by
 * token, assembly.c makes statements, replacement.c puts variables' values in
 * their place, inline_data.c takes COPY data, meta_command.c obeys backslash
 * commands. A reader reads one file; an include gets a reader of its own, as in
 * psql, where a statement cannot begin in one file and end in another.
 */
#ifndef RUNG_SQL_READER_H
#define RUNG_SQL_READER_H

#include "base/digest.h"
#include "sql/lexer.h"
#include "sql/psql_variable.h"
#include "sql/script.h"
#include "sql/string_setting.h"

struct reader;

/* What all files of one script share. */
struct reading {
	struct arena *arena;   /* for as long as the script is read */
	struct arena *passing; /* for as long as a statement is looked at; the same where all are kept */
	struct reader *reader; /* of the innermost file; NULL when all is read */
	struct arena ready_arena;
	struct statement *ready; /* read and not handed out yet */
	size_t ready_count;
	size_t statement_count; /* so far, all in all */
	struct digest *digest;  /* of all that was read, file by file; NULL when nobody asks */
	const struct script_options *options;
	struct boundary boundary; /* what includes, \copy and the file itself may lead to */
	bool is_file;             /* else there are no includes */
	const char *directory;    /* \i and \copy start from it */
	struct script *script;
	struct variable_set variables;
	bool has_statement;                   /* one has run by the time that what follows is read */
	struct string_setting strings;        /* after the last statement; the next line is read by it */
	bool depends_on_escapes;              /* something of the script did ... */
	struct known_strings first_dependent; /* ... first after so many statements, and was read so */
	const char *restrict_key;             /* after \restrict: only \unrestrict with this key is obeyed */
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
	struct reader *includer; /* NULL for the script itself */
	size_t included_at;
	int depth; /* how many files include it, one in the other */
	struct source *source;
	struct lexer lexer;

	/* the statement so far: finished segments and one that goes from `segment_from` to where the lexer is */
	struct segment *segments;
	size_t segment_count;
	size_t segment_from;
	bool in_segment;
	bool depends_on_escapes;
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

	size_t released; /* pages up to here were let go */
	size_t digested;
	struct digest *digest; /* NULL when nobody asks, or its checksum is known */
};

/* --- where we are: reader.c --- */

bool reader_is_active(const struct reader *reader);

/* The file's own position, also while a variable's value is being read. */
size_t reader_file_position(const struct reader *reader);

size_t reader_line_of(struct reader *reader, size_t offset);

/* Fails with the place of `offset` in the reader's source; `err` holds the message already. */
bool reader_fail(const struct reader *reader, size_t offset, struct error *err);

/* Says by whom the reader's file was included, and by whom that one. */
void reader_add_includers(const struct reader *reader, struct error *err);

/* --- a statement in the making: assembly.c --- */

/* A segment goes from here to where it is closed, in the text the lexer reads. */
void reader_open_segment(struct reader *reader, size_t at);
void reader_close_segment(struct reader *reader, size_t to);
void reader_add_segment(struct reader *reader, struct segment segment);
bool reader_has_started(const struct reader *reader);

/* Text that was read since `condition` is forgotten. */
void reader_forget_branch(struct reader *reader, const struct condition *condition);
void reader_mark_branch(struct reader *reader, struct condition *condition);

/* The statement ends before `to`, at a ";" or at a "\;". */
void reader_finish_group(struct reader *reader, size_t to);
void reader_join_group(struct reader *reader, size_t to);

/* A line has begun: it is read as the statements before it say. */
void reader_begin_line(struct reader *reader);

/* Adds to the script what did not come from SQL: an \echo or a \copy, whose inline data is taken as well. */
void reader_add(struct reader *reader, struct statement statement);

/* --- COPY data: inline_data.c --- */

/* Takes the lines that follow the current one, up to "\.", as data. */
struct str reader_take_data(struct reader *reader);

/* The rest of the line before the data was read; continues after the data. */
void reader_resume_after_data(struct reader *reader);

/* --- variables: replacement.c --- */

/* Reads the value in place of the reference that the lexer saw last. */
MUST_USE bool reader_replace(struct reader *reader, struct str reference, struct error *err);

/* At the end of a value: continues where it interrupted. */
void reader_leave_value(struct reader *reader);

/* --- one file: cut.c --- */

/* The reader's source is read next, from its beginning; then its includer continues. */
void reader_begin(struct reader *reader);

/* Reads until statements are ready, or to the end of all. */
MUST_USE bool reading_advance(struct reading *reading, struct error *err);

/* Adds the reader's text up to `to` to the digests, where there are any. */
void reader_digest(struct reader *reader, size_t to);
void reader_close(struct reader *reader);

/* --- files and includes: include.c --- */

/* Reads `path`, written at `offset` and resolved by the caller, in its place. */
MUST_USE bool reader_include(struct reader *reader, const char *path, size_t offset, struct error *err);

/* Relative to the display root when it lies there. */
const char *reading_shown_path(const struct reading *reading, const char *path);

/* An empty one, for text that is no file's. */
struct source *reading_add_source(struct reading *reading, const char *path);

/* One that is known already by its `real_path` is not loaded again. */
MUST_USE bool reading_load_source(struct reading *reading, const char *path, const struct found_file *file,
                                  struct source **out, struct error *err);

/* --- backslash commands: meta_command.c --- */

/*
 * Obeys the command whose backslash is the last thing the lexer saw, and
 * leaves the lexer behind it.
 */
MUST_USE bool reader_obey(struct reader *reader, struct error *err);

#endif
