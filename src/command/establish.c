#include "command/establish.h"

#include "command/climbing.h"
#include "command/seeding.h"

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
	struct climb climb;

	return climb_from_context(context, CLIMB_UP, &climb, err) && climbing_perform(context, &climb, err);
}

static bool seed(struct context *context, struct error *err)
{
	size_t count;

	return seeding_run(context, &count, err) ||
	       error_state(err, "The migrations are applied; \"rung seed\" tries again.");
}

bool establish_run(struct context *context, bool with_seeds, struct error *err)
{
	return climbing_check_tree(context, err) && create_database(context, err) && upgrade(context, err) &&
	       (!with_seeds || seed(context, err));
}
