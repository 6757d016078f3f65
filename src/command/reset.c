/*
 * The files are read before the database is dropped: a reset of a development database that then fails at
 * the first file leaves nothing to work with.
 *
 * The name has to be typed.
 */
#include "command/commands.h"
#include "command/run/migrate_verb.h"
#include "command/run/question.h"
#include "command/run/setup_database.h"
#include "pg/address.h"

/* Typing the name makes people read it. */
static bool ask(struct context *context, const char *name, struct error *err)
{
	return question_settle(
	    context, arena_printf(context->arena, "dropping the database %s", database_meant(context)),
	    arena_printf(context->arena,
	                 "This drops the database %s with everything in it. Type its name to continue:",
	                 database_meant(context)),
	    name, "On a terminal it asks for the name of the database instead.", err);
}

static bool drop(struct context *context, const char *name, struct error *err)
{
	if (!database_drop(context, err))
		return false;
	event_note(context->reporter, "the database \"%s\" was dropped", name);
	return true;
}

static bool cmd_reset(struct context *context, struct error *err)
{
	const bool with_seeds = !option_is_given(context, "--no-seed");
	const char *name;

	/* Files that cannot be applied would leave nothing behind. */
	return migrate_verb_check_tree(context, err) &&
	       address_database(context->database, context->arena, &name, err) && ask(context, name, err) &&
	       drop(context, name, err) && setup_database(context, with_seeds, err);
}

static const struct option_row options[] = {
    {"--force", 'f', NULL, "do not ask"},
    {"--no-seed", 0, NULL, "do not load the seeds"},
    {0},
};

const struct command command_reset = {
    .name = "reset",
    .operands = "",
    .help = &HELP_reset,
    .group = GROUP_PREPARE,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .options = options,
    .run = cmd_reset,
};
