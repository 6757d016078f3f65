/*
 * A table is whole before it is shown, as its columns are as wide as their widest cell. It is for results
 * that fit into memory; what has no end is said by events. JSON needs no such thing and shares only the
 * rows.
 *
 * A column in which no row has anything to show is left out with its title, and spaces are added only when
 * something follows: a copied line then has no tail, and tests can compare it. Widths are those of cleaned
 * text, in columns of the terminal; colours are added after padding was reckoned, as they take no room.
 *
 * State words have their colour by name, here, and not by a kind that each caller chooses: the same word
 * looks the same everywhere, and one without a row is plain.
 */
#include "report/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "report/display.h"
#include "report/reporter.h"

static size_t column_count(const struct table *table)
{
	size_t count = 0;

	while (table->columns[count].key)
		count++;
	return count;
}

void table_row(struct table *table, const char *const *cells)
{
	const size_t count = column_count(table);
	const char **row = arena_array(table->arena, const char *, count);

	memcpy(row, cells, count * sizeof(*row));
	*ARENA_PUSH(table->arena, table->rows, table->count) = row;
}

void table_print(const struct table *table, struct reporter *reporter)
{
	if (!reporter)
		return;
	const struct arena_mark mark = arena_mark(&reporter->arena);

	reporter->look->table(reporter, table);
	arena_rewind(&reporter->arena, mark);
}

/* How a table looks to people. */

static const struct {
	const char *word;
	const char *colour;
} state_colours[] = {
    {"applied", GREEN},       {"ok", GREEN},         {"pending", YELLOW},
    {"reapply", YELLOW},      {"edited", RED},       {"missing", RED},
    {"out-of-order", RED},    {"partial", RED},      {"failed", RED},
    {"irreversible", YELLOW}, {"warning", YELLOW},   {"error", RED},
    {"done", GREEN},          {"cancelled", YELLOW}, {"reapplicable", YELLOW},
    {"renamed", RED},         {"converge", YELLOW},
};

static const char *state_colour(const char *word)
{
	for (size_t i = 0; i < sizeof(state_colours) / sizeof(*state_colours); i++)
		if (strcmp(word, state_colours[i].word) == 0)
			return state_colours[i].colour;
	return NULL;
}

static const char *cell_text(struct arena *arena, const struct column *column, const char *cell)
{
	if (!cell)
		return "";
	switch (column->kind) {
	case COLUMN_DURATION:
		return *cell ? duration_text(arena, strtoll(cell, NULL, 10)) : "";
	case COLUMN_FLAG:
		return strcmp(cell, "true") == 0 ? "yes" : "";
	case COLUMN_TEXT:
	case COLUMN_NUMBER:
	case COLUMN_STATE:
		break;
	}
	return display_line(arena, cell);
}

/* The widest cell, the title included; 0 for a column that has nothing to show. */
static int column_width(struct reporter *reporter, const struct table *table, size_t column)
{
	const struct arena_mark mark = arena_mark(&reporter->arena);
	int width = 0;

	for (size_t i = 0; table->columns[column].title && i < table->count; i++) {
		const int cell = display_width(
		    str_of(cell_text(&reporter->arena, &table->columns[column], table->rows[i][column])));

		width = cell > width ? cell : width;
		arena_rewind(&reporter->arena, mark);
	}
	const int title = width ? display_width(str_of(table->columns[column].title)) : 0;
	return title > width ? title : width;
}

static bool is_right_aligned(enum column_kind kind)
{
	return kind == COLUMN_NUMBER || kind == COLUMN_DURATION;
}

/* One line; `cells` NULL for the heading. Nothing is padded after the last text of a line. */
static void add_table_line(struct buffer *out, struct reporter *reporter, const struct table *table,
                           const int *widths, const char *const *cells)
{
	int owed = 0; /* spaces, paid only when something follows */
	bool is_first = true;

	for (size_t i = 0; table->columns[i].key; i++) {
		const struct column *column = &table->columns[i];

		if (widths[i] == 0)
			continue;
		const char *text = cells ? cell_text(&reporter->arena, column, cells[i]) : column->title;
		const int missing = widths[i] - display_width(str_of(text));
		const char *colour = !cells ? BOLD : column->kind == COLUMN_STATE ? state_colour(text) : NULL;
		owed += is_first ? 0 : 2;
		is_first = false;
		if (is_right_aligned(column->kind))
			owed += missing;
		if (*text) {
			display_spaces(out, owed);
			reporter_add_coloured(out, reporter, stdout, colour, text);
			owed = 0;
		}
		if (!is_right_aligned(column->kind))
			owed += missing;
	}
	buffer_char(out, '\n');
}

void table_print_aligned(struct reporter *reporter, const struct table *table)
{
	struct buffer out = {.arena = &reporter->arena};
	const size_t columns = column_count(table);
	int *widths = arena_array(&reporter->arena, int, columns);

	if (table->count == 0)
		return;
	for (size_t i = 0; i < columns; i++)
		widths[i] = column_width(reporter, table, i);
	add_table_line(&out, reporter, table, widths, NULL);
	for (size_t i = 0; i < table->count; i++)
		add_table_line(&out, reporter, table, widths, table->rows[i]);
	reporter_write(reporter, stdout, buffer_cstr(&out));
}
