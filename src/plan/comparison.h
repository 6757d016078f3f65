/*
 * comparison.h - files and history side by side
 *
 * One entry a number, from the lowest up, with what the disk and the database
 * know of it. What both agree or differ on is decided here, once.
 */
#ifndef RUNG_PLAN_COMPARISON_H
#define RUNG_PLAN_COMPARISON_H

#include "migration/graph.h"
#include "plan/folding.h"
#include "plan/plan.h"

struct comparison_entry {
	int64_t number;
	const struct migration *migration; /* NULL when no file holds it */
	const struct record *record;       /* NULL when it was never applied */
};

struct comparison {
	struct comparison_entry *entries;
	size_t count;
	struct graph graph; /* by the same indices; what only history knows is on the trunk */
	bool *applied;      /* or half-done: one claim per entry */
	bool *below;        /* something applied builds on it */
	struct folding_list foldings;
	bool has_squash; /* some row of the history is of a squash */
};

void comparison_build(const struct tree *tree, const struct history *history, struct arena *arena,
                      struct comparison *out);

/* As people know it: "06_cache", from the file or else from the history. */
const char *entry_name(const struct comparison_entry *entry, struct arena *arena);

/* The file is another text than the one applied. */
bool entry_is_edited(const struct comparison_entry *entry);

/* The number is taken by a file that is not the one applied. */
bool entry_is_other_file(const struct comparison_entry *entry);

/*
 * What is applied is rolled back by the SQL that the database kept, though there may be a file. That one
 * belongs to another migration when the file itself does. Where the file was edited, its rollback was edited
 * with it, likely enough: the one that was kept fits what really ran.
 */
bool entry_prefers_kept_rollback(const struct comparison_entry *entry);

/* Of the highest applied entry; NULL when nothing is. */
const char *comparison_newest_name(const struct comparison *comparison, struct arena *arena);

/*
 * The folding that an entry is part of: as the row that stands for others, or as one of those that cannot be
 * folded, or as the file that replaces them. NULL for none.
 */
const struct folding *comparison_folding(const struct comparison *comparison, size_t i);

/* The row of the history that stands for this file, which the project still has; NULL for none. */
const struct record *comparison_squashed_into(const struct comparison *comparison, size_t i);

/* Of differences that many entries share one tells for all. */
bool comparison_tells(const struct comparison *comparison, size_t i, enum difference_kind kind);

/* Where file and history disagree; false when they do not. */
bool comparison_difference(const struct comparison *comparison, size_t i, const struct plan_options *options,
                           enum difference_kind *out);

#endif
