/*
 * help_topic.h - what help knows beside the verbs
 *
 * Each topic is a list of terms and their meaning, from the tables the
 * program itself uses wherever there is one. The help prints them, the manual
 * has a section for each.
 */
#ifndef RUNG_COMMAND_HELP_HELP_TOPIC_H
#define RUNG_COMMAND_HELP_HELP_TOPIC_H

#include "base/arena.h"

/* A term and its meaning; the callee adds it to the page it is making. */
typedef void help_topic_item(void *page, const char *term, const char *meaning);

struct help_topic {
	const char *name;    /* "exit-codes"; NULL ends the list */
	const char *title;   /* "Exit codes" */
	const char *summary; /* "what exit codes mean" */
	const char *text;    /* before the list */
	void (*list)(struct arena *arena, help_topic_item *item, void *page);
};

extern const struct help_topic topics[];

const struct help_topic *help_topic_find(const char *name);

/* How an option stands in a list: "-d, --database-url URL". */
char *option_term(struct arena *arena, char letter, const char *flag, const char *value_name);

#endif
