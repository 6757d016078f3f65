#include <string.h>

#include "base/invocation.h"
#include "command/commands.h"
#include "command/facts.h"
#include "command/standing.h"

/*
 * What to do next, the most pressing first. A row counts when the database
 * differs from the files in its way; `command` is typed as it stands, but for
 * the migration where it ends in a space.
 */
static const struct {
	enum difference_kind kind;
	const char *command;
	const char *purpose;
} next_steps[] = {
    {DIFFERENCE_PARTIAL, "rung resume", "continue the migration that stopped half-way"},
    {DIFFERENCE_UNWINDING, "rung downgrade", "finish the rollback that stopped half-way"},
    {DIFFERENCE_MISSING, "rung check", "see which applied migrations have no file here"},
    {DIFFERENCE_EDITED, "rung repair ", "accept the edited file, or restore it"},
    {DIFFERENCE_RENAMED, "rung repair ", "accept the new name, or restore the old one"},
    {DIFFERENCE_OUT_OF_ORDER, "rung upgrade --out-of-order",
     "apply what is older than the newest applied one"},
    {DIFFERENCE_PENDING, "rung upgrade", "apply what is pending; --dry-run shows the plan"},
    {DIFFERENCE_REAPPLICABLE, "rung upgrade", "apply the edited files again; --dry-run shows the plan"},
};

struct next_step {
	const char *command; /* NULL when there is nothing to do */
	const char *purpose;
};

static size_t file_error_count(const struct tree *tree)
{
	size_t count = 0;

	for (size_t i = 0; i < tree->finding_count; i++)
		count += tree->findings[i].is_error;
	return count;
}

static const struct difference *first_difference(const struct standing *standing, enum difference_kind kind)
{
	for (size_t i = 0; i < standing->differences.count; i++)
		if (standing->differences.items[i].kind == kind)
			return &standing->differences.items[i];
	return NULL;
}

static struct next_step next_step(const struct context *context, const struct standing *standing)
{
	if (file_error_count(&context->tree))
		return (struct next_step){"rung check --offline", "see what is wrong with the files"};
	for (size_t i = 0; i < sizeof(next_steps) / sizeof(*next_steps); i++) {
		const struct difference *found = first_difference(standing, next_steps[i].kind);
		const char *command = next_steps[i].command;

		if (!found)
			continue;
		if (command[strlen(command) - 1] == ' ')
			command = arena_printf(context->arena, "%s%lld", command, (long long)found->record->version);
		return (struct next_step){command, next_steps[i].purpose};
	}
	if (context->tree.count == 0)
		return (struct next_step){"rung create \"first tables\"", "begin with a pair of files"};
	return (struct next_step){0};
}

/* Comma-separated, since branches have several. */
static const char *head_names(const struct standing *standing, struct arena *arena, const char **applied_at)
{
	const struct rung **heads;
	const size_t count = standing_heads(standing, arena, &heads);
	const char *names = NULL;

	*applied_at = count == 1 && heads[0]->record ? heads[0]->record->applied_at : NULL;
	for (size_t i = 0; i < count; i++)
		names =
		    arena_printf(arena, "%s%s%s", names ? names : "", names ? ", " : "", rung_name(heads[i], arena));
	return names;
}

/* Only what is not as it should be gets a line of its own. */
static const char *unless_none(struct arena *arena, const struct reporter *reporter, size_t count)
{
	return count || reporter_is_json(reporter) ? number_text(arena, (int64_t)count) : NULL;
}

