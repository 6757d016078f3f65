/*
 * Three tools keep a migration and its rollback in one file, with lines of their own between them, so one
 * loop cuts all of them and a function a tool says what a line means. A line of the tool that is inside a
 * part leaves an empty line, and the line a part begins with is remembered, so that places in complaints
 * are those of the file.
 *
 * What is above the first part is run by none of these tools, and its writer most likely did not
 * know; a statement there is a problem. So is everything that is decided when the tool runs: variables of
 * the environment (goose), templates of Go (tern).
 *
 * goose cuts at semicolons and needs StatementBegin around bodies, with no semicolon at their end; our
 * reader needs the semicolon and not the marks. It is added where the statement would not end otherwise.
 *
 * A part that is missing at the end is a doubt, because that is what a copy that stopped looks like.
 */
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/import/import_project.h"
#include "command/import/import_whole.h"
#include "sql/script.h"

/* Where a line goes. */
enum section {
	SECTION_NONE, /* above the first mark */
	SECTION_UP,
	SECTION_DOWN,
};

/* A file that is being cut, line by line. */
struct cutting {
	struct import *import;
	struct import_step *step;
	enum section section;
	struct buffer parts[3];
	size_t first[3]; /* the line each begins with */
	size_t line;
	size_t block;      /* goose: the line of the StatementBegin that is open, or 0 */
	size_t block_from; /* and where its statement begins in the part */
};

static struct cutting cutting_of(struct import *import, struct import_step *step)
{
	struct cutting cutting = {.import = import, .step = step};

	for (size_t i = 0; i < 3; i++)
		cutting.parts[i].arena = import->arena;
	return cutting;
}

static void complain(struct cutting *cutting, const char *text)
{
	import_problem(cutting->import, cutting->step->path, cutting->line, "%s", text);
}

static void enter(struct cutting *cutting, enum section section)
{
	if (section <= cutting->section)
		complain(cutting, "has its parts twice, or in the wrong order");
	cutting->section = section;
}

/* The tool runs nothing that is there, and anyone who wrote it did not know. */
static void refuse_preamble(struct cutting *cutting)
{
	static const struct script_options options = {0};
	const char *path = cutting->step->path;
	scoped_arena struct arena scratch = {0};
	scoped_script struct script script = {0};
	struct error err = {0};

	if (!script_parse(buffer_str(&cutting->parts[SECTION_NONE]), path, &options, &scratch, &script, &err))
		import_problem(cutting->import, path, 0, "%s, above its first part", err.message);
	else if (script.count)
		import_problem(cutting->import, path, script.statements[0].line,
		               "has a statement above its first part, which %s does not run",
		               cutting->import->tool->title);
}

static void finish(struct cutting *cutting, const char *up, const char *down)
{
	struct import_step *step = cutting->step;

	step->up = buffer_str(&cutting->parts[SECTION_UP]);
	step->down = buffer_str(&cutting->parts[SECTION_DOWN]);
	step->up_line = cutting->first[SECTION_UP];
	step->down_line = cutting->first[SECTION_DOWN];
	refuse_preamble(cutting);
	if (cutting->section == SECTION_NONE)
		import_problem(cutting->import, step->path, 0, "has no \"%s\"", up);
	if (cutting->section != SECTION_DOWN)
		import_doubt(cutting->import, step->path, cutting->line, "ends without \"%s\"", down);
	if (cutting->block)
		import_problem(cutting->import, step->path, cutting->block,
		               "begins a statement that never ends: StatementEnd is missing");
}

/* Cuts `word` and the blanks after it off. */
static bool skip_word(struct str *rest, const char *word)
{
	if (!str_starts_folded(*rest, word))
		return false;
	*rest = str_slice(*rest, strlen(word), rest->len);
	return true;
}

/* "-- +goose Up" as "Up", for the mark "+goose". */
static bool read_mark(struct str line, const char *mark, struct str *rest)
{
	*rest = str_trim(line);
	if (!skip_word(rest, "--"))
		return false;
	*rest = str_trim(*rest);
	if (!skip_word(rest, mark))
		return false;
	*rest = str_trim(*rest);
	return true;
}

/*
 * Every line is given to `obey`, which takes the tool's own ones; the rest goes where we are. What is
 * taken within a part leaves an empty line, so that a line's number can be told.
 */
static void cut(struct cutting *cutting, struct str text,
                bool (*obey)(struct cutting *cutting, struct str line))
{
	while (text.len > 0) {
		const size_t end = str_index(text, '\n');
		const struct str line = str_slice(text, 0, end + 1);

		const enum section before = cutting->section;

		cutting->line++;
		if (!obey(cutting, line))
			buffer_add(&cutting->parts[cutting->section], line);
		else if (cutting->section == before)
			buffer_char(&cutting->parts[before], '\n');
		else
			cutting->first[cutting->section] = cutting->line + 1;
		text = str_slice(text, end + 1, text.len);
	}
}

/* --- dbmate -------------------------------------------------------------- */

static void read_dbmate_options(struct cutting *cutting, struct str options)
{
	bool *none = cutting->section == SECTION_UP ? &cutting->step->transaction_none
	                                            : &cutting->step->down_transaction_none;
	struct str option;

	while (str_split_next(&options, ' ', &option)) {
		if (str_is(option, "transaction:false"))
			*none = true;
		else if (option.len > 0 && !str_is(option, "transaction:true"))
			complain(cutting, "has an unknown option; only transaction:false is known");
	}
}

