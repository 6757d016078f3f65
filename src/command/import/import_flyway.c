/*
 * Flyway identifies a script by its version, compares versions part by part as numbers ("1.2" is "1_2"
 * and "1.2.0"), and keeps a CRC-32 over the lines of each script in its history. The checksum is computed
 * here in the same way: a script that was edited after it was applied is thereby known, and one that fits
 * is proven whole, so that no doubt about its end remains.
 *
 * Numbers stay as they are if all versions are whole numbers, because people continue typing them. Otherwise
 * they are counted anew, each is told, and the file keeps the old version as its old id.
 *
 * Repeatable scripts run after all others, also after those that do not exist yet. The directive "order:
 * last" says so to rung; their numbers begin two digits further on, so that they are last in a list as
 * well.
 *
 * Placeholders, callbacks, Java and folders are problems: what they mean is decided outside of the files.
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "command/import/import_project.h"

enum { LONGEST_NUMBER = 18 };

/* "V1_2__add_users.sql" as 'V', "1.2" and "add_users". */
struct flyway_script {
	char kind;
	const char *version; /* "" of a repeatable one */
	const char *label;
	const char *path;
};

/* --- versions -------------------------------------------------------------- */

/* Part by part, as numbers; missing parts are 0. */
static int compare_versions(struct str a, struct str b)
{
	while (a.len > 0 || b.len > 0) {
		struct str one = {0};
		struct str other = {0};

		str_split_next(&a, '.', &one);
		str_split_next(&b, '.', &other);
		const unsigned long long left = one.len ? strtoull(one.text, NULL, 10) : 0;
		const unsigned long long right = other.len ? strtoull(other.text, NULL, 10) : 0;
		if (left != right)
			return left < right ? -1 : 1;
	}
	return 0;
}

static int compare_steps(const void *a, const void *b)
{
	const struct import_step *one = a;
	const struct import_step *other = b;

	if (!one->version || !other->version)
		return one->version ? -1 : other->version ? 1 : strcmp(one->label, other->label);
	return compare_versions(str_of(one->version), str_of(other->version));
}

static struct import_step *find_version(struct import *import, const char *version)
{
	for (size_t i = 0; i < import->count; i++)
		if (import->steps[i].version &&
		    compare_versions(str_of(import->steps[i].version), str_of(version)) == 0)
			return &import->steps[i];
	return NULL;
}

/* --- names ----------------------------------------------------------------- */

static bool read_version(struct str text, struct arena *arena, const char **out)
{
	char *version = str_copy(arena, text);

	for (char *c = version; *c; c++) {
		if (*c == '_')
			*c = '.';
		if (*c != '.' && !char_is_digit(*c))
			return false;
	}
	*out = version;
	return true;
}

static bool read_name(struct import *import, const char *file_name, struct flyway_script *out)
{
	const struct str name = str_of(file_name);
	const char *mark = strstr(file_name, "__");

	if (!mark || !strchr("VUR", file_name[0]) || !str_ends(name, ".sql"))
		return false;
	const size_t at = (size_t)(mark - file_name);
	*out = (struct flyway_script){
	    .kind = file_name[0],
	    .label = str_copy(import->arena, str_slice(name, at + 2, name.len - strlen(".sql"))),
	    .path = path_join(import->arena, import->source, file_name),
	};
	return read_version(str_slice(name, 1, at), import->arena, &out->version) &&
	       (out->kind == 'R') == (out->version[0] == '\0');
}

/* --- texts ----------------------------------------------------------------- */

static uint32_t crc_add(uint32_t crc, unsigned char byte)
{
	crc ^= byte;
	for (int i = 0; i < 8; i++)
		crc = crc & 1 ? crc >> 1 ^ 0xEDB88320U : crc >> 1;
	return crc;
}

/*
 * Over the bytes of the lines without their ends, as Flyway feeds them to java.util.zip.CRC32, so that a
 * checkout with other line ends has the same; and signed, as Java has no other.
 */
int32_t import_flyway_checksum(struct str text)
{
	uint32_t crc = 0xFFFFFFFFU;
	struct str line;

	while (str_line_next(&text, &line))
		for (size_t i = 0; i < line.len; i++)
			crc = crc_add(crc, (unsigned char)line.text[i]);
	return (int32_t)~crc;
}

