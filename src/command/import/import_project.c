/*
 * A version of the other tool that is a number is compared as a number, since tables keep 1 where files
 * say 0001. An applied version without a file is a problem and not passed over: the database then has
 * something that no file of the new project makes.
 *
 * Number 0 belongs to 00_master_schema.sql here. A history that begins at 0 is moved up by one, as far as
 * its numbers are without a gap and not beyond, so that most keep theirs.
 */
#include "command/import/import_project.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "command/import/import_whole.h"
#include "command/project/migration_files.h"
#include "migration/checksum.h"

struct import_step *import_add(struct import *import)
{
	return ARENA_PUSH(import->arena, import->steps, import->count);
}

bool import_same_version(const char *a, const char *b)
{
	unsigned long long one;
	unsigned long long other;

	if (str_to_number(str_of(a), INT64_MAX, &one) && str_to_number(str_of(b), INT64_MAX, &other))
		return one == other;
	return strcmp(a, b) == 0;
}

struct import_step *import_find(struct import *import, const char *version)
{
	for (size_t i = 0; i < import->count; i++)
		if (import->steps[i].version && import_same_version(import->steps[i].version, version))
			return &import->steps[i];
	return NULL;
}

bool import_read_file(struct import *import, const char *path, struct str *out, struct error *err)
{
	struct str text;

	if (!migration_files_read(path, import->arena, &text, err))
		return false;
	*out = text_without_bom(text);
	*ARENA_PUSH(import->arena, import->files, import->file_count) = path;
	if (utf8_check(*out) < out->len)
		import_problem(import, path, 0, "is not UTF-8");
	if (str_trim(*out).len == 0)
		import_doubt(import, path, 0, "is empty");
	return true;
}

bool import_number(struct import *import, const char *path, struct str stem, struct import_step *out)
{
	unsigned long long number = 0;
	size_t digits = 0;

	while (digits < stem.len && char_is_digit(stem.text[digits]))
		digits++;
	if (digits > 18 || !str_to_number(str_slice(stem, 0, digits), INT64_MAX, &number)) {
		import_problem(import, path, 0, "does not begin with a number of up to 18 digits");
		return false;
	}
	out->version = str_copy(import->arena, str_slice(stem, 0, digits));
	out->number = (int64_t)number;
	out->width = (int)digits;
	out->label = str_copy(import->arena, str_slice(stem, digits + 1, stem.len));
	return true;
}

void import_count_up(struct import *import)
{
	const int width = snprintf(NULL, 0, "%zu", import->count);

	for (size_t i = 0; i < import->count; i++) {
		import->steps[i].number = (int64_t)i + 1;
		import->steps[i].width = width > 2 ? width : 2;
	}
}

void import_leave_zero(struct import *import)
{
	int64_t free = 1;
	int64_t before = -1;

	for (size_t i = 0; i < import->count && import->steps[i].number < free; i++) {
		struct import_step *step = &import->steps[i];
		const int64_t number = step->number;

		if (i == 0 && number > 0)
			return;
		step->number =
		    number == before ? import->steps[i - 1].number : free++; /* duplicates stay duplicates */
		before = number;
	}
	if (free > 1)
		event_note(import->context->reporter,
		           "number 0 is kept for 00_master_schema.sql: 0 to %lld become 1 to %lld",
		           (long long)free - 2, (long long)free - 1);
}

/* --- what is applied ------------------------------------------------------- */

static void apply(struct import_step *step, const struct import_row *row)
{
	step->is_applied = true;
	step->applied_at = row->applied_at;
}

static void complain_of_missing(struct import *import, const struct import_row *row)
{
	import_problem(import, import->source, 0, "does not hold %s, which %s says is applied",
	               row->version ? row->version : row->name, import->tool->title);
}

void import_take_each(struct import *import, const struct import_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct import_step *step = import_find(import, rows->items[i].version);

		if (step)
			apply(step, &rows->items[i]);
		else
			complain_of_missing(import, &rows->items[i]);
	}
}

void import_take_up_to(struct import *import, const struct import_rows *rows)
{
	const struct import_row *row = rows->count ? &rows->items[0] : NULL;
	const struct import_step *newest = row ? import_find(import, row->version) : NULL;

	if (!row)
		return;
	if (!newest) {
		complain_of_missing(import, row);
		return;
	}
	for (size_t i = 0; i < import->count; i++)
		import->steps[i].is_applied |= import->steps[i].number <= newest->number;
}

/* A step without a version is a dump: it stands for whatever revision there is. */
static void take_head(struct import *import, const struct import_row *row)
{
	struct import_step *step = import_find(import, row->version);

	if (!step && import->count == 1 && !import->steps[0].version)
		step = &import->steps[0];
	if (step)
		apply(step, row);
	else
		complain_of_missing(import, row);
}

/* Children come after their parents, so one pass from the end reaches all of them. */
void import_take_heads(struct import *import, const struct import_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		take_head(import, &rows->items[i]);
	for (size_t i = import->count; i-- > 0;) {
		const struct import_step *step = &import->steps[i];

		for (size_t j = 0; step->is_applied && j < step->parent_count; j++) {
			struct import_step *parent = import_find(import, step->parents[j]);

			if (parent)
				parent->is_applied = true;
		}
	}
}
