/*
 * Where a script's reading begins and ends; what lies between is reader.h's. The same reading serves two
 * ways to hold the result. script_load() keeps all statements, for files that may have to be looked at
 * twice; a stream keeps one, for files of any size. Both get them from reading_advance() in portions, and
 * both must come to the same, byte for byte: a file is looked into by one way and may run by the other.
 *
 * What a statement is made of lies on `passing`, what lasts as long as the reading on `arena`; for a
 * script they are one arena. A stream rewinds `passing` only when nothing that is still being read points
 * into it: no statement begun, no directive, no "\;" group, no variable's value (may_forget). Anyone who
 * adds a list to struct reader has to ask for it there.
 *
 * A file that cannot be read as it is is read once more, the other way, where a literal of it depends
 * on standard_conforming_strings: its own statements may not tell what the setting is when it runs. If that
 * fails as well, the first error is the one to show.
 */
#include "sql/script.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/interrupt.h"
#include "sql/file_cache.h"
#include "sql/reader.h"
#include "sql/source.h"
#include "sql/special.h"

/* Each file of thousands is told the same ones: they are not copied. */
static void know_variables(struct reading *reading)
{
	const struct script_options *options = reading->options;
	struct variable *known = arena_array(reading->arena, struct variable, options->variable_count);

	for (size_t i = 0; i < options->variable_count; i++)
		known[i] =
		    (struct variable){.name = options->variables[i].name, .value = options->variables[i].value};
	reading->variables.known = known;
	reading->variables.known_count = options->variable_count;
}

static void set_variables(struct reading *reading)
{
	const struct script_options *options = reading->options;

	reading->variables.arena = reading->arena;
	reading->variables.usual = special_usual;
	reading->variables.statement_count = &reading->statement_count;
	reading->strings = string_setting_usual(options->has_escapes);
	if (options->known_strings_count && options->known_strings[0].count == 0)
		reading->strings.now = reading->strings.kept = options->known_strings[0].has_escapes;
	know_variables(reading);
}

/* Values may be secrets, so none is shown. */
static bool give_variables(struct reading *reading, struct error *err)
{
	const struct script_options *options = reading->options;

	for (size_t i = 0; i < options->given_count; i++) {
		const struct script_variable *given = &options->given[i];
		const char *value = given->value;
		const char *problem = special_check(reading->arena, given->name, &value);

		if (problem)
			return error_set(err, ERROR_CONFIG, "cannot set the variable %s: %s", given->name, problem);
		variable_give(&reading->variables, str_of(given->name), value);
	}
	return true;
}

