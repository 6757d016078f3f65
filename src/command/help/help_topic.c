/*
 * A topic has a function that lists its terms and no text of its own for them, wherever the program has a
 * table: options, settings, variables of the environment, exit codes, words of other tools. Only
 * directives and variables for SQL have their list in the topic's file.
 *
 * The same list is printed by help and by the manual page, which differ in what they make of a term; so
 * the function is handed the page and what adds to it.
 */
#include "command/help/help_topic.h"

#include <string.h>

#include "command/help/exit_code.h"
#include "command/line/arguments.h"
#include "command/line/synonym.h"
#include "config/environment.h"
#include "help_texts.h"

/*
 * A value that may be left out stands in brackets and belongs to the flag ("--sql[=brief]"), so no space
 * comes before it: with one it would be an operand.
 */
char *option_term(struct arena *arena, char letter, const char *flag, const char *value_name)
{
	const char *letters = letter ? arena_printf(arena, "-%c, ", letter) : "";

	return arena_printf(arena, "%s%s%s%s", letters, flag, value_name && value_name[0] != '[' ? " " : "",
	                    value_name ? value_name : "");
}

static void list_exit_codes(struct arena *arena, const struct help_text *help, help_topic_item *item,
                            void *page)
{
	(void)help;
	for (const struct exit_code_row *row = exit_code_rows; row->meaning; row++)
		item(page, arena_printf(arena, "%d", row->code),
		     arena_printf(arena, "%s. %s", row->meaning, row->advice));
}

/* `several` says how a list is given in that place. */
static const char *setting_meaning(struct arena *arena, const struct setting_row *row, const char *several)
{
	const char *choices = row->choices ? arena_printf(arena, ": %s", row->choices) : "";
	const char *fallback = row->fallback ? arena_printf(arena, " (default: %s)", row->fallback) : "";

	return arena_printf(arena, "%s%s%s%s", row->help, row->kind == SETTING_KIND_LIST ? several : "", choices,
	                    fallback);
}

static void list_options(struct arena *arena, const struct help_text *help, help_topic_item *item, void *page)
{
	(void)help;
	for (const struct option_row *row = general_options; row->flag; row++)
		item(page, option_term(arena, row->letter, row->flag, row->value_name), row->help);
	for (const struct setting_row *row = setting_rows; row < setting_rows + SETTING_COUNT; row++)
		if (row->flag)
			item(page, option_term(arena, row->letter, row->flag, row->value_name),
			     setting_meaning(arena, row, "; may be given several times"));
}

static const char by_blanks[] = "; several, separated by blanks";

static void list_ini_keys(struct arena *arena, const struct help_text *help, help_topic_item *item,
                          void *page)
{
	(void)help;
	for (const struct setting_row *row = setting_rows; row < setting_rows + SETTING_COUNT; row++)
		item(page, arena_printf(arena, "[%s] %s", row->section, row->key),
		     setting_meaning(arena, row, by_blanks));
}

static void list_environment(struct arena *arena, const struct help_text *help, help_topic_item *item,
                             void *page)
{
	(void)help;
	for (const struct setting_row *row = setting_rows; row < setting_rows + SETTING_COUNT; row++)
		if (row->environment)
			item(page, row->environment, setting_meaning(arena, row, by_blanks));
	for (const struct variable_row *row = variable_rows; row->names; row++)
		item(page, row->names, row->meaning);
}

/* Topics whose list is in their file. */
static void list_items(struct arena *arena, const struct help_text *help, help_topic_item *item, void *page)
{
	struct str rest = str_of(help->items);
	struct str term;
	struct str meaning;

	while (help_item_next(&rest, &term, &meaning))
		item(page, str_copy(arena, term), str_copy(arena, meaning));
}

static void list_synonyms(struct arena *arena, const struct help_text *help, help_topic_item *item,
                          void *page)
{
	(void)help;
	for (const struct synonym *row = synonyms; row->words; row++)
		item(page, row->words, arena_printf(arena, "%s: %s", row->command, row->meaning));
}

const struct help_topic topics[] = {
    {&HELP_options, list_options},         {&HELP_settings, list_ini_keys},
    {&HELP_environment, list_environment}, {&HELP_directives, list_items},
    {&HELP_variables, list_items},         {&HELP_other_tools, list_synonyms},
    {&HELP_exit_codes, list_exit_codes},   {0},
};

const struct help_topic *help_topic_find(const char *name)
{
	for (const struct help_topic *topic = topics; topic->help; topic++)
		if (strcmp(topic->help->name, name) == 0)
			return topic;
	return NULL;
}
