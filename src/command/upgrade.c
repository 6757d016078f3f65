#include "command/commands.h"
#include "command/database.h"
#include "command/migrate_verb.h"

static bool cmd_upgrade(struct context *context, struct error *err)
{
	struct migrate_target target;
	struct migrate_options run_options;

	/* A script for an empty database needs none. */
	if (!migrate_verb_read_target(context, true, &target, err) || !migrate_verb_check_tree(context, err) ||
	    !migrate_options_from_context(context, DIRECTION_UP, &run_options, err))
		return false;
	run_options.target = target.to;
	run_options.single_transaction = option_is_given(context, "--single-transaction");
	run_options.begins_new = option_is_given(context, "--new");
	run_options.allow_empty = option_is_given(context, "--allow-empty");
	return migrate_verb_run(context, &run_options, target.from, NULL, err);
}

static const struct option_row options[] = {
    MIGRATE_OPTIONS, SINGLE_TRANSACTION_OPTION, NEW_OPTION, ALLOW_EMPTY_OPTION, {0}};

const struct command command_upgrade = {
    .name = "upgrade",
    .operands = "[TARGET]",
    .summary = "apply pending migrations",
    .group = GROUP_MOVE,
    .needs = NEEDS_TREE,
    .most_operands = 1,
    .options = options,
    .description =
        "Applies what is pending, in order, and records it. TARGET is head (the default), a number, a name "
        "or a part of it that no other has, the id it had in the tool it was imported from, +N for the next "
        "N, or NAME@head "
        "for the head of a branch. What runs after all others (order: last) comes with head and +N, or by "
        "its "
        "own name, and that with everything before it; another TARGET leaves it, and says so.\n"
        "\n"
        "Each migration runs in one transaction together with its row in the history: all or nothing. "
        "Statements that PostgreSQL refuses inside a transaction run one by one and are journaled; after a "
        "failure the same command continues behind the last one that succeeded.\n"
        "\n"
        "Several deployers may start at once: one works, the others wait and find nothing left to do. "
        "Whatever interrupts it, running the same command again finishes the work: +N that was cut off means "
        "what is left of it, and --new counts anew. A script that repeats a command until it ends with 0 "
        "says "
        "head or names the end instead: killed at the very end, +N would be taken once more.\n"
        "\n"
        "A file that is still the template of \"rung create\" is refused: it would count as applied, and SQL "
        "written into it later would never run. --allow-empty accepts it.\n"
        "\n"
        "--dry-run and --sql read every file as it would run: what upgrade would refuse before it begins, "
        "they refuse as well. A script of --sql leaves what upgrade would leave; a batch, what is left of a "
        "half-done migration and what else psql cannot do in the same way is refused by name, and nothing is "
        "printed. --sql FROM:TO, such as base:head or 03:07, asks no database: it is taken to be at FROM, "
        "without what runs after all others unless FROM is head or one of those. "
        "--sql=brief is for review: the files as they stand (those with variables, \\if or includes as they "
        "are sent), and of the history one line each, such as "
        "people "
        "write by hand; the log, checksums and rollbacks that a run keeps are left out.",
    .examples = "rung upgrade\tapply everything that is pending\n"
                "rung upgrade --dry-run\tshow the plan, touch nothing\n"
                "rung upgrade +1\tonly the next one\n"
                "rung upgrade 06_cache\tup to and including 06_cache\n"
                "rung upgrade --sql > upgrade.sql\ta script for psql, history included\n"
                "rung upgrade --sql=brief 03:head\twhat follows 03, to read; without a database",
    .run = cmd_upgrade,
};
