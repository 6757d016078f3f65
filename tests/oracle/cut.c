/*
 * Prints what script.h cuts a file into, in the form record.c prints what
 * psql sends: one message for each statement or "\;" group, then its data.
 *
 *	cut FILE [ROOT]
 *
 * Statement by statement (script_stream) it must be cut alike.
 */
#include <stdio.h>

#include "message.h"
#include "sql/script.h"

static void print_error(const struct error *err)
{
	fprintf(stderr, "%s: %s\n", err->place, err->message);
	if (err->excerpt[0])
		fprintf(stderr, "%s\n%*s\n", err->excerpt, err->caret, "^");
	if (err->hint[0])
		fprintf(stderr, "hint: %s\n", err->hint);
	if (err->context[0])
		fprintf(stderr, "%s\n", err->context);
}

static void print_data(const struct statement *statement, struct arena *arena)
{
	struct str data = statement->data;
	struct error err;

	if (statement->input == INPUT_FILE &&
	    !file_read(statement->data_path, 1 << 20, ERROR_FILES, arena, &data, &err))
		print_error(&err);
	if (statement->input != INPUT_NONE)
		message_print_data(data);
}

static size_t print_group(const struct statement *statement, struct arena *arena)
{
	struct str text = statement->text;
	size_t count = 1;

	for (; statement[count - 1].joins_next; count++)
		text = str_of(arena_printf(arena, "%.*s;%.*s", STR_ARGS(text), STR_ARGS(statement[count].text)));
	message_print_query(text);
	for (size_t i = 0; i < count; i++)
		print_data(&statement[i], arena);
	return count;
}

static bool is_same(const struct statement *one, const struct statement *other)
{
	return str_equal(one->text, other->text) && str_equal(one->data, other->data) &&
	       one->line == other->line && one->offset == other->offset && one->input == other->input &&
	       one->joins_next == other->joins_next && one->directive_count == other->directive_count &&
	       one->kind.class == other->kind.class && !one->echo == !other->echo &&
	       (!one->echo || str_is(str_of(one->echo), other->echo)) &&
	       str_is(str_of(one->source->path), other->source->path);
}

static bool streams_alike(const char *path, const struct script_options *options, const struct script *script)
{
	scoped_script_stream struct script_stream *stream = NULL;
	const struct statement *statement = NULL;
	struct error err;
	size_t count = 0;

	if (!script_stream_open(path, options, &stream, &err))
		return false;
	while (script_stream_next(stream, &statement, &err) && statement)
		if (count == script->count || !is_same(statement, &script->statements[count++]))
			return script_stream_is_doubtful(stream);
	return (!statement && count == script->count) || script_stream_is_doubtful(stream);
}

int main(int argc, char **argv)
{
	scoped_arena struct arena arena = {0};
	scoped_script struct script script = {0};
	struct error err;
	const struct script_options options = {.root = argc > 2 ? argv[2] : NULL};

	if (argc < 2 || !script_load(argv[1], &options, &arena, &script, &err)) {
		if (argc >= 2)
			print_error(&err);
		return 1;
	}
	if (!streams_alike(argv[1], &options, &script)) {
		fprintf(stderr, "%s: cut otherwise statement by statement\n", argv[1]);
		return 1;
	}
	for (size_t i = 0; i < script.count;)
		if (script.statements[i].echo)
			i++;
		else
			i += print_group(&script.statements[i], &arena);
	return 0;
}