static bool obey_dbmate(struct cutting *cutting, struct str line)
{
	struct str rest;

	if (!read_mark(line, "migrate:", &rest))
		return false;
	if (skip_word(&rest, "up"))
		enter(cutting, SECTION_UP);
	else if (skip_word(&rest, "down"))
		enter(cutting, SECTION_DOWN);
	else
		return false;
	read_dbmate_options(cutting, str_trim(rest));
	return true;
}

void import_cut_dbmate(struct import *import, struct import_step *step, struct str text)
{
	struct cutting cutting = cutting_of(import, step);

	cut(&cutting, text, obey_dbmate);
	finish(&cutting, "-- migrate:up", "-- migrate:down");
	step->irreversible = "dbmate had nothing below migrate:down";
}

/* --- goose --------------------------------------------------------------- */

static void begin_block(struct cutting *cutting)
{
	if (cutting->block)
		complain(cutting, "begins a statement within another one: StatementEnd is missing");
	cutting->block = cutting->line;
	cutting->block_from = cutting->parts[cutting->section].len;
}

/* Our reader knows where a statement ends, if it ends with a semicolon; goose needs none here. */
static void end_block(struct cutting *cutting)
{
	struct buffer *part = &cutting->parts[cutting->section];
	const struct str block = str_slice(buffer_str(part), cutting->block_from, part->len);

	if (!cutting->block)
		complain(cutting, "ends a statement that did not begin: StatementBegin is missing");
	else if (str_trim(block).len > 0 && !import_is_finished(block))
		buffer_char(part, ';');
	cutting->block = 0;
}

static bool obey_goose(struct cutting *cutting, struct str line)
{
	struct str rest;

	if (!read_mark(line, "+goose", &rest))
		return false;
	if (str_is_folded(rest, "up"))
		enter(cutting, SECTION_UP);
	else if (str_is_folded(rest, "down"))
		enter(cutting, SECTION_DOWN);
	else if (str_is_folded(rest, "no transaction"))
		cutting->step->transaction_none = cutting->step->down_transaction_none = true;
	else if (str_starts_folded(rest, "envsub on"))
		complain(cutting, "takes values from the environment (ENVSUB)");
	else if (str_is_folded(rest, "statementbegin"))
		begin_block(cutting);
	else if (str_is_folded(rest, "statementend"))
		end_block(cutting);
	else if (!str_starts_folded(rest, "envsub off"))
		complain(cutting, "has an unknown annotation");
	return true;
}

void import_cut_goose(struct import *import, struct import_step *step, struct str text)
{
	struct cutting cutting = cutting_of(import, step);

	cut(&cutting, text, obey_goose);
	finish(&cutting, "-- +goose Up", "-- +goose Down");
	step->irreversible = "goose had nothing below Down";
}

/* --- tern ---------------------------------------------------------------- */

static const char tern_line[] = "---- create above / drop below ----";

static bool obey_tern(struct cutting *cutting, struct str line)
{
	const struct str words = str_trim(line);

	if (str_is(words, tern_line)) {
		enter(cutting, SECTION_DOWN);
		return true;
	}
	if (str_is(words, "---- tern: disable-tx ----")) {
		cutting->step->transaction_none = cutting->step->down_transaction_none = true;
		return true;
	}
	for (size_t i = 0; i + 1 < line.len; i++)
		if (line.text[i] == '{' && line.text[i + 1] == '{') {
			complain(cutting, "is a template of Go ({{ ... }}); replace it with its value");
			break;
		}
	return false;
}

void import_cut_tern(struct import *import, struct import_step *step, struct str text)
{
	struct cutting cutting = cutting_of(import, step);

	cutting.section = SECTION_UP;
	cutting.first[SECTION_UP] = 1;
	cut(&cutting, text, obey_tern);
	finish(&cutting, "", tern_line);
	step->irreversible = "tern had nothing below its line";
}

/* --- the files ------------------------------------------------------------ */

static bool read_one(struct import *import, const char *file_name, struct error *err)
{
	const struct str name = str_of(file_name);
	const char *path = path_join(import->arena, import->source, file_name);
	struct import_step step = {.path = path, .origin = file_name};
	struct str text;

	if (!import_number(import, path, str_slice(name, 0, name.len - strlen(".sql")), &step))
		return true;
	if (!import_read_file(import, path, &text, err))
		return false;
	import->tool->cut(import, &step, text);
	*import_add(import) = step;
	return true;
}

bool import_read_sections(struct import *import, struct error *err)
{
	struct directory files;

	if (!directory_read(import->source, import->arena, &files, err))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		const struct str name = str_of(files.names[i]);

		if (str_ends(name, ".sql") && !str_starts(name, ".")) {
			if (!read_one(import, files.names[i], err))
				return false;
		} else if (str_ends(name, ".go") && !str_ends(name, "_test.go") && char_is_digit(name.text[0])) {
			import_problem(import, path_join(import->arena, import->source, files.names[i]), 0,
			               "is written in Go");
		}
	}
	return true;
}

static bool find_number(const struct import *import, int64_t number)
{
	for (size_t i = 0; i < import->count; i++)
		if (import->steps[i].number == number)
			return true;
	return false;
}

/* tern numbers without gaps and refuses to run with one. */
bool import_read_tern(struct import *import, struct error *err)
{
	if (!import_read_sections(import, err))
		return false;
	for (size_t i = 0; i < import->count; i++)
		if (import->steps[i].number > 1 && !find_number(import, import->steps[i].number - 1))
			import_doubt(import, import->steps[i].path, 0, "has no number %lld before it",
			             (long long)import->steps[i].number - 1);
	return true;
}
