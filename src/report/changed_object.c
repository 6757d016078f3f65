/*
 * A line is what people look for: the sign first, in its colour, then kind and name. One short fact stands
 * behind the name, as most changes are of one fact; several, or long ones, have lines of their own below it.
 *
 * Programs get every change, those too that people see as a count only, and never a heading.
 */
#include "report/changed_object.h"

#include <string.h>

#include "report/display.h"
#include "report/reporter.h"

enum { INDENT = 2, SHORT = 72 };

static const struct {
	const char *change;
	const char *sign;
	const char *colour;
} changes[] = {{"added", "+", GREEN}, {"removed", "-", RED}, {"changed", "~", YELLOW}};

/* Flags are set or not. */
static const char *value_text(struct reporter *reporter, const char *value, const char *other)
{
	const bool is_flag = strcmp(value ? value : other, "true") == 0 && (!value || !other);

	if (is_flag)
		return value ? "yes" : "no";
	return value ? display_line(&reporter->arena, value) : "none";
}

static char *fact_text(struct reporter *reporter, const struct changed_fact *fact)
{
	if (fact->lines)
		return arena_printf(&reporter->arena, "%s:", fact->name);
	return arena_printf(&reporter->arena, "%s: %s -> %s", fact->name,
	                    value_text(reporter, fact->before, fact->after),
	                    value_text(reporter, fact->after, fact->before));
}

static void add_lines(struct buffer *out, struct reporter *reporter, const char *lines, int indent)
{
	struct str rest = str_of(lines);
	struct str line;

	while (str_line_next(&rest, &line)) {
		const char *text = display_line(&reporter->arena, str_copy(&reporter->arena, line));

		display_spaces(out, indent);
		reporter_add_coloured(out, reporter, stdout, *text == '+' ? GREEN : *text == '-' ? RED : DIM, text);
		buffer_char(out, '\n');
	}
}

static void add_facts(struct buffer *out, struct reporter *reporter, const struct changed_object *object,
                      int indent)
{
	for (size_t i = 0; i < object->fact_count; i++) {
		display_spaces(out, indent);
		buffer_printf(out, "%s\n", fact_text(reporter, &object->facts[i]));
		if (object->facts[i].lines)
			add_lines(out, reporter, object->facts[i].lines, indent + INDENT);
	}
}

/* One that is short stands behind the name. */
static bool add_only_fact(struct buffer *out, struct reporter *reporter, const struct changed_object *object)
{
	if (object->fact_count != 1 || object->facts[0].lines)
		return false;
	const char *text = fact_text(reporter, &object->facts[0]);
	if (display_width(str_of(text)) > SHORT)
		return false;
	buffer_printf(out, "  %s\n", text);
	return true;
}

static void add_name(struct buffer *out, struct reporter *reporter, const struct changed_object *object)
{
	const char *name =
	    arena_printf(&reporter->arena, "%s %s", object->kind, display_line(&reporter->arena, object->shown));

	display_spaces(out, object->depth * INDENT);
	for (size_t i = 0; object->change && i < sizeof(changes) / sizeof(*changes); i++)
		if (strcmp(changes[i].change, object->change) == 0) {
			reporter_add_coloured(out, reporter, stdout, changes[i].colour, changes[i].sign);
			buffer_char(out, ' ');
		}
	if (object->change)
		buffer_text(out, name);
	else
		reporter_add_coloured(out, reporter, stdout, BOLD, name);
	if (object->remark)
		buffer_printf(out, " (%s)", object->remark);
}

void changed_object_print(struct reporter *reporter, const struct changed_object *object)
{
	struct buffer out = {.arena = &reporter->arena};

	if (object->is_folded)
		return;
	add_name(&out, reporter, object);
	if (!add_only_fact(&out, reporter, object)) {
		buffer_char(&out, '\n');
		add_facts(&out, reporter, object, (object->depth + 2) * INDENT);
	}
	reporter_write(reporter, stdout, buffer_cstr(&out));
}

void report_changed(struct reporter *reporter, const struct changed_object *object)
{
	const struct arena_mark mark = arena_mark(&reporter->arena);

	reporter->look->changed(reporter, object);
	arena_rewind(&reporter->arena, mark);
}

void report_statement(struct reporter *reporter, const struct sql_statement *statement)
{
	const struct arena_mark mark = arena_mark(&reporter->arena);

	if (reporter->look->statement)
		reporter->look->statement(reporter, statement);
	arena_rewind(&reporter->arena, mark);
}
