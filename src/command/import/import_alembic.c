/*
 * Alembic's migrations are Python, so they are not read at all. What is read is what "alembic upgrade
 * head --sql" prints: SQL with a comment "-- Running upgrade a -> b" before each revision, and the
 * statements about alembic_version between them. The downgrade is a second script; without it the pairs
 * are irreversible.
 *
 * The comments alone do not tell a whole script from one that broke off. But the last thing Alembic does
 * in each revision is to write it into its table, so a revision is whole when its part holds that
 * statement with its id. Where the .py files are at hand, each of their revisions is looked for in the
 * script, too.
 *
 * A script without any such comment is taken for a dump of the schema, which must end with the line that
 * pg_dump writes last.
 *
 * What is left out leaves its empty lines, so that a problem is told with the line of the script.
 */
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "command/import/import_other_history.h"
#include "command/import/import_project.h"
#include "command/import/import_whole.h"
#include "command/project/migration_files.h"
#include "sql/lexer.h"
#include "sql/script.h"

/* "-- Running upgrade a, b -> c": what follows belongs to it. */
struct mark {
	size_t at;  /* where the line begins */
	size_t end; /* where what follows begins */
	struct str from;
	struct str to;
};

/* A file that alembic or pg_dump printed. */
struct listing {
	struct import *import;
	const char *path;
	struct str text;
	struct script script;
	struct mark *marks;
	size_t count;
};

static void listing_clear(struct listing *listing)
{
	script_clear(&listing->script);
}

/* --- marks ----------------------------------------------------------------- */

static bool read_mark(struct str line, struct mark *out)
{
	static const char *const words[] = {"-- Running upgrade ", "-- Running downgrade ", NULL};
	static const char arrow[] = "->";

	for (size_t i = 0; words[i]; i++) {
		const struct str rest = str_slice(line, strlen(words[i]), line.len);

		if (!str_starts(line, words[i]))
			continue;
		const char *found = memmem(rest.text, rest.len, arrow, strlen(arrow));
		const size_t at = found ? (size_t)(found - rest.text) : rest.len;
		out->from = str_trim(str_slice(rest, 0, at));
		out->to = str_trim(str_slice(rest, at + strlen(arrow), rest.len));
		return found != NULL || rest.len > 0;
	}
	return false;
}

static void find_marks(struct listing *listing)
{
	struct str rest = listing->text;

	while (rest.len > 0) {
		const size_t len = str_index(rest, '\n');
		const size_t at = (size_t)(rest.text - listing->text.text);
		struct mark mark = {.at = at, .end = at + len};

		if (read_mark(str_trim(str_slice(rest, 0, len)), &mark))
			*ARENA_PUSH(listing->import->arena, listing->marks, listing->count) = mark;
		rest = str_slice(rest, len + 1, rest.len);
	}
}

static bool listing_open(struct import *import, const char *path, struct listing *out, struct error *err)
{
	const struct script_options options = {0};
	struct listing listing = {.import = import, .path = path};

	if (!import_read_file(import, path, &listing.text, err) ||
	    !script_parse(listing.text, path, &options, import->arena, &listing.script, err))
		return false;
	find_marks(&listing);
	*out = listing;
	return true;
}

/* --- alembic's own statements ------------------------------------------------ */

static bool is_left_out(const struct import *import, const struct statement *statement)
{
	return statement->kind.class == STATEMENT_BEGIN || statement->kind.class == STATEMENT_COMMIT ||
	       import_keeps_books(import, statement);
}

static size_t end_of(const struct listing *listing, const struct statement *statement)
{
	size_t end = statement->offset + statement->text.len;

	while (end < listing->text.len &&
	       (char_is_space(listing->text.text[end]) || listing->text.text[end] == ';')) {
		if (listing->text.text[end++] == '\n')
			break;
	}
	return end;
}

