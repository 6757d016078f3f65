#include "command/commands.h"
#include "command/run/migrate_verb.h"

static const struct record *find_partial(const struct history *history)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].state == RECORD_PARTIAL)
			return &history->records[i];
	return NULL;
}

static bool cmd_resume(struct context *context, struct error *err)
{
	struct migrate_options run_options;
	struct history history;
	struct plan plan;

	if (!migrate_verb_check_tree(context, err) ||
	    !migrate_options_from_context(context, DIRECTION_UP, &run_options, err) ||
	    !migrate_plan(&run_options, context->arena, &plan, &history, err))
		return false;
	const struct record *partial = find_partial(&history);
	if (!partial) {
		event_done(context->reporter, "nothing to resume: no migration is half-done", -1, 0);
		return true;
	}
	run_options.resumes = true;
	run_options.target = arena_printf(context->arena, "%lld", (long long)partial->version);
	return migrate_verb_run(context, &run_options, NULL, NULL, err);
}

/* No --sql: what is left of a half-done migration is known to the journal alone, and psql keeps none. */
static const struct option_row options[] = {DRY_RUN_OPTION, BACKUP_FIRST_OPTIONS, {0}};

const struct command command_resume = {
    .name = "resume",
    .operands = "",
    .help = &HELP_resume,
    .group = GROUP_MOVE,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .options = options,
    .run = cmd_resume,
};