static void print_facts(struct context *context, const struct standing *standing,
                        const struct next_step *next)
{
	struct arena *arena = context->arena;
	const struct reporter *reporter = context->reporter;
	const size_t pending =
	    standing_count(standing, DIFFERENCE_PENDING) + standing_count(standing, DIFFERENCE_OUT_OF_ORDER);
	const char *applied_at;
	const char *head = head_names(standing, arena, &applied_at);
	const char *none = reporter_is_json(reporter) ? NULL
	                   : standing->history.exists ? "none, nothing is applied"
	                                              : "none, the database has no history yet";
	const struct fact facts[] = {
	    {"database", "Database", reporter_is_json(reporter) ? standing->database_name : standing->database,
	     COLUMN_TEXT},
	    {"server", "Server",
	     arena_printf(arena, "%s, as %s%s", standing->server, standing->user,
	                  standing->facts.is_read_only ? ", read only" : ""),
	     COLUMN_TEXT},
	    {"head", "Head", head ? head : none, COLUMN_TEXT},
	    {"head_applied_at", "Since", moment_text(applied_at, arena, reporter), COLUMN_TEXT},
	    {"applied", "Applied", number_text(arena, (int64_t)standing->history.count), COLUMN_NUMBER},
	    {"pending", "Pending", number_text(arena, (int64_t)pending), COLUMN_NUMBER},
	    {"reapplicable", "Edited, to be applied again",
	     unless_none(arena, reporter, standing_count(standing, DIFFERENCE_REAPPLICABLE)), COLUMN_NUMBER},
	    {"partial", "Half-way", unless_none(arena, reporter, standing_count(standing, DIFFERENCE_PARTIAL)),
	     COLUMN_NUMBER},
	    {"unwinding", "Half rolled back",
	     unless_none(arena, reporter, standing_count(standing, DIFFERENCE_UNWINDING)), COLUMN_NUMBER},
	    {"edited", "Edited", unless_none(arena, reporter, standing_count(standing, DIFFERENCE_EDITED)),
	     COLUMN_NUMBER},
	    {"missing", "Missing", unless_none(arena, reporter, standing_count(standing, DIFFERENCE_MISSING)),
	     COLUMN_NUMBER},
	    {"renamed", "Renamed", unless_none(arena, reporter, standing_count(standing, DIFFERENCE_RENAMED)),
	     COLUMN_NUMBER},
	    {"file_errors", "File problems", unless_none(arena, reporter, file_error_count(&context->tree)),
	     COLUMN_NUMBER},
	    {"next", NULL, next->command, COLUMN_TEXT},
	};

	facts_print("status", facts, sizeof(facts) / sizeof(*facts), arena, context->reporter);
}

static const struct column columns[] = {
    {"version", NULL, COLUMN_NUMBER}, {"name", "Migration", COLUMN_TEXT},    {"state", "State", COLUMN_STATE},
    {"file", "File", COLUMN_TEXT},    {"breaking", "Breaking", COLUMN_TEXT}, {0},
};

/* What differs, not what is well. */
static void print_differences(struct context *context, const struct standing *standing)
{
	struct table table = {.type = "migration", .columns = columns, .arena = context->arena};

	for (size_t i = 0; i < standing->ladder.count; i++) {
		const struct rung *rung = &standing->ladder.rungs[i];
		const char *word = standing_word(standing, i);

		if (strcmp(word, "applied") != 0)
			table_row(&table, (const char *[]){
			                      number_text(context->arena, rung->number),
			                      rung_name(rung, context->arena),
			                      word,
			                      rung->migration ? rung->migration->shown_path : NULL,
			                      rung->migration ? rung->migration->directives.breaking : NULL,
			                  });
	}
	if (table.count && !reporter_is_json(context->reporter))
		report_text(context->reporter, "\n");
	table_print(&table, context->reporter);
}

static void print_next(struct context *context, const struct next_step *next)
{
	if (reporter_is_json(context->reporter))
		return;
	if (next->command)
		report_text(context->reporter,
		            arena_printf(context->arena, "\nNext: %s\n      %s\n",
		                         invocation_text(context->arena, next->command), next->purpose));
	else
		report_text(context->reporter, "\nUp to date.\n");
}

static bool run(struct context *context, struct error *err)
{
	struct standing standing;

	if (!standing_load(context, &standing, err))
		return false;
	const struct next_step next = next_step(context, &standing);
	print_facts(context, &standing, &next);
	print_differences(context, &standing);
	print_next(context, &next);
	return true;
}

const struct command command_status = {
    .name = "status",
    .operands = "",
    .summary = "show what is applied, what is pending and what to do next",
    .group = GROUP_LOOK,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .description =
        "Shows the database and its head, how many migrations are applied, and every migration on which "
        "files and history do not agree: pending, edited, missing, half-way. It ends with the next "
        "sensible step. Files that say \"breaking: reason\" show it. \"rung\" alone does the same.\n"
        "\n"
        "It never writes and never waits for a lock. Its exit code says only whether it could look; "
        "\"rung check\" fails when something is not as it should be.",
    .examples = "rung status\tthe page\n"
                "rung\tthe same\n"
                "rung status --json\tone object for the page, one for each migration that differs",
    .run = run,
};