/* What is left out leaves its lines, so that a line's number can be told. */
static void add_lines(struct buffer *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.text[i] == '\n')
			buffer_char(out, '\n');
}

static size_t line_of(const struct listing *listing, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset; i++)
		line += listing->text.text[i] == '\n';
	return line;
}

/* The text between two offsets without what keeps books; `has_break`: it commits half-way. */
static struct str cut(const struct listing *listing, size_t from, size_t to, bool *has_break)
{
	struct buffer out = {.arena = listing->import->arena};
	bool has_committed = false;

	for (size_t i = 0; i < listing->script.count; i++) {
		const struct statement *statement = &listing->script.statements[i];

		if (statement->offset < from || statement->offset >= to || statement->echo)
			continue;
		if (!is_left_out(listing->import, statement)) {
			*has_break |= has_committed;
			continue;
		}
		has_committed |= statement->kind.class == STATEMENT_COMMIT;
		buffer_add(&out, str_slice(listing->text, from, statement->offset));
		from = end_of(listing, statement);
		add_lines(&out, str_slice(listing->text, statement->offset, from));
	}
	buffer_add(&out, str_slice(listing->text, from, to > from ? to : from));
	return buffer_str(&out);
}

static void refuse_data(const struct listing *listing)
{
	for (size_t i = 0; i < listing->script.count; i++)
		if (listing->script.statements[i].input != INPUT_NONE &&
		    import_keeps_books(listing->import, &listing->script.statements[i]))
			import_problem(listing->import, listing->path, listing->script.statements[i].line,
			               "contains rows; dump with --schema-only");
}

/* What is above the first mark is alembic's table and nothing else. */
static void refuse_preamble(const struct listing *listing)
{
	for (size_t i = 0; listing->count && i < listing->script.count; i++) {
		const struct statement *statement = &listing->script.statements[i];

		if (statement->offset < listing->marks[0].at && !statement->echo &&
		    !is_left_out(listing->import, statement))
			import_problem(listing->import, listing->path, statement->line,
			               "is above the first \"-- Running\" and belongs to no revision");
	}
}

/* --- names ------------------------------------------------------------------- */

static const char *slug_in(struct import *import, const char *directory, const char *revision)
{
	const char *start = arena_printf(import->arena, "%s_", revision);
	struct directory files;
	struct error ignored;

	if (!directory_exists(directory) || !directory_read(directory, import->arena, &files, &ignored))
		return NULL;
	for (size_t i = 0; i < files.count; i++) {
		const struct str name = str_of(files.names[i]);

		if (str_starts(name, start) && str_ends(name, ".py"))
			return str_copy(import->arena, str_slice(name, strlen(start), name.len - strlen(".py")));
	}
	return NULL;
}

/* Where Alembic's own files usually are. */
static const char *const directories[] = {"alembic/versions", "migrations/versions", "versions"};

/* What the revision's file is called, where Alembic keeps those; else the revision. */
static const char *label_of(struct import *import, const char *revision)
{
	const char *project = import->context->settings->project_dir;

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		const char *slug = slug_in(import, path_join(import->arena, project, directories[i]), revision);

		if (slug)
			return slug;
	}
	return revision;
}

/* --- steps ------------------------------------------------------------------- */

static void add_parents(struct import_step *step, struct str from, struct arena *arena)
{
	struct str word;

	while (str_split_next(&from, ',', &word))
		if (str_trim(word).len > 0)
			*ARENA_PUSH(arena, step->parents, step->parent_count) = str_copy(arena, str_trim(word));
}

/* A script goes from revision to revision and meets each once. One that does not has been put together by
 * hand. */
static void check_place(const struct listing *listing, const struct mark *mark,
                        const struct import_step *step)
{
	struct import *import = listing->import;
	const size_t line = line_of(listing, mark->at);

	if (import_find(import, step->version))
		import_problem(import, listing->path, line, "holds revision %s a second time", step->version);
	for (size_t i = 0; i < step->parent_count; i++)
		if (!import_find(import, step->parents[i]))
			import_doubt(import, listing->path, line, "continues from revision %s, which is not above it",
			             step->parents[i]);
}

