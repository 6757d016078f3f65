/*
 * project.h - where the project is, and its two files
 *
 * The root is where rung.ini lies: the working directory or the nearest one
 * above it; without one it is the working directory. Nothing is read before
 * trust.h agrees, and a rung.ini that is not trusted is an error: to continue
 * without it would run the project with other settings than its own.
 */
#ifndef RUNG_CONFIG_PROJECT_H
#define RUNG_CONFIG_PROJECT_H

#include "config/trust.h"

struct project_files {
	const char *directory; /* absolute */
	bool has_ini;
	bool has_env;
	struct str ini; /* what rung.ini says */
	struct str env; /* what .env says */
	struct trust trust;
	bool is_empty; /* there is nothing that could be obeyed; `trust` is then not open */
};

MUST_USE bool project_files_read(const char *working_dir, struct arena *arena, struct project_files *out,
                                 struct error *err);
void project_files_clear(struct project_files *files);
#define scoped_project_files SCOPED(project_files_clear)

#endif
