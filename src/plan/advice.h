/*
 * advice.h - what a difference means, and the safe ways out of it
 *
 * "upgrade" refuses, "check" reports and "status" suggests in the same words,
 * because they all take them from here.
 */
#ifndef RUNG_PLAN_ADVICE_H
#define RUNG_PLAN_ADVICE_H

#include "plan/comparison.h"

struct advice {
	const char *text; /* continues after the migration's name: "was changed after it was applied" */
	const char *hint; /* sentences; the safest way first */
	const char
	    *next; /* where somebody has to decide: what is to be done, in one line; NULL: the hint says it */
};

/* `comparison` is the one `entry` belongs to; NULL where nobody knows it, and neither what is newest. */
struct advice advice_on(enum difference_kind kind, const struct comparison_entry *entry,
                        const struct comparison *comparison, struct arena *arena);

#endif