static void add_revision(const struct listing *listing, size_t i)
{
	struct import *import = listing->import;
	const struct mark *mark = &listing->marks[i];
	const size_t to = i + 1 < listing->count ? listing->marks[i + 1].at : listing->text.len;
	struct import_step step = {
	    .version = str_copy(import->arena, mark->to),
	    .path = listing->path,
	    .irreversible = "its downgrade stayed with Alembic",
	};

	step.label = label_of(import, step.version);
	step.origin = arena_printf(import->arena, "revision %s", step.version);
	step.up = cut(listing, mark->end, to, &step.transaction_none);
	step.up_line = line_of(listing, mark->end);
	add_parents(&step, mark->from, import->arena);
	check_place(listing, mark, &step);
	*import_add(import) = step;
}

static void add_dump(const struct listing *listing)
{
	struct import_step step = {.path = listing->path,
	                           .origin = "a dump of the schema",
	                           .label = "initial",
	                           .irreversible = "it is where Alembic left the schema"};

	step.up = cut(listing, 0, listing->text.len, &step.transaction_none);
	*import_add(listing->import) = step;
}

static void add_downgrade(const struct listing *listing, const struct mark *mark, size_t to,
                          struct import_step *step)
{
	step->down = cut(listing, mark->end, to, &step->down_transaction_none);
	step->down_line = line_of(listing, mark->end);
	step->down_path = listing->path;
	step->irreversible = "its downgrade has no statement";
}

static void add_downgrades(const struct listing *listing)
{
	for (size_t i = 0; i < listing->count; i++) {
		const struct mark *mark = &listing->marks[i];
		const size_t to = i + 1 < listing->count ? listing->marks[i + 1].at : listing->text.len;
		struct import_step *step = import_find(listing->import, str_copy(listing->import->arena, mark->from));

		if (step && step->down_path)
			import_problem(listing->import, listing->path, line_of(listing, mark->at),
			               "goes down from %s a second time", step->version);
		else if (step)
			add_downgrade(listing, mark, to, step);
		else
			import_problem(listing->import, listing->path, line_of(listing, mark->at),
			               "goes down from %.*s, which is not a revision", STR_ARGS(mark->from));
	}
}

/* --- whether it is whole ------------------------------------------------------ */

/* The id as a literal: it may also occur in the text of a comment or a name. */
static bool names(const struct statement *statement, const char *version)
{
	struct lexer lexer = statement_lexer(statement);
	struct token token;

	while ((token = lexer_next_significant(&lexer)).kind != TOKEN_END)
		if (token.kind == TOKEN_STRING && str_is(str_slice(token.text, 1, token.text.len - 1), version))
			return true;
	return false;
}

/* The last thing Alembic does in a revision is to write it into its table, or to take it out. */
static bool is_concluded(const struct listing *listing, size_t from, size_t to, const char *version)
{
	for (size_t i = 0; i < listing->script.count; i++) {
		const struct statement *statement = &listing->script.statements[i];

		if (statement->offset >= from && statement->offset < to && !statement->echo &&
		    import_keeps_books(listing->import, statement) && names(statement, version))
			return true;
	}
	return false;
}

static void check_revisions(const struct listing *listing, bool is_up)
{
	for (size_t i = 0; i < listing->count; i++) {
		const struct mark *mark = &listing->marks[i];
		const size_t to = i + 1 < listing->count ? listing->marks[i + 1].at : listing->text.len;
		const char *version = str_copy(listing->import->arena, is_up ? mark->to : mark->from);

		if (!is_concluded(listing, mark->end, to, version))
			import_doubt(listing->import, listing->path, line_of(listing, mark->at),
			             "does not hold the end of revision %s: the statement about it in %s", version,
			             import_other_history_name(listing->import));
	}
}

