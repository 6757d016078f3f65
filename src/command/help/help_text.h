/*
 * help_text.h - what NAME.txt says of a verb or a topic
 *
 * The .txt files in this folder are embedded by scripts/embed_help.sh, which
 * describes their format: HELP_list_backups of help_texts.h is what
 * list-backups.txt says. A verb without a file does not compile. Help, manual
 * page and completions are made from the same texts.
 */
#ifndef RUNG_COMMAND_HELP_HELP_TEXT_H
#define RUNG_COMMAND_HELP_HELP_TEXT_H

#include "base/str.h"

struct help_text {
	const char *name;        /* "list-backups" */
	const char *title;       /* "Exit codes": of a topic; NULL for a verb */
	const char *summary;     /* "apply pending migrations" */
	const char *description; /* a paragraph a line, blank lines between them */
	const char *items;       /* "term\tmeaning" a line: the list of a topic; NULL for none */
	const char *examples;    /* "rung upgrade --dry-run\tshow the plan" a line; NULL for none */
};

/* Takes the next line off `rest`, of items or examples, and splits it at its tab. */
bool help_item_next(struct str *rest, struct str *term, struct str *meaning);

#endif
