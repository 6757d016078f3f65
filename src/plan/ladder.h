/*
 * ladder.h - files and history side by side
 *
 * One rung a number, from the lowest up, with what the disk and the database
 * know of it. What both agree or differ on is decided here, once.
 */
#ifndef RUNG_PLAN_LADDER_H
#define RUNG_PLAN_LADDER_H

#include "migration/graph.h"
#include "plan/plan.h"

struct rung {
	int64_t number;
	const struct migration *migration; /* NULL when no file holds it */
	const struct record *record;       /* NULL when it was never applied */
};

struct ladder {
	struct rung *rungs;
	size_t count;
	struct graph graph; /* by the same indices; what only history knows stands on the trunk */
	bool *applied;      /* or half-done: one claim per rung */
	bool *below;        /* something applied builds on it */
};

void ladder_build(const struct tree *tree, const struct history *history, struct arena *arena,
                  struct ladder *out);

/* As people know it: "06_cache", from the file or else from the history. */
const char *rung_name(const struct rung *rung, struct arena *arena);

/* The file is another text than the one applied. */
bool rung_is_edited(const struct rung *rung);

/* The number is taken by a file that is not the one applied. */
bool rung_is_other_file(const struct rung *rung);

/*
 * What is applied is rolled back by the SQL that the database kept, though there may be a file. That one
 * belongs to another migration when the file itself does. Where the file was edited, its rollback was edited
 * with it, likely enough: the one that was kept fits what really ran.
 */
bool rung_prefers_kept_rollback(const struct rung *rung);

/* Of the highest applied rung; NULL when nothing is. */
const char *ladder_newest_name(const struct ladder *ladder, struct arena *arena);

/* Where file and history disagree; false when they do not. */
bool ladder_difference(const struct ladder *ladder, size_t i, const struct plan_options *options,
                       enum difference_kind *out);

#endif
