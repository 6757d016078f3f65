/*
 * Up files first: a down file is a pair's second half and joins the step of its number, whatever the rest
 * of its name says, as golang-migrate itself reads the number only. A migration without a down file
 * becomes irreversible with the reason; an empty rollback would claim that there is nothing to undo.
 */
#include <string.h>

#include "base/file.h"
#include "command/import/import_project.h"

static const char up_ending[] = ".up.sql";
static const char down_ending[] = ".down.sql";

static bool read_up(struct import *import, const char *file_name, struct error *err)
{
	const struct str name = str_of(file_name);
	const char *path = path_join(import->arena, import->source, file_name);
	struct import_step step = {
	    .path = path, .origin = file_name, .irreversible = "golang-migrate had no down file"};

	if (!import_number(import, path, str_slice(name, 0, name.len - strlen(up_ending)), &step))
		return true;
	if (!import_read_file(import, path, &step.up, err))
		return false;
	*import_add(import) = step;
	return true;
}

static bool read_down(struct import *import, const char *file_name, struct error *err)
{
	const struct str name = str_of(file_name);
	const char *path = path_join(import->arena, import->source, file_name);
	struct import_step parsed = {0};

	if (!import_number(import, path, str_slice(name, 0, name.len - strlen(down_ending)), &parsed))
		return true;
	struct import_step *step = import_find(import, parsed.version);
	if (!step) {
		import_problem(import, path, 0, "has no up file");
		return true;
	}
	step->down_path = path;
	step->irreversible = "the down file of golang-migrate has no statement";
	return import_read_file(import, path, &step->down, err);
}

bool import_read_golang(struct import *import, struct error *err)
{
	struct directory files;

	if (!directory_read(import->source, import->arena, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++)
		if (str_ends(str_of(files.names[i]), up_ending) && !read_up(import, files.names[i], err))
			return false;
	for (size_t i = 0; i < files.count; i++)
		if (str_ends(str_of(files.names[i]), down_ending) && !read_down(import, files.names[i], err))
			return false;
	return true;
}
