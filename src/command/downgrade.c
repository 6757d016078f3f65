#include "apply/run.h"
#include "base/buffer.h"
#include "command/commands.h"
#include "command/migrate_verb.h"
#include "command/question.h"

static bool confirm(struct context *context, const struct plan *plan, struct error *err)
{
	struct arena *arena = context->arena;
	const char *database = database_meant(context);
	struct buffer names = {.arena = arena};

	for (size_t i = 0; i < plan->count; i++)
		buffer_printf(&names, "%s%s", i ? ", " : "", step_name(&plan->steps[i]));
	return question_settle(context,
	                       arena_printf(arena, "rolling back %zu migration%s of %s", plan->count,
	                                    plan->count == 1 ? "" : "s", database),
	                       arena_printf(arena, "Roll back %s in %s? The rows in what %s created are lost.",
	                                    buffer_cstr(&names), database, plan->count == 1 ? "it" : "they"),
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
    .summary = "roll migrations back",
    .group = GROUP_MOVE,
    .needs = NEEDS_TREE,
    .most_operands = 1,
    .options = options,
    .description =
        "Runs the rollback pairs in reverse order. TARGET is -1 (the default) for the newest, -N "
        "for the newest N, "
        "a number, a name or a part of it to go down to (it stays applied), or base for everything. -N that "
        "was cut off "
        "means what is left of it when it is typed again; --new counts anew. A script that repeats a command "
        "until it ends with 0 names the end instead: killed at the very end, -N would be taken once more.\n"
        "\n"
        "What runs after all others (order: last) goes first, whatever its number. Where it has no way back "
        "it "
        "stays, which is said, and -N does not count it; only base has it in the way.\n"
        "\n"
        "Asks first on a terminal; elsewhere --force is needed. A migration marked irreversible, "
        "or one without a "
        "pair, stops the command before anything runs. Where the deployed files no longer hold a "
        "pair, the copy "
        "kept in the history is used.\n"
        "\n"
        "--sql prints a way down that is barred as far as it goes: the script and the error say where it "
        "ends, and the exit code is 3. Where nothing could be printed, and with --single-transaction, it is "
        "refused like the run. --sql FROM:TO, such as 07:03, asks no database: it is taken to be at FROM.",
    .examples = "rung downgrade\troll back the newest\n"
                "rung downgrade -2 --dry-run\twhat rolling back two would do\n"
                "rung downgrade 04_cache --force\tdown to 04_cache, without asking\n"
                "rung downgrade base\tdown to nothing",
    .run = cmd_downgrade,
};
