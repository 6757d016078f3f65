/*
 * help_topic.h - what help knows beside the verbs
 *
 * Each topic is a text and a list of terms and their meaning, from the tables
 * the program itself uses wherever there is one, else from the topic's file.
 * The help prints them, the manual has a section for each.
 */
#ifndef RUNG_COMMAND_HELP_HELP_TOPIC_H
#define RUNG_COMMAND_HELP_HELP_TOPIC_H

#include "base/arena.h"
#include "command/help/help_text.h"

/* A term and its meaning; the callee adds it to the page it is making. */
typedef void help_topic_item(void *page, const char *term, const char *meaning);

struct help_topic {
	const struct help_text *help; /* NULL ends the list */
	void (*list)(struct arena *arena, const struct help_text *help, help_topic_item *item, void *page);
};

extern const struct help_topic topics[];

const struct help_topic *help_topic_find(const char *name);

/* How an option is shown in a list: "-d, --database-url URL". */
char *option_term(struct arena *arena, char letter, const char *flag, const char *value_name);

#endif
