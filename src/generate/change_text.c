/*
 * A script as a file. Hazards are said above the statement they belong to, in words of a table; statements of
 * one kind of thing stand together, as they come.
 */
#include "generate/change_script.h"

#include <string.h>

#include "base/buffer.h"
#include "report/display.h"

/* "%s" is the table and how large it is. */
static const struct {
	enum hazard hazard;
	const char *words;
	bool is_of_size; /* is said only where that is known */
} hazards[] = {
    {HAZARD_DATA_LOSS, "loses data", false},
    {HAZARD_REWRITE, "rewrites %s under ACCESS EXCLUSIVE", false},
    {HAZARD_SCAN, "reads %s", true},
    {HAZARD_MAY_FAIL, "fails where data does not fit", false},
    {HAZARD_NO_TRANSACTION, "cannot run in a transaction", false},
};

static const char *table_of(const struct change_statement *statement, struct arena *arena)
{
	const struct object *object = statement->object;

	while (object->parent)
		object = object->parent;
	const char *name = display_line(arena, object->identity);
	return statement->size ? arena_printf(arena, "%s (about %s)", name, statement->size) : name;
}

static const char *words_of(const struct change_statement *statement, size_t hazard)
{
	const bool is_table = statement->size && !statement->object->parent;

	return hazards[hazard].hazard == HAZARD_DATA_LOSS && is_table ? "loses data: all of %s"
	                                                              : hazards[hazard].words;
}

static void add_words(struct buffer *out, const char *words, const struct change_statement *statement)
{
	const char *place = strstr(words, "%s");

	if (!place) {
		buffer_text(out, words);
		return;
	}
	buffer_add(out, (struct str){words, (size_t)(place - words)});
	buffer_text(out, table_of(statement, out->arena));
	buffer_text(out, place + 2);
}

static void add_hazards(struct buffer *out, const struct change_statement *statement)
{
	bool is_any = false;

	for (size_t i = 0; i < sizeof(hazards) / sizeof(*hazards); i++) {
		if (!(statement->hazards & (int)hazards[i].hazard) || (hazards[i].is_of_size && !statement->size))
			continue;
		buffer_text(out, is_any ? ", " : "-- ");
		add_words(out, words_of(statement, i), statement);
		is_any = true;
	}
	if (is_any)
		buffer_char(out, '\n');
}

char *change_script_text(const struct change_script *script, size_t part, struct arena *arena)
{
	struct buffer out = {.arena = arena};

	for (size_t i = 0; i < script->count; i++) {
		const struct change_statement *statement = &script->statements[i];

		if (statement->part != part)
			continue;
		add_hazards(&out, statement);
		buffer_printf(&out, "%s;\n", statement->sql);
	}
	return buffer_cstr(&out);
}
