#include "command/commands.h"
#include "command/setup_database.h"

static bool cmd_setup(struct context *context, struct error *err)
{
	return setup_database(context, !option_is_given(context, "--no-seed"), err);
}

static const struct option_row options[] = {
    {"--no-seed", 0, NULL, "leave the seeds out"},
    {0},
};

const struct command command_setup = {
    .name = "setup",
    .operands = "",
    .summary = "create the database if missing, apply everything, load the seeds",
    .group = GROUP_PREPARE,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .options = options,
    .description =
        "Prepares a database to work with: creates it when it does not exist "
        "(owned by --role where that is set), applies everything that is pending and loads the seeds. "
        "Running it again does what is still missing.",
    .examples = "rung setup\tfor a new checkout\n"
                "rung setup --no-seed\twithout demonstration data",
    .run = cmd_setup,
};
