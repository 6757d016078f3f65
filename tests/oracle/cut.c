/*
 * Prints what script.h cuts a file into, in the form record.c prints what
 * psql sends: one message for each statement or "\;" group, then its data.
 *
 *	cut FILE [ROOT]
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
	for (size_t i = 0; i < script.count;)
		if (script.statements[i].echo)
			i++;
		else
			i += print_group(&script.statements[i], &arena);
	return 0;
}
