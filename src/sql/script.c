/* Beginning and end of reading one: what lies between is reader.h's. */
#include "sql/script.h"

#include "sql/reader.h"
#include "sql/source.h"

static void set_variables(struct reading *reading)
{
	const struct script_options *options = reading->options;

	reading->variables.arena = reading->arena;
	reading->strings = string_setting_usual(options->has_escapes);
	if (options->known_strings_count && options->known_strings[0].count == 0)
		reading->strings.now = reading->strings.kept = options->known_strings[0].has_escapes;
	for (size_t i = 0; i < options->variable_count; i++)
		variable_assign(&reading->variables, str_of(options->variables[i].name), options->variables[i].value);
}

static void set_boundary(struct reading *reading, const char *root)
{
	const char **directories = arena_array(reading->arena, const char *, 2);

	directories[0] = root;
	reading->directory = root;
	reading->boundary = (struct boundary){.directories = directories};
	if (reading->options->boundary)
		reading->boundary = *reading->options->boundary;
}

/* What is to be read: a file, or text in memory under a name. */
struct subject {
	const char *path; /* NULL for text */
	const char *name;
	struct str text;
};

static bool read_file(struct reading *reading, const char *path, struct error *err)
{
	const char *root = reading->options->root;
	struct reader reader = {.reading = reading};

	set_boundary(reading, root ? root : path_directory(reading->arena, path));
	reading->is_file = true;
	const char *real = path_resolve(reading->arena, path);
	if (real ? !boundary_check_resolved(&reading->boundary, path, real, err)
	         : !boundary_check(&reading->boundary, path, err))
		return false;
	return reading_load_source(reading, path, real, &reader.source, err) && reader_read(&reader, err);
}

static bool read_text(struct reading *reading, const struct subject *subject, struct error *err)
{
	struct reader reader = {.reading = reading, .source = reading_add_source(reading, subject->name)};

	set_boundary(reading, reading->options->root ? reading->options->root : ".");
	if (subject->text.len > 0)
		reader.source->file.text = subject->text;
	return source_validate(reader.source, err) && reader_read(&reader, err);
}

static bool read_subject(struct reading *reading, const struct subject *subject, struct script *out,
                         struct error *err)
{
	scoped_script struct script script = {0};

	reading->script = &script;
	set_variables(reading);
	if (!(subject->path ? read_file(reading, subject->path, err) : read_text(reading, subject, err)))
		return false;
	*out = script;
	script = (struct script){0};
	return true;
}

/*
 * Before anything runs, nobody can say what a function will do to standard_conforming_strings. Where a file
 * does not read as its statements say, it may read with the other value from the first literal on that
 * depends on it; whether that is true is seen when it runs.
 */
static bool read_otherwise(const struct reading *failed, const struct subject *subject, struct script *out)
{
	struct script_options options = *failed->options;
	struct reading reading = {.arena = failed->arena, .options = &options};
	struct known_strings *known = NULL;
	size_t count = 0;
	struct error ignored;

	for (; count < options.known_strings_count;
	     *ARENA_PUSH(reading.arena, known, count) = options.known_strings[count])
		if (options.known_strings[count].count >= failed->first_dependent.count)
			return false;
	*ARENA_PUSH(reading.arena, known, count) =
	    (struct known_strings){failed->first_dependent.count, !failed->first_dependent.has_escapes};
	options.known_strings = known;
	options.known_strings_count = count;
	return read_subject(&reading, subject, out, &ignored);
}

static bool read_either_way(const struct subject *subject, const struct script_options *options,
                            struct arena *arena, struct script *out, struct error *err)
{
	static const struct script_options none = {0};
	struct reading reading = {.arena = arena, .options = options ? options : &none};

	return read_subject(&reading, subject, out, err) ||
	       (reading.depends_on_escapes && read_otherwise(&reading, subject, out));
}

bool script_load(const char *path, const struct script_options *options, struct arena *arena,
                 struct script *out, struct error *err)
{
	return read_either_way(&(struct subject){.path = path}, options, arena, out, err);
}

bool script_parse(struct str text, const char *name, const struct script_options *options,
                  struct arena *arena, struct script *out, struct error *err)
{
	return read_either_way(&(struct subject){.name = name, .text = text}, options, arena, out, err);
}

struct lexer statement_lexer(const struct statement *statement)
{
	return (struct lexer){
	    .text = statement->text, .joins_lines = true, .has_escapes = statement->has_escapes};
}

void script_clear(struct script *script)
{
	for (size_t i = 0; i < script->source_count; i++)
		file_text_close(&script->sources[i]->file);
	*script = (struct script){0};
}
