/*
 * ini.h - rung.ini
 *
 * Sections and keys are those of setting_rows; anything else is an error with
 * file, line and a suggestion. A value goes to the end of its line: there are
 * no comments after values (a hook may hold a semicolon) and no quotes.
 */
#ifndef RUNG_CONFIG_INI_H
#define RUNG_CONFIG_INI_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "config/settings.h"

struct ini_value {
	const char *text; /* NULL when the file does not say */
	int line;
};

struct ini {
	const char *path; /* NULL without a file */
	struct ini_value values[SETTING_COUNT];
};

/* `path` is for messages. */
MUST_USE bool ini_read(struct str text, const char *path, struct arena *arena, struct ini *out,
                       struct error *err);

#endif