/* A script of revisions, or what pg_dump printed. */
static void check_whole(const struct listing *listing, bool is_up)
{
	static const char trailer[] = "\n-- PostgreSQL database dump complete\n";
	const struct str text = listing->text;

	import_check_end(listing->import, listing->path, text, &listing->script);
	check_revisions(listing, is_up);
	if (listing->count == 0 && is_up && !memmem(text.text, text.len, trailer, strlen(trailer)))
		import_doubt(listing->import, listing->path, 0,
		             "has no \"-- Running upgrade\" and not the last line of pg_dump, \"-- PostgreSQL "
		             "database dump complete\"");
}

/* "revision = 'ae1027a6acf'", or "revision: str = ..."; NULL when the file has no such line. */
static const char *revision_in(struct str text, struct arena *arena)
{
	struct str line;

	while (str_line_next(&text, &line)) {
		const struct str value = str_trim(str_slice(line, str_index(line, '=') + 1, line.len));

		if (!str_starts(line, "revision") || value.len < 2 || !strchr("'\"", value.text[0]))
			continue;
		const struct str inside = str_slice(value, 1, value.len);
		return str_copy(arena, str_slice(inside, 0, str_index(inside, value.text[0])));
	}
	return NULL;
}

static bool find_revision(struct listing *listing, const char *path, struct error *err)
{
	struct import *import = listing->import;
	struct str text;

	if (!migration_files_read(path, import->arena, &text, err))
		return false;
	const char *revision = revision_in(text, import->arena);
	if (revision && !import_find(import, revision))
		import_doubt(import, path, 0, "is revision %s, which \"%s\" does not hold", revision, listing->path);
	return true;
}

/* Where Alembic's own files are at hand, the script must hold all of them. */
static bool compare_with_versions(struct listing *listing, struct error *err)
{
	struct import *import = listing->import;
	const char *project = import->context->settings->project_dir;
	struct directory files;

	for (size_t i = 0; listing->count && i < sizeof(directories) / sizeof(*directories); i++) {
		const char *directory = path_join(import->arena, project, directories[i]);

		if (!directory_exists(directory))
			continue;
		if (!directory_read(directory, import->arena, &files, err))
			return false;
		for (size_t j = 0; j < files.count; j++)
			if (str_ends(str_of(files.names[j]), ".py") &&
			    !find_revision(listing, path_join(import->arena, directory, files.names[j]), err))
				return false;
	}
	return true;
}

/* --- both scripts -------------------------------------------------------------- */

static void check_downgrades(const struct listing *listing)
{
	const struct import *import = listing->import;

	for (size_t i = 0; i < import->count; i++)
		if (!import->steps[i].down_path)
			import_doubt(listing->import, listing->path, 0, "has no \"-- Running downgrade %s -> \"",
			             import->steps[i].version ? import->steps[i].version : "");
}

static bool read_downgrades(struct import *import, struct error *err)
{
	SCOPED(listing_clear) struct listing listing = {0};

	if (!import->down_source)
		return true;
	if (!listing_open(import, import->down_source, &listing, err))
		return false;
	if (listing.count == 0)
		import_problem(import, listing.path, 0, "has no \"-- Running downgrade\"");
	refuse_preamble(&listing);
	check_whole(&listing, false);
	add_downgrades(&listing);
	check_downgrades(&listing);
	return true;
}

bool import_read_alembic(struct import *import, struct error *err)
{
	SCOPED(listing_clear) struct listing listing = {0};

	if (!listing_open(import, import->source, &listing, err))
		return false;
	refuse_data(&listing);
	refuse_preamble(&listing);
	for (size_t i = 0; i < listing.count; i++)
		add_revision(&listing, i);
	if (listing.count == 0)
		add_dump(&listing);
	check_whole(&listing, true);
	import_count_up(import);
	return compare_with_versions(&listing, err) && read_downgrades(import, err);
}
