/*
 * kept_rows_internal.h - copies in the making, for the files of kept_rows.h
 */
#ifndef RUNG_COMMAND_GENERATE_KEPT_ROWS_INTERNAL_H
#define RUNG_COMMAND_GENERATE_KEPT_ROWS_INTERNAL_H

#include "command/generate/kept_rows.h"

/* Statements that are put into a script. */
struct insertions {
	struct insertion {
		size_t behind; /* as many statements of the script */
		struct change_statement statement;
	} * items;
	size_t count;
};

struct keeping {
	struct kept_rows *kept;
	struct arena *arena;
	struct insertions up;
	struct insertions down;
	struct insertions last; /* of down, at its end */
	const char **names;
	size_t name_count;
};

/* --- kept_script.c ------------------------------------------------------------ */

void kept_insert(struct keeping *keeping, struct insertions *list, size_t behind, const struct object *object,
                 const char *sql);
void kept_merge(struct change_script *script, const struct insertions *list, struct arena *arena);

/* The table, or whatever else is at the top. */
const struct object *kept_top(const struct object *object);

/* Behind the last statement of `script` that has `words` and is about `object`, or anything in it; 0: there
 * is none. */
size_t kept_place_behind(const struct change_script *script, const struct object *object, const char *words);

/* The statement that takes from everybody but the owner what default privileges give. */
extern const char kept_rights[];

/* A name that no other copy has: "app_items_note_07", without the quotes of its parts. */
const char *kept_name(struct keeping *keeping, const struct object *object);

/* --- kept_key.c --------------------------------------------------------------- */

/* Of a primary or unique key that is there before and after, and never null; none: rows are not found again.
 */
struct kept_key {
	const struct object **columns;
	size_t count;
};

struct kept_key kept_key_find(const struct keeping *keeping, const struct object *table);

#endif