/* One for each line, not for each placeholder: a person who goes to the line sees the others. */
static void refuse_placeholders(struct import *import, const char *path, struct str text)
{
	struct str line;

	for (size_t number = 1; str_line_next(&text, &line); number++)
		for (size_t i = 0; i + 1 < line.len; i++)
			if (line.text[i] == '$' && line.text[i + 1] == '{') {
				import_problem(import, path, number, "has a placeholder (${...}); replace it with its value");
				break;
			}
}

static bool read_text(struct import *import, const struct flyway_script *script, struct str *out,
                      struct error *err)
{
	if (!import_read_file(import, script->path, out, err))
		return false;
	refuse_placeholders(import, script->path, *out);
	return true;
}

static bool read_settings(struct import *import, const char *path, bool *transaction_none, struct error *err)
{
	const char *settings = arena_printf(import->arena, "%s.conf", path);
	struct str text;
	struct str line;

	if (!file_exists(settings))
		return true;
	if (!import_read_file(import, settings, &text, err))
		return false;
	for (size_t number = 1; str_line_next(&text, &line); number++) {
		line = str_trim(line);
		if (str_is_folded(line, "executeInTransaction=false"))
			*transaction_none = true;
		else if (line.len > 0 && line.text[0] != '#' && !str_is_folded(line, "executeInTransaction=true"))
			import_problem(import, settings, number, "is a setting rung does not have");
	}
	return true;
}

/* --- the files ------------------------------------------------------------- */

static bool read_script(struct import *import, const struct flyway_script *script, struct error *err)
{
	struct import_step step = {
	    .version = script->kind == 'R' ? NULL : script->version,
	    .path = script->path,
	    .origin = path_name(script->path),
	    .label = script->label,
	    .reapply = script->kind == 'R',
	    .irreversible =
	        script->kind == 'R' ? "Flyway ran it again whenever it changed" : "Flyway had no undo script",
	};

	if (step.version && find_version(import, step.version))
		import_problem(import, step.path, 0, "has the version of %s",
		               find_version(import, step.version)->path);
	if (!read_text(import, script, &step.up, err) ||
	    !read_settings(import, step.path, &step.transaction_none, err))
		return false;
	step.checksum = arena_printf(import->arena, "%d", import_flyway_checksum(step.up));
	*import_add(import) = step;
	return true;
}

static bool read_undo(struct import *import, const struct flyway_script *script, struct error *err)
{
	struct import_step *step = find_version(import, script->version);

	if (step) {
		step->down_path = script->path;
		step->irreversible = "Flyway's undo script has no statement";
		return read_text(import, script, &step->down, err);
	}
	import_problem(import, script->path, 0, "undoes a version that is not there");
	return true;
}

static bool is_of_no_interest(struct import *import, const char *file_name)
{
	const struct str name = str_of(file_name);

	return str_starts(name, ".") || str_starts_folded(name, "readme") || str_ends(name, ".md") ||
	       (str_ends(name, ".sql.conf") && file_exists(path_join(import->arena, import->source, file_name)));
}

static bool read_all(struct import *import, const struct directory *files, bool undo, struct error *err)
{
	for (size_t i = 0; i < files->count; i++) {
		struct flyway_script script;

		if (!read_name(import, files->names[i], &script)) {
			if (!undo && !is_of_no_interest(import, files->names[i]))
				import_problem(import, path_join(import->arena, import->source, files->names[i]), 0,
				               "is neither V…__, U…__ nor R__….sql; callbacks, baselines, Java and folders "
				               "cannot be converted");
			continue;
		}
		if ((script.kind == 'U') != undo)
			continue;
		if (undo ? !read_undo(import, &script, err) : !read_script(import, &script, err))
			return false;
	}
	return true;
}

/* --- numbers --------------------------------------------------------------- */

static bool is_whole_number(const char *version)
{
	unsigned long long number;

	return strlen(version) <= 18 && str_to_number(str_of(version), INT64_MAX, &number) && number > 0;
}

