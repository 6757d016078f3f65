#include "command/run/setup_database.h"

#include "command/run/migrate_verb.h"
#include "command/run/seed_files.h"

static bool create_database(struct context *context, struct error *err)
{
	bool created;

	if (!database_create_missing(context, &created, err))
		return false;
	if (created)
		event_note(context->reporter, "the database was created");
	return true;
}

static bool upgrade(struct context *context, struct error *err)
{
	struct migrate_options run_options;

	return migrate_options_from_context(context, DIRECTION_UP, &run_options, err) &&
	       migrate_verb_perform(context, &run_options, err);
}

static bool seed(struct context *context, struct error *err)
{
	size_t count;

	return seed_files_run(context, &count, err) ||
	       error_state(err, "The migrations are applied; \"rung seed\" tries again.");
}

bool setup_database(struct context *context, bool with_seeds, struct error *err)
{
	return migrate_verb_check_tree(context, err) && create_database(context, err) && upgrade(context, err) &&
	       (!with_seeds || seed(context, err));
}
