/*
 * setting.h - a value of a setting, as SQL
 *
 * The catalogs keep lists of names (search_path) in the form in which they are
 * parsed, all else as it is. Anyone who owns a database chooses its settings, so
 * nothing of a value may end up outside quotes. As pg_dump does it:
 * variable_is_guc_list_quote() and SplitGUCList() in its dumputils.c.
 */
#ifndef RUNG_BACKUP_RIGHTS_SETTING_H
#define RUNG_BACKUP_RIGHTS_SETTING_H

#include "base/arena.h"

/* What follows "SET name TO". NULL when a list cannot be taken apart. */
const char *setting_value_sql(const char *name, const char *value, struct arena *arena);

/* The name: "app.name" is two words, each a name of its own. */
const char *setting_name_sql(const char *name, struct arena *arena);

#endif
