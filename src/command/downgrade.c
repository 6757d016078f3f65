/*
 * Rolling back loses rows, upgrading does not: hence the question, which upgrade lacks, and that it names
 * the migrations and the database. A number of steps alone ("roll back 2?") is answered yes by habit.
 */
#include "apply/run.h"
#include "base/buffer.h"
#include "base/number_text.h"
#include "command/commands.h"
#include "command/run/migrate_verb.h"
#include "command/run/question.h"

static bool confirm(struct context *context, const struct plan *plan, struct error *err)
{
	struct arena *arena = context->arena;
	const char *database = database_meant(context);
	struct buffer names = {.arena = arena};

	for (size_t i = 0; i < plan->count; i++)
		buffer_printf(&names, "%s%s", i ? ", " : "", step_name(&plan->steps[i]));
	return question_settle(
	    context,
	    arena_printf(arena, "rolling back %zu migration%s of %s", plan->count, plural(plan->count), database),
	    arena_printf(arena, "Roll back %s in %s? The rows in what %s created are lost.", buffer_cstr(&names),
	                 database, plan->count == 1 ? "it" : "they"),
	    NULL, "See what would happen with \"rung downgrade --dry-run\".", err);
}

static bool cmd_downgrade(struct context *context, struct error *err)
{
	struct migrate_target target;
	struct migrate_options run_options;

	if (!migrate_verb_read_target(context, false, &target, err) || !migrate_verb_check_tree(context, err) ||
	    !migrate_options_from_context(context, DIRECTION_DOWN, &run_options, err))
		return false;
	run_options.target = target.to;
	run_options.single_transaction = option_is_given(context, "--single-transaction");
	run_options.begins_new = option_is_given(context, "--new");
	run_options.allow_empty = option_is_given(context, "--allow-empty");
	return migrate_verb_run(context, &run_options, target.from, confirm, err);
}

static const struct option_row options[] = {
    MIGRATE_OPTIONS,
    SINGLE_TRANSACTION_OPTION,
    NEW_OPTION,
    ALLOW_EMPTY_OPTION,
    {"--force", 'f', NULL, "do not ask"},
    {0},
};

const struct command command_downgrade = {
    .name = "downgrade",
    .operands = "[TARGET]",
    .help = &HELP_downgrade,
    .group = GROUP_MOVE,
    .needs = NEEDS_TREE | CONNECTS,
    .most_operands = 1,
    .options = options,
    .run = cmd_downgrade,
};
