#include <stdarg.h>

#include "command/import/import_project.h"

void import_problem(struct import *import, const char *path, size_t line, const char *format, ...)
{
	const char *place = line ? arena_printf(import->arena, "%s:%zu", path, line) : path;
	va_list args;

	va_start(args, format);
	import_problem_at(import, path, place, arena_vprintf(import->arena, format, args));
	va_end(args);
}

void import_problem_at(struct import *import, const char *path, const char *place, const char *text)
{
	*ARENA_PUSH(import->arena, import->problems, import->problem_count) =
	    (struct import_problem){.path = path, .place = place, .text = text};
}
