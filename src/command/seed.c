#include "command/commands.h"
#include "command/seed_files.h"

static bool cmd_seed(struct context *context, struct error *err)
{
	size_t count;

	if (!seed_files_run(context, &count, err))
		return false;
	event_emit(context->reporter,
	           &(struct event){.kind = EVENT_DONE,
	                           .text = count
	                                       ? arena_printf(context->arena, "%zu seed file%s loaded", count,
	                                                      count == 1 ? "" : "s")
	                                       : arena_printf(context->arena, "no seeds in \"%s\"",
	                                                      setting_text(context->settings, SETTING_SEED_DIR)),
	                           .duration_ms = -1,
	                           .fraction = -1,
	                           .count = (int64_t)count});
	return true;
}

const struct command command_seed = {
    .name = "seed",
    .operands = "",
    .summary = "load schema/seed/*.sql",
    .group = GROUP_PREPARE,
    .needs = NEEDS_DATABASE,
    .description =
        "Loads every file of the seed directory in the order of names, each in one transaction. Nothing is "
        "recorded and nothing is compared: write seeds so that loading them again changes nothing, for "
        "instance with ON CONFLICT DO NOTHING.",
    .examples = "rung seed\tload them all\n"
                "rung seed --seed-dir demo\tfrom another directory",
    .run = cmd_seed,
};
