/*
 * reporter.h - inside of report/: one reporter, two ways to look
 *
 * report.c decides what is shown and writes the log file; how it looks is the
 * business of a `struct look`, human.c's or json.c's. Everything of one event
 * is written with a single call, so that lines of several writers do not mix.
 */
#ifndef RUNG_REPORT_REPORTER_H
#define RUNG_REPORT_REPORTER_H

#include <pthread.h>
#include <stdio.h>

#include "base/buffer.h"
#include "report/changed_object.h"
#include "report/event.h"
#include "report/report.h"
#include "report/table.h"

struct look {
	void (*event)(struct reporter *reporter, const struct event *event);
	void (*error)(struct reporter *reporter, const struct error *err);
	void (*table)(struct reporter *reporter, const struct table *table);
	void (*text)(struct reporter *reporter, const char *text);
	void (*verbatim)(struct reporter *reporter, const char *text);
	void (*changed)(struct reporter *reporter, const struct changed_object *object);
	void (*statement)(struct reporter *reporter, const struct sql_statement *statement); /* or NULL */
};

extern const struct look human_look;
extern const struct look json_look;

struct reporter {
	struct reporter_options options;
	const struct look *look;
	struct arena arena;       /* rewound after each event */
	pthread_mutex_t speaking; /* held while an event is shown */
	bool is_utf8;             /* marks beyond ASCII may be used */
	bool out_is_coloured;
	bool err_is_coloured;
	bool can_erase;          /* standard error is a terminal that knows how */
	bool line_is_drawn;      /* a progress line is there, to be erased first */
	bool findings_are_aside; /* on standard error, for people */
	int name_width;          /* of the longest migration so far, for alignment */
	int64_t last_progress_ms;
	char last_waiting[256]; /* said once, where it cannot be erased */
	int write_errno;        /* of the last piece that did not reach standard output; 0 for none */
	struct log_file *log;   /* NULL without one */
	bool log_was_judged;    /* that lines are missing in it was said */
};

/* Erases the progress line, if one is there. */
void reporter_erase(struct reporter *reporter);

/*
 * The edge: writes a finished piece of output, cleaned (display_page); nothing
 * stays in buffers. scripts/check_output.sh checks that nothing bypasses it.
 */
void reporter_write(struct reporter *reporter, FILE *stream, const char *text);

/* The same for JSON, and for what must arrive as it is: a script, a completion. */
void reporter_write_json(struct reporter *reporter, FILE *stream, const char *json);
void reporter_write_verbatim(struct reporter *reporter, FILE *stream, const char *text);

/* Colours, for reporter_add_coloured(); display.c knows the terminal's numbers for them. */
#define BOLD "b"
#define DIM "d"
#define RED "r"
#define GREEN "g"
#define YELLOW "y"
#define CYAN "c"

/* Adds `text` in a colour, where `stream` shows colours; NULL for none. */
void reporter_add_coloured(struct buffer *out, const struct reporter *reporter, FILE *stream,
                           const char *colour, const char *text);

/* Aligned, for people (table.c); human_look has it. */
void table_print_aligned(struct reporter *reporter, const struct table *table);

/* A line and what belongs to it, for people (changed_object.c). */
void changed_object_print(struct reporter *reporter, const struct changed_object *object);

struct log_file;

MUST_USE bool log_file_open(const char *path, const char *command, struct log_file **out, struct error *err);
void log_file_close(struct log_file **log);
void log_file_event(struct log_file *log, const struct event *event);
void log_file_error(struct log_file *log, const struct error *err);

/* How many lines did not reach the file so far, and why the last of them did not. */
size_t log_file_lost(const struct log_file *log);
int log_file_errno(const struct log_file *log);

#endif
