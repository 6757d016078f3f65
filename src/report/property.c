/*
 * One list of facts serves people and programs, as two lists would part sooner or later. A fact without a
 * key is a sentence for people, one without a title a value for programs; JSON has every key always, so
 * that a program need not ask whether it is there.
 *
 * The column of values is as wide as the widest title that is shown, not as the widest there is: most
 * facts have no value most of the time.
 */
#include "report/property.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "report/display.h"

static void print_object(const char *type, const struct property *facts, size_t count, struct arena *arena,
                         struct reporter *reporter)
{
	struct column *columns = arena_array(arena, struct column, count + 1);
	const char **cells = arena_array(arena, const char *, count + 1);
	struct table table = {.type = type, .columns = columns, .arena = arena};

	for (size_t i = 0, at = 0; i < count; i++) {
		if (!facts[i].key)
			continue;
		columns[at] = (struct column){facts[i].key, facts[i].title, facts[i].kind};
		cells[at++] = facts[i].value;
	}
	table_row(&table, cells);
	table_print(&table, reporter);
}

static int widest_title(const struct property *facts, size_t count)
{
	int widest = 0;

	for (size_t i = 0; i < count; i++)
		if (facts[i].title && facts[i].value && (int)strlen(facts[i].title) > widest)
			widest = (int)strlen(facts[i].title);
	return widest;
}

static const char *shown(const struct property *fact, struct arena *arena)
{
	if (fact->kind == COLUMN_DURATION)
		return duration_text(arena, strtoll(fact->value, NULL, 10));
	return display_line(arena, fact->value);
}

void properties_print(const char *type, const struct property *facts, size_t count, struct arena *arena,
                      struct reporter *reporter)
{
	struct buffer text = {.arena = arena};
	const int width = widest_title(facts, count);

	if (reporter_is_json(reporter)) {
		print_object(type, facts, count, arena, reporter);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!facts[i].title || !facts[i].value)
			continue;
		display_pad(&text, facts[i].title, width + 2, false);
		buffer_printf(&text, "%s\n", shown(&facts[i], arena));
	}
	report_text(reporter, buffer_cstr(&text));
}

const char *moment_text(const char *moment, struct arena *arena, const struct reporter *reporter)
{
	return reporter_is_json(reporter) ? moment : moment_shown(moment, arena);
}