static void tell_uses(const struct reading *reading, struct arena *arena, struct script *script)
{
	const struct variable_set *set = &reading->variables;

	script->uses = arena_array(arena, struct script_variable, set->use_count);
	script->use_count = set->use_count;
	for (size_t i = 0; i < set->use_count; i++)
		script->uses[i] = (struct script_variable){
		    .name = arena_strdup(arena, set->uses[i].name),
		    .value = set->uses[i].value ? arena_strdup(arena, set->uses[i].value) : NULL,
		    .first = set->uses[i].first,
		};
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

static bool find_file(struct reading *reading, const char *path, struct source **out, struct error *err)
{
	scoped_found_file struct found_file file = {.fd = -1};

	return boundary_find(&reading->boundary, path, reading->arena, &file, err) &&
	       (file.real || boundary_check(&reading->boundary, path, err)) &&
	       reading_load_source(reading, path, &file, out, err);
}

/* It was found, vouched for and checked to be text when it was put there. */
static bool take_from_cache(struct reading *reading, const char *path, struct source **out)
{
	struct file_cache *cache = reading->options->cache;
	const struct cached_file *cached = cache ? file_cache_find(cache, path) : NULL;

	if (!cached)
		return false;
	*out = reading_add_source(reading, reading_shown_path(reading, path));
	(*out)->real_path = cached->real;
	(*out)->file.text = cached->text;
	return true;
}

static void put_in_cache(const struct reading *reading, const char *path, const struct source *source)
{
	if (reading->options->cache && source->real_path)
		file_cache_put(reading->options->cache, path, source->real_path, source->file.text);
}

static bool open_file(struct reading *reading, const char *path, struct error *err)
{
	const char *root = reading->options->root;
	struct reader *reader = arena_new(reading->arena, struct reader);

	reader->reading = reading;
	set_boundary(reading, root ? root : path_directory(reading->arena, path));
	reading->is_file = true;
	if (!take_from_cache(reading, path, &reader->source)) {
		if (!find_file(reading, path, &reader->source, err))
			return false;
		put_in_cache(reading, path, reader->source);
	}
	reader_begin(reader);
	return true;
}

static bool open_text(struct reading *reading, const struct subject *subject, struct error *err)
{
	struct reader *reader = arena_new(reading->arena, struct reader);

	reader->reading = reading;
	reader->source = reading_add_source(reading, subject->name);
	set_boundary(reading, reading->options->root ? reading->options->root : ".");
	if (subject->text.len > 0)
		reader->source->file.text = subject->text;
	reader_begin(reader);
	return source_validate(reader->source, err);
}

static bool open_subject(struct reading *reading, const struct subject *subject, struct error *err)
{
	set_variables(reading);
	if (!give_variables(reading, err))
		return false;
	return subject->path ? open_file(reading, subject->path, err) : open_text(reading, subject, err);
}

/* --- all statements at once -------------------------------------------- */

static void make_room(struct reading *reading)
{
	reading->ready_count = 0;
	if (!reading->ready_arena.newest)
		arena_alloc(&reading->ready_arena, 1); /* so that rewinding keeps a block */
	arena_rewind(&reading->ready_arena, (struct arena_mark){reading->ready_arena.newest, 0});
}

/* Until more than `most` statements or any large file are there; then *all is false. */
static bool collect(struct reading *reading, size_t most, bool *all, struct error *err)
{
	struct script *script = reading->script;
	bool good = true;

	do {
		make_room(reading);
		good = reading_advance(reading, err);
		for (size_t i = 0; good && i < reading->ready_count; i++)
			*ARENA_PUSH(reading->arena, script->statements, script->count) = reading->ready[i];
	} while (good && reading->ready_count > 0 && script->count <= most);
	*all = script->count <= most;
	arena_clear(&reading->ready_arena);
	return good;
}

static bool read_subject(struct reading *reading, const struct subject *subject, struct script *out,
                         struct error *err)
{
	scoped_script struct script script = {0};

	bool all;

	reading->script = &script;
	if (!open_subject(reading, subject, err) || !collect(reading, SIZE_MAX, &all, err))
		return false;
	tell_uses(reading, reading->arena, &script);
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
	struct reading reading = {.arena = failed->arena, .passing = failed->arena, .options = &options};
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

static const struct script_options no_options;

static bool read_either_way(const struct subject *subject, const struct script_options *options,
                            struct arena *arena, struct script *out, struct error *err)
{
	struct reading reading = {.arena = arena, .passing = arena, .options = options ? options : &no_options};

	return read_subject(&reading, subject, out, err) ||
	       (reading.depends_on_escapes && read_otherwise(&reading, subject, out));
}

bool script_load(const char *path, const struct script_options *options, struct arena *arena,
                 struct script *out, struct error *err)
{
	return read_either_way(&(struct subject){.path = path}, options, arena, out, err);
}

static bool has_large_file(const struct script *script)
{
	for (size_t i = 0; i < script->source_count; i++)
		if (script->sources[i]->file.mapped_size)
			return true;
	return false;
}

bool script_load_small(const char *path, const struct script_options *options, struct arena *arena,
                       struct script *out, bool *is_small, struct error *err)
{
	enum { MOST_STATEMENTS = 2000 };
	scoped_script struct script script = {0};
	struct reading reading = {
	    .arena = arena, .passing = arena, .options = options ? options : &no_options, .script = &script};

	if (!open_subject(&reading, &(struct subject){.path = path}, err))
		return false;
	*is_small = false;
	if (!has_large_file(&script) && !collect(&reading, MOST_STATEMENTS, is_small, err)) {
		*is_small = true;
		return reading.depends_on_escapes && script_load(path, options, arena, out, err);
	}
	*is_small = *is_small && !has_large_file(&script);
	if (!*is_small)
		script.count = 0;
	tell_uses(&reading, arena, &script);
	*out = script;
	script = (struct script){0};
	return true;
}

bool script_parse(struct str text, const char *name, const struct script_options *options,
                  struct arena *arena, struct script *out, struct error *err)
{
	return read_either_way(&(struct subject){.name = name, .text = text}, options, arena, out, err);
}

void script_clear(struct script *script)
{
	for (size_t i = 0; i < script->source_count; i++)
		file_text_close(&script->sources[i]->file);
	*script = (struct script){0};
}

/* --- one statement after the other ------------------------------------- */

struct script_stream {
	struct arena arena;
	struct arena passing;
	struct arena_mark empty; /* of `passing` */
	struct script_options options;
	struct script script; /* its sources only */
	struct reading reading;
	size_t next; /* of what is ready */
};

bool script_stream_open(const char *path, const struct script_options *options, struct script_stream **out,
                        struct error *err)
{
	scoped_script_stream struct script_stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		die_out_of_memory();
	stream->options = options ? *options : no_options;
	stream->reading = (struct reading){.arena = &stream->arena,
	                                   .passing = &stream->passing,
	                                   .options = &stream->options,
	                                   .script = &stream->script};
	if (stream->options.is_digested)
		stream->reading.digest = digest_open();
	arena_alloc(&stream->passing, 1); /* so that rewinding keeps a block for the next statement */
	stream->empty = arena_mark(&stream->passing);
	if (!open_subject(&stream->reading, &(struct subject){.path = path}, err))
		return false;
	*out = TAKE(stream);
	return true;
}

/* Whether nothing that is being read looks at what was read before. */
static bool may_forget(const struct reading *reading)
{
	for (const struct reader *reader = reading->reader; reader; reader = reader->includer)
		if (reader_has_started(reader) || reader->directive_count || reader->group_count ||
		    reader->interruption_count)
			return false;
	return true;
}

bool script_stream_next(struct script_stream *stream, const struct statement **out, struct error *err)
{
	struct reading *reading = &stream->reading;

	if (stream->next >= reading->ready_count) {
		stream->next = 0;
		make_room(reading);
		if (may_forget(reading))
			arena_rewind(&stream->passing, stream->empty);
		if (!interrupt_check(err) || !reading_advance(reading, err))
			return false;
		if (reading->reader)
			reader_digest(reading->reader, reader_file_position(reading->reader));
	}
	*out = stream->next < reading->ready_count ? &reading->ready[stream->next++] : NULL;
	return true;
}

bool script_stream_is_doubtful(const struct script_stream *stream)
{
	return stream->reading.depends_on_escapes;
}

const struct source *script_stream_source(const struct script_stream *stream)
{
	return stream->script.sources[0];
}

void script_stream_uses(const struct script_stream *stream, struct arena *arena, struct script *out)
{
	tell_uses(&stream->reading, arena, out);
}

void script_stream_digest(struct script_stream *stream, uint8_t out[DIGEST_SIZE])
{
	digest_finish(stream->reading.digest, out);
}

void script_stream_close(struct script_stream **stream)
{
	if (!*stream)
		return;
	for (struct reader *reader = (*stream)->reading.reader; reader; reader = reader->includer)
		reader_close(reader);
	digest_close(&(*stream)->reading.digest);
	script_clear(&(*stream)->script);
	arena_clear(&(*stream)->arena);
	arena_clear(&(*stream)->passing);
	arena_clear(&(*stream)->reading.ready_arena);
	free(*stream);
	*stream = NULL;
}
