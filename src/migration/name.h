/*
 * name.h - how files of migrations are named
 *
 *	schema/06_cache.sql
 *	rollback/rollback_06_cache.sql
 *
 * A number of 1 to 18 digits, an underscore, a name. What is almost named so
 * is told apart from what has nothing to do with us: nobody should wonder why
 * "6-cache.sql" was never applied, and nobody wants to hear about README.
 */
#ifndef RUNG_MIGRATION_NAME_H
#define RUNG_MIGRATION_NAME_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

enum name_role {
	NAME_IGNORED,    /* README, .gitkeep, editor backups, seed/ */
	NAME_UNNUMBERED, /* users.sql: a helper that a migration includes, or one that nobody numbered */
	NAME_MIGRATION,  /* 06_cache.sql */
	NAME_ROLLBACK,   /* rollback_06_cache.sql */
	NAME_MASTER,     /* number 0: orchestrates by hand, never applied */
	NAME_ALMOST,     /* meant to be one of ours; `advice` says what is wrong */
};

struct name {
	enum name_role role;
	bool is_rollback; /* starts with "rollback", for every role */
	int64_t number;
	int width;          /* digits, leading zeros included */
	bool is_too_long;   /* that, and nothing else, is wrong with it */
	struct str stem;    /* "06_cache", looking into the file name */
	struct str label;   /* "cache" */
	const char *advice; /* a sentence, for NAME_ALMOST */
};

/* `file_name` has no directory; the result looks into it. */
struct name name_parse(const char *file_name);

/*
 * A message as the label of a new file: "Add user preferences!" becomes
 * "add_user_preferences". Latin letters lose their accents, other scripts are
 * left out; at most `max_len` bytes, cut between words where that is possible.
 * Empty when nothing usable is left.
 */
char *name_slug(struct arena *arena, const char *message, size_t max_len);

/*
 * The number after `highest`. Where numbers are timestamps (14 digits that
 * read as a date) it is `now` (seconds since 1970) in UTC, and still higher
 * than `highest` on a clock that runs behind.
 */
int64_t name_next_number(int64_t highest, int width, int64_t now);

/*
 * Fills "{number}" and "{slug}" into `template` (NULL: "{number}_{slug}") and
 * makes sure that the result is named like a migration. No ".sql" in either.
 */
MUST_USE bool name_build(const char *template, int64_t number, int width, const char *slug,
                         struct arena *arena, const char **out, struct error *err);

/*
 * A squash is known by its name, "40_squashed_from_01", also where only a history has it: `*from` is then 1,
 * the lowest number it stands for.
 */
bool name_is_squash(const char *name, int64_t *from);

#endif