static bool all_are_whole_numbers(const struct import *import)
{
	for (size_t i = 0; i < import->count; i++)
		if (import->steps[i].version && !is_whole_number(import->steps[i].version))
			return false;
	return true;
}

/* Their own numbers, in the width they have; what has none is numbered by number_repeatable(). */
static void number_as_they_are(struct import *import)
{
	for (size_t i = 0; i < import->count; i++) {
		struct import_step *step = &import->steps[i];

		step->number = step->version ? strtoll(step->version, NULL, 10) : 0;
		step->width = step->version ? (int)strlen(step->version) : 2;
	}
}

static void number_anew(struct import *import)
{
	import_count_up(import);
	for (size_t i = 0; i < import->count; i++)
		if (import->steps[i].version)
			event_note(import->context->reporter, "version %s becomes %0*lld", import->steps[i].version,
			           import->steps[i].width, (long long)import->steps[i].number);
}

/*
 * Repeatable scripts run after all others, also after those that are still to
 * come: their numbers begin two digits further on, 9001 beside 01 and 02.
 */
static void number_repeatable(struct import *import)
{
	int digits = 1;
	int64_t number = 9;

	for (size_t i = 0; i < import->count; i++)
		if (import->steps[i].version && import->steps[i].width > digits)
			digits = import->steps[i].width;
	digits = digits + 2 < LONGEST_NUMBER ? digits + 2 : LONGEST_NUMBER;
	for (int i = 1; i < digits; i++)
		number *= 10;
	for (size_t i = 0; i < import->count; i++) {
		if (import->steps[i].version)
			continue;
		import->steps[i].number = ++number;
		import->steps[i].width = digits;
	}
}

bool import_read_flyway(struct import *import, struct error *err)
{
	struct directory files;

	if (!directory_read(import->source, import->arena, &files, err) ||
	    !read_all(import, &files, false, err) || !read_all(import, &files, true, err))
		return false;
	if (import->count)
		qsort(import->steps, import->count, sizeof(*import->steps), compare_steps);
	if (all_are_whole_numbers(import))
		number_as_they_are(import);
	else
		number_anew(import);
	number_repeatable(import);
	return true;
}

/* --- what is applied ------------------------------------------------------- */

/* Flyway keeps descriptions with blanks where names have underscores. */
static bool is_described_as(const struct import_step *step, const char *description)
{
	const char *label = step->label;

	for (; *label && *description; label++, description++)
		if (*label != *description && !(*label == '_' && *description == ' '))
			return false;
	return !*label && !*description;
}

static struct import_step *find_repeatable(struct import *import, const char *description)
{
	for (size_t i = 0; i < import->count; i++)
		if (!import->steps[i].version && is_described_as(&import->steps[i], description))
			return &import->steps[i];
	return NULL;
}

/* Everything up to the baseline counts as applied: that is what a baseline says. */
static void take_baseline(struct import *import, const struct import_row *row)
{
	for (size_t i = 0; i < import->count; i++) {
		struct import_step *step = &import->steps[i];

		if (step->version && compare_versions(str_of(step->version), str_of(row->version)) <= 0)
			step->is_applied = true;
	}
}

static void take_row(struct import *import, const struct import_row *row)
{
	struct import_step *step =
	    row->version ? find_version(import, row->version) : find_repeatable(import, row->name);
	const bool is_same = step && (!row->checksum || strcmp(row->checksum, step->checksum) == 0);

	if (!step) {
		import_problem(import, import->source, 0, "does not hold %s, which Flyway says is applied",
		               row->version ? row->version : row->name);
		return;
	}
	/* A repeatable one that was edited is still to be run; any other was not to be edited. */
	if (!is_same && step->version)
		import_problem(import, step->path, 0, "was changed after Flyway applied it");
	step->is_applied = is_same;
	step->is_proven = is_same && row->checksum;
	step->applied_at = row->applied_at;
}

void import_take_flyway(struct import *import, const struct import_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		if (rows->items[i].kind && strcmp(rows->items[i].kind, "BASELINE") == 0)
			take_baseline(import, &rows->items[i]);
		else
			take_row(import, &rows->items[i]);
	}
}
