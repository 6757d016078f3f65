#include "command/commands.h"
#include "command/database/database.h"
#include "command/run/migrate_verb.h"

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
    MIGRATE_OPTIONS,
    SINGLE_TRANSACTION_OPTION,
    NEW_OPTION,
    ALLOW_EMPTY_OPTION,
    ALLOW_OPTION,
    {"--server", 0, "URL",
     "build what edited files make on this server, in databases that are dropped again"},
    {0}};

const struct command command_upgrade = {
    .name = "upgrade",
    .operands = "[TARGET]",
    .help = &HELP_upgrade,
    .group = GROUP_MOVE,
    .needs = NEEDS_TREE | CONNECTS,
    .most_operands = 1,
    .options = options,
    .run = cmd_upgrade,
};
