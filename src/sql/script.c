/* Beginning and end of reading one: what lies between is reader.h's. */
#include "sql/script.h"

#include "sql/reader.h"
#include "sql/source.h"

static void set_variables(struct reading *reading)
{
	const struct script_options *options = reading->options;

	reading->variables.arena = reading->arena;
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

static bool load(struct reading *reading, const char *path, struct error *err)
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

bool script_load(const char *path, const struct script_options *options, struct arena *arena,
                 struct script *out, struct error *err)
{
	static const struct script_options none = {0};
	scoped_script struct script script = {0};
	struct reading reading = {.arena = arena, .options = options ? options : &none, .script = &script};

	set_variables(&reading);
	if (!load(&reading, path, err))
		return false;
	*out = script;
	script = (struct script){0};
	return true;
}

bool script_parse(struct str text, const char *name, const struct script_options *options,
                  struct arena *arena, struct script *out, struct error *err)
{
	static const struct script_options none = {0};
	scoped_script struct script script = {0};
	struct reading reading = {.arena = arena, .options = options ? options : &none, .script = &script};
	struct reader reader = {.reading = &reading, .source = reading_add_source(&reading, name)};

	set_variables(&reading);
	set_boundary(&reading, reading.options->root ? reading.options->root : ".");
	if (text.len > 0)
		reader.source->file.text = text;
	if (!source_validate(reader.source, err) || !reader_read(&reader, err))
		return false;
	*out = script;
	script = (struct script){0};
	return true;
}

void script_clear(struct script *script)
{
	for (size_t i = 0; i < script->source_count; i++)
		file_text_close(&script->sources[i]->file);
	*script = (struct script){0};
}
