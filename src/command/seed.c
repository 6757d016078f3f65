#include "base/number_text.h"
#include "command/commands.h"
#include "command/run/seed_files.h"

static bool cmd_seed(struct context *context, struct error *err)
{
	size_t count;

	if (!seed_files_run(context, &count, err))
		return false;
	event_done(context->reporter,
	           count ? arena_printf(context->arena, "%zu seed file%s loaded", count, plural(count))
	                 : arena_printf(context->arena, "no seeds in \"%s\"",
	                                setting_text(context->settings, SETTING_SEED_DIR)),
	           -1, (int64_t)count);
	return true;
}

const struct command command_seed = {
    .name = "seed",
    .operands = "",
    .help = &HELP_seed,
    .group = GROUP_PREPARE,
    .needs = NEEDS_DATABASE,
    .run = cmd_seed,
};
