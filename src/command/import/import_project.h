/*
 * import_project.h - a project of another tool, in our terms
 *
 * A reader per tool turns files into steps; a query per tool tells which of
 * them are applied. What cannot be carried over faithfully is a problem: all
 * of them are collected, and with any of them nothing is written at all.
 */
#ifndef RUNG_COMMAND_IMPORT_IMPORT_PROJECT_H
#define RUNG_COMMAND_IMPORT_IMPORT_PROJECT_H

#include <stdint.h>

#include "command/command.h"
#include "pg/query.h"

/* One migration of theirs. */
struct import_step {
	const char *version; /* as their table has it; NULL for what has none there */
	const char *path;    /* their file */
	const char *origin;  /* the same in our files: wherever the project lies, it reads alike */
	const char *label;   /* of our file's name, before it is made fit */
	int64_t number;
	int width;
	struct str up;
	struct str down; /* empty: there is none */
	size_t up_line;  /* where they begin in their file; 0: in its first line */
	size_t down_line;
	const char *down_path;    /* the file `down` is in; NULL: the same */
	const char *irreversible; /* why there is none */
	bool transaction_none;
	bool down_transaction_none;
	bool reapply;         /* to be run again when it was edited */
	const char **parents; /* versions it builds on */
	size_t parent_count;
	bool says_parents;    /* and our file is to say so */
	const char *checksum; /* as their tool computes it, where its table has one */
	bool is_proven;       /* their table has that very checksum */
	bool is_applied;
	const char *applied_at;
};

/* One row of their table. */
struct import_row {
	const char *version;
	const char *name;
	const char *applied_at;
	const char *checksum;
	const char *kind;
	const char *complaint; /* why it cannot be taken over; NULL when it can */
};

struct import_rows {
	struct import_row *items;
	size_t count;
};

struct import_problem {
	const char *path;
	const char *place; /* path:line */
	const char *text;
	bool is_doubt; /* whether the file is whole (import_whole.h) */
};

struct import;

struct import_tool {
	const char *name;       /* as the user types it */
	const char *title;      /* as its makers write it */
	const char *sources[3]; /* where its files usually are */
	const char *tables[3];  /* of its history */
	const char *query;      /* their history as rows; :"history" stands for the table */
	bool marks_ends;        /* something in its files says where a text ends; else only the file does */
	bool (*read)(struct import *import, struct error *err);
	void (*cut)(struct import *import, struct import_step *step,
	            struct str text);                                        /* for import_read_sections() */
	void (*take)(struct import *import, const struct import_rows *rows); /* says which steps are applied */
};

/* Every tool; ends with a row without a name. */
extern const struct import_tool import_tools[];

struct import {
	struct context *context;
	struct arena *arena;
	const struct import_tool *tool;
	const char *source;
	const char *down_source; /* alembic: the downgrade; NULL without one */
	struct import_step *steps;
	size_t count;
	struct import_problem *problems;
	size_t problem_count;
	const char **files; /* all that were read */
	size_t file_count;
	bool assumes_complete;
	const char *books; /* --table: where they keep their history; NULL: where the tool usually does */
	const char *scope; /* sqitch: the project's name; the query's parameter */
	bool was_asked;    /* the database at hand was looked into */
	bool has_history;  /* the database at hand has a table of theirs */
};

/* --- for readers ---------------------------------------------------------- */

/* `line` 0: the whole file. */
void import_problem(struct import *import, const char *path, size_t line, const char *format, ...)
    PRINTF_LIKE(4, 5);

struct import_step *import_add(struct import *import);
struct import_step *import_find(struct import *import, const char *version);

/* The same, told of a place that an error names already: "path:line:column". */
void import_problem_at(struct import *import, const char *path, const char *place, const char *text);

/* An empty file is doubted. */
MUST_USE bool import_read_file(struct import *import, const char *path, struct str *out, struct error *err);

/* "0012_users" as number, width and label; a problem when it is not of that form. */
bool import_number(struct import *import, const char *path, struct str stem, struct import_step *out);

/* Numbers in the order of the steps: 01, 02 ... */
void import_count_up(struct import *import);

/*
 * The steps are sorted: number 0, which rung keeps for 00_master_schema.sql, becomes 1, and so on to a gap.
 */
void import_leave_zero(struct import *import);

/* A number of digits has the same value as another one, whatever zeros it begins with. */
bool import_same_version(const char *a, const char *b);

/* Up and down in one file, cut by the tool: dbmate, goose, tern. */
bool import_read_sections(struct import *import, struct error *err);
void import_cut_dbmate(struct import *import, struct import_step *step, struct str text);
void import_cut_goose(struct import *import, struct import_step *step, struct str text);
void import_cut_tern(struct import *import, struct import_step *step, struct str text);

bool import_read_alembic(struct import *import, struct error *err);
bool import_read_flyway(struct import *import, struct error *err);
bool import_read_golang(struct import *import, struct error *err);
bool import_read_sqitch(struct import *import, struct error *err);
bool import_read_tern(struct import *import, struct error *err);

/* --- what is applied ------------------------------------------------------- */

void import_take_each(struct import *import, const struct import_rows *rows);  /* a row a migration */
void import_take_up_to(struct import *import, const struct import_rows *rows); /* one row: the newest */
void import_take_heads(struct import *import, const struct import_rows *rows); /* the newest of each line */
void import_take_flyway(struct import *import, const struct import_rows *rows);
void import_take_sqitch(struct import *import, const struct import_rows *rows);

/* Flyway's checksum of a script: CRC-32 over its lines without their ends. */
int32_t import_flyway_checksum(struct str text);

#endif
