/*
 * A script as a file. Hazards are said above the statement they belong to, in words of a table; statements of
 * one kind of thing stand together, as they come.
 */
#include "generate/change_script.h"

#include "base/buffer.h"

static const struct {
	enum hazard hazard;
	const char *words;
} hazards[] = {
    {HAZARD_DATA_LOSS, "loses data"},
    {HAZARD_REWRITE, "rewrites the table under ACCESS EXCLUSIVE"},
    {HAZARD_MAY_FAIL, "fails where data does not fit"},
    {HAZARD_NO_TRANSACTION, "cannot run in a transaction"},
};

static void add_hazards(struct buffer *out, const struct change_statement *statement)
{
	bool is_any = false;

	for (size_t i = 0; i < sizeof(hazards) / sizeof(*hazards); i++) {
		if (!(statement->hazards & (int)hazards[i].hazard))
			continue;
		buffer_printf(out, "%s%s", is_any ? ", " : "-- ", hazards[i].words);
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
