#include "command/commands.h"
#include "command/run/setup_database.h"

static bool cmd_setup(struct context *context, struct error *err)
{
	return setup_database(context, !option_is_given(context, "--no-seed"), err);
}

static const struct option_row options[] = {
    {"--no-seed", 0, NULL, "do not load the seeds"},
    {0},
};

const struct command command_setup = {
    .name = "setup",
    .operands = "",
    .help = &HELP_setup,
    .group = GROUP_PREPARE,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .options = options,
    .run = cmd_setup,
};
