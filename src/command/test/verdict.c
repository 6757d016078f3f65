/*
 * A finding says what is wrong; a verdict says what became of each migration, so that one that was not
 * tried is not taken for one that passed. Outcome, rule and words are one row, and the order of the enum
 * is that of the report: the failed ones by the step that failed, then the reasons for not trying.
 *
 * People get a list by kind, and only when there is something other than "passed". Programs get a row for
 * each migration, always.
 */
#include "command/test/verdict.h"

#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "report/display.h"
#include "report/property.h"
#include "report/table.h"

enum { WIDTH = 100, INDENT = 6 };

static const char passed[] = "passed";
static const char failed[] = "failed";
static const char not_tried[] = "not-tried";

static const struct {
	const char *outcome;
	const char *rule;
	const char *words;
} kinds[VERDICT_COUNT] = {
    [VERDICT_PASSED] = {passed, NULL, NULL},
    [VERDICT_UP] = {failed, "up", "the migration itself fails"},
    [VERDICT_DOWN] = {failed, "down", "the rollback fails"},
    [VERDICT_DOWN_DIFFERS] = {failed, "down-differs",
                              "the rollback leads to another schema than before the migration"},
    [VERDICT_DOWN_ORDER] = {failed, "down-order", "the rollback leads to the same columns in another order"},
    [VERDICT_UP_AGAIN] = {failed, "up-again", "the migration fails after its rollback"},
    [VERDICT_UP_AGAIN_DIFFERS] = {failed, "up-again-differs",
                                  "after its rollback the migration leads to another schema"},
    [VERDICT_NOT_IDEMPOTENT] = {failed, "not-idempotent", "cannot be applied a second time"},
    [VERDICT_IRREVERSIBLE] = {not_tried, "irreversible", "is irreversible on purpose"},
    [VERDICT_NO_ROLLBACK] = {not_tried, "no-rollback", "has no rollback file"},
    [VERDICT_UNAVAILABLE] = {not_tried, "unavailable", "needs what this server does not have; see --server"},
    [VERDICT_AFTER] = {not_tried, "after", "comes after one that fails"},
};

const char *verdict_outcome(enum verdict_kind kind)
{
	return kinds[kind].outcome;
}

const char *verdict_rule(enum verdict_kind kind)
{
	return kinds[kind].rule;
}

size_t verdicts_of(const struct verdicts *verdicts, const char *outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < verdicts->count; i++)
		count += strcmp(verdict_outcome(verdicts->items[i].kind), outcome) == 0;
	return count;
}

/* --- for programs ----------------------------------------------------- */

static const struct column columns[] = {
    {"version", "version", COLUMN_NUMBER}, {"name", "name", COLUMN_TEXT},
    {"verdict", "verdict", COLUMN_STATE},  {"kind", "kind", COLUMN_TEXT},
    {"cause", "cause", COLUMN_TEXT},       {0},
};

static void print_rows(const struct verdicts *verdicts, const struct context *context)
{
	scoped_arena struct arena arena = {0};
	struct table table = {.type = "verdict", .columns = columns, .arena = &arena};

	for (size_t i = 0; i < verdicts->count; i++) {
		const struct verdict *verdict = &verdicts->items[i];

		table_row(&table,
		          (const char *[]){number_text(&arena, verdict->migration->number), verdict->migration->name,
		                           verdict_outcome(verdict->kind), verdict_rule(verdict->kind),
		                           verdict->cause ? verdict->cause->name : NULL});
	}
	table_print(&table, context->reporter);
}

/* --- for people ------------------------------------------------------- */

static size_t count_kind(const struct verdicts *verdicts, enum verdict_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < verdicts->count; i++)
		count += verdicts->items[i].kind == kind;
	return count;
}

static void add_names(struct buffer *out, const struct verdicts *verdicts, enum verdict_kind kind)
{
	int column = WIDTH;

	for (size_t i = 0; i < verdicts->count; i++) {
		const char *name = verdicts->items[i].migration->name;
		const int width = display_width(str_of(name)) + 1;

		if (verdicts->items[i].kind != kind)
			continue;
		if (column + width > WIDTH) {
			buffer_printf(out, "\n%*s", INDENT - 1, "");
			column = INDENT;
		}
		buffer_printf(out, " %s", name);
		column += width;
	}
}

/* Those after the one that ended it are all there are: the first and the last will do. */
static void add_range(struct buffer *out, const struct verdicts *verdicts, size_t count)
{
	const struct verdict *last = &verdicts->items[verdicts->count - 1];

	if (count > 2)
		buffer_printf(out, ": %s\n%*s%s to %s", last->cause->name, INDENT, "",
		              verdicts->items[verdicts->count - count].migration->name, last->migration->name);
	else
		add_names(out, verdicts, VERDICT_AFTER);
}

static void add_kind(struct buffer *out, const struct verdicts *verdicts, enum verdict_kind kind)
{
	const size_t count = count_kind(verdicts, kind);

	if (count == 0)
		return;
	buffer_printf(out, "  %4zu %s: %s", count, kinds[kind].rule, kinds[kind].words);
	if (kind == VERDICT_AFTER)
		add_range(out, verdicts, count);
	else
		add_names(out, verdicts, kind);
	buffer_char(out, '\n');
}

static void add_outcome(struct buffer *out, const struct verdicts *verdicts, const char *outcome)
{
	const size_t count = verdicts_of(verdicts, outcome);

	if (count == 0)
		return;
	buffer_printf(out, "%zu %s\n", count, outcome == not_tried ? "not tried" : outcome);
	for (enum verdict_kind kind = VERDICT_UP; kind < VERDICT_COUNT; kind++)
		if (kinds[kind].outcome == outcome)
			add_kind(out, verdicts, kind);
}

static void print_kinds(const struct verdicts *verdicts, const struct context *context)
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};
	static const char *const outcomes[] = {passed, failed, not_tried};

	if (verdicts_of(verdicts, passed) == verdicts->count)
		return;
	buffer_char(&text, '\n');
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		add_outcome(&text, verdicts, outcomes[i]);
	report_text(context->reporter, buffer_cstr(&text));
}

void verdicts_print(const struct verdicts *verdicts, const struct context *context)
{
	if (reporter_is_json(context->reporter))
		print_rows(verdicts, context);
	else
		print_kinds(verdicts, context);
}
