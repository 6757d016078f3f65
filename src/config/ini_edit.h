/*
 * ini_edit.h - one value written into the text of rung.ini, or taken out
 *
 * Everything else stays byte for byte: comments, order, line ends of others.
 */
#ifndef RUNG_CONFIG_INI_EDIT_H
#define RUNG_CONFIG_INI_EDIT_H

#include "base/arena.h"
#include "base/str.h"

/*
 * The text with "key = value" in [section]: in place of the line that has the
 * key, else after the section's last line, else in a section of its own at
 * the end. The value is one line.
 */
struct str ini_with(struct str text, const char *section, const char *key, const char *value,
                    struct arena *arena);

/* The text without each line of [section] that has the key; the same text where none has. */
struct str ini_without(struct str text, const char *section, const char *key, struct arena *arena);

#endif
