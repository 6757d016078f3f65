/*
 * desired_files.h - the files that describe a schema, as statements
 *
 * One file, or every *.sql file below a directory, in the order of their
 * paths. A file of the directory that another one includes is read once.
 */
#ifndef RUNG_COMMAND_GENERATE_DESIRED_FILES_H
#define RUNG_COMMAND_GENERATE_DESIRED_FILES_H

#include "command/generate/desired_statement.h"

/* A statement, and how it went so far. */
struct desired_item {
	const struct statement *statement;
	struct desired_statement facts;
	bool is_done;
	struct error *refusal; /* the last one; NULL for none */
};

struct desired_file {
	struct script script;
	struct desired_item *items;
	size_t count;
	bool sets_body_check;
};

struct desired_files {
	struct desired_file *items;
	size_t count;
};

/* `scripts` but for where files start and what they may lead to, which `path` says. */
MUST_USE bool desired_files_load(const char *path, const struct script_options *scripts, struct arena *arena,
                                 struct desired_files *out, struct error *err);

/* The same of text, for which `name` stands in messages. */
MUST_USE bool desired_text_load(struct str text, const char *name, const struct script_options *scripts,
                                struct arena *arena, struct desired_files *out, struct error *err);
void desired_files_clear(struct desired_files *files);
#define scoped_desired_files SCOPED(desired_files_clear)

#endif
