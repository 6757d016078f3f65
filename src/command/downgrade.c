#include "apply/run.h"
#include "base/buffer.h"
#include "command/climbing.h"
#include "command/commands.h"
#include "command/question.h"

static bool confirm(struct climb *climb, const struct plan *plan, void *argument, struct error *err)
{
	struct context *context = argument;
	struct buffer names = {.arena = context->arena};

	(void)climb;
	if (!report_can_ask()) {
		error_set(err, ERROR_USAGE, "rolling back %zu migration%s needs a person to confirm it, or --force",
		          plan->count, plan->count == 1 ? "" : "s");
		return error_hint(err, "See what would happen with \"rung downgrade --dry-run\".");
	}
	for (size_t i = 0; i < plan->count; i++)
		buffer_printf(&names, "%s%s", i ? ", " : "", step_name(&plan->steps[i]));
	const char *question = arena_printf(
	    context->arena, "Roll back %s? Data in what they created will be gone.", buffer_cstr(&names));
	return question_ask(context, question, NULL, err);
}

static bool run(struct context *context, struct error *err)
{
	struct climb climb;

	if (!climbing_check_tree(context, err) || !climb_from_context(context, CLIMB_DOWN, &climb, err))
		return false;
	climb.target = context->operands[0];
	climb.single_transaction = option_is_given(context, "--single-transaction");
	climb.begins_new = option_is_given(context, "--new");
	climb.allow_empty = option_is_given(context, "--allow-empty");
	climb.confirm = option_is_given(context, "--force") ? NULL : confirm;
	return climbing_run(context, &climb, err);
}

static const struct option_row options[] = {
    CLIMBING_OPTIONS,
    SINGLE_TRANSACTION_OPTION,
    NEW_OPTION,
    ALLOW_EMPTY_OPTION,
    {"--force", 'f', NULL, "do not ask"},
    {0},
};

const struct command command_downgrade = {
    .name = "downgrade",
    .operands = "[TARGET]",
    .summary = "roll migrations back",
    .group = GROUP_MOVE,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .most_operands = 1,
    .options = options,
    .description =
        "Runs the rollback pairs in reverse order. TARGET is -1 (the default) for the newest, -N "
        "for the newest N, "
        "a number or name to go down to (it stays applied), or base for everything. -N that was cut off "
        "means what is left of it when it is typed again; --new counts anew.\n"
        "\n"
        "Asks first on a terminal; elsewhere --force is needed. A migration marked irreversible, "
        "or one without a "
        "pair, stops the command before anything runs. Where the deployed files no longer hold a "
        "pair, the copy "
        "kept in the history is used.",
    .examples = "rung downgrade\troll back the newest\n"
                "rung downgrade -2 --dry-run\twhat rolling back two would do\n"
                "rung downgrade 04_cache --force\tdown to 04_cache, without asking\n"
                "rung downgrade base\tdown to nothing",
    .run = run,
};
