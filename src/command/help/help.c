/*
 * Pages are put together from the tables that the program itself uses, and texts from the .txt files, so help
 * cannot speak of an option that does not exist. The order is by what people look for: what changes a
 * database first, and the tool itself last.
 *
 * Help works without settings (NEEDS_NO_SETTINGS): somebody whose rung.ini is broken needs it most. What
 * was typed may be a URL by mistake, so it is shown without its password.
 *
 * The manual page is printed as it is; everything else goes through program_name_in_text(), so that a
 * program that was installed under another name shows commands that can be typed.
 */
#include <string.h>

#include "base/program_name.h"
#include "command/commands.h"
#include "command/help/help_page.h"
#include "command/help/help_topic.h"
#include "command/help/manual.h"
#include "command/line/synonym.h"

const char *const command_group_titles[GROUP_COUNT] = {
    [GROUP_MOVE] = "Change a database",
    [GROUP_LOOK] = "Show, without changing anything",
    [GROUP_WRITE] = "Write and test migrations",
    [GROUP_RECORD] = "Correct the history",
    [GROUP_PREPARE] = "Set up whole databases",
    [GROUP_BACKUP] = "Back up and restore",
    [GROUP_OTHER] = "About rung",
};

/* What people want most comes first. */
static const enum command_group group_order[] = {GROUP_MOVE,    GROUP_LOOK,   GROUP_WRITE, GROUP_RECORD,
                                                 GROUP_PREPARE, GROUP_BACKUP, GROUP_OTHER};

static char *term_of(struct arena *arena, const struct command *command)
{
	return arena_printf(arena, "%s%s%s", command->name, *command->operands ? " " : "", command->operands);
}

static void add_group(struct buffer *page, enum command_group group)
{
	bool has_heading = false;

	for (size_t i = 0; commands[i]; i++) {
		if (commands[i]->group != group || commands[i]->needs & IS_HIDDEN)
			continue;
		if (!has_heading)
			page_heading(page, command_group_titles[group]);
		has_heading = true;
		page_item(page, term_of(page->arena, commands[i]), commands[i]->help->summary);
	}
}

/*
 * Names and summaries only. A list with every option would be longer than a screen, and what is looked for
 * first is the verb.
 */
static char *overview(struct arena *arena)
{
	struct buffer page = {.arena = arena};

	buffer_printf(&page, "rung - %s\n\nUsage: rung [OPTION...] COMMAND [ARGUMENT...]\n", HELP_rung.summary);
	for (size_t i = 0; i < sizeof(group_order) / sizeof(*group_order); i++)
		add_group(&page, group_order[i]);
	page_heading(&page, "More help");
	page_item(&page, "help COMMAND", "a command with its options and examples");
	for (const struct help_topic *topic = topics; topic->help; topic++)
		page_item(&page, arena_printf(arena, "help %s", topic->help->name), topic->help->summary);
	return buffer_cstr(&page);
}

static char *command_page(struct arena *arena, const struct command *command)
{
	struct buffer page = {.arena = arena};

	buffer_printf(&page, "rung %s - %s\n\nUsage: rung %s [OPTION...]%s%s\n", command->name,
	              command->help->summary, command->name, *command->operands ? " " : "", command->operands);
	page_heading(&page, "Description");
	page_text(&page, command->help->description);
	if (command->options)
		page_heading(&page, "Options");
	for (const struct option_row *row = command->options; row && row->flag; row++)
		page_item(&page, option_term(arena, row->letter, row->flag, row->value_name), row->help);
	if (command->help->examples) {
		page_heading(&page, "Examples");
		page_examples(&page, command->help->examples);
	}
	buffer_text(&page, "\nOptions of every command: \"rung help options\".\n");
	return buffer_cstr(&page);
}

static void add_item(void *page, const char *term, const char *meaning)
{
	page_item(page, term, meaning);
}

static char *topic_page(struct arena *arena, const struct help_topic *topic)
{
	struct buffer page = {.arena = arena};

	page_heading(&page, topic->help->title);
	page_text(&page, topic->help->description);
	buffer_char(&page, '\n');
	topic->list(arena, topic->help, add_item, &page);
	return buffer_cstr(&page);
}

/*
 * Words of other tools are looked up before words that look alike: "rung help migrate" means upgrade, though
 * "merge" is nearer.
 */
static bool refuse_subject(struct arena *arena, const char *name, struct error *err)
{
	const char **names = NULL;
	size_t count = 0;

	for (size_t i = 0; commands[i]; i++)
		*ARENA_PUSH(arena, names, count) = commands[i]->name;
	for (const struct help_topic *topic = topics; topic->help; topic++)
		*ARENA_PUSH(arena, names, count) = topic->help->name;
	*ARENA_PUSH(arena, names, count) = NULL;
	const char *meant = str_suggest(name, names);
	const char *here = synonym_hint(name, arena);
	error_set(err, ERROR_USAGE, "there is no help on \"%s\"", settings_safe_url(arena, name));
	if (here)
		return error_hint(err, "%s", here);
	return meant ? error_hint(err, "Did you mean \"%s\"?", meant)
	             : error_hint(err, "\"rung help\" lists commands and topics.");
}

static void say(const struct context *context, const char *page)
{
	report_text(context->reporter, program_name_in_text(context->arena, page));
}

static bool cmd_help(struct context *context, struct error *err)
{
	const char *subject = context->operand_count ? context->operands[0] : NULL;
	const struct command *command = subject ? command_find(subject) : NULL;
	const struct help_topic *topic = subject ? help_topic_find(subject) : NULL;

	if (option_is_given(context, "--man"))
		report_text(context->reporter, manual_text(context->arena));
	else if (!subject)
		say(context, overview(context->arena));
	else if (command)
		say(context, command_page(context->arena, command));
	else if (topic)
		say(context, topic_page(context->arena, topic));
	else
		return refuse_subject(context->arena, subject, err);
	return true;
}

static const struct option_row options[] = {
    {"--man", 0, NULL, "print the manual page rung(1), for man -l or make install"},
    {0},
};

const struct command command_help = {
    .name = "help",
    .operands = "[COMMAND|TOPIC]",
    .help = &HELP_help,
    .group = GROUP_OTHER,
    .needs = NEEDS_NO_SETTINGS,
    .most_operands = 1,
    .options = options,
    .run = cmd_help,
};
