/*
 * folding.h - squashed files, and histories that hold what they replace
 *
 * "rung squash" puts one file in the place of many, and that file names each of
 * them ("replaces"). A database where all of those are applied is where it
 * would be with the new file alone: its rows are folded into one, by the next
 * run that writes to its history. Until then it is looked at as if they were.
 * Where only some of them are applied there is no such state, and what to do is
 * for a person to decide.
 */
#ifndef RUNG_PLAN_FOLDING_H
#define RUNG_PLAN_FOLDING_H

#include "base/arena.h"
#include "history/record.h"
#include "migration/tree.h"

struct folding {
	const struct migration *migration; /* what stands for them */
	const struct record **records;     /* those of the history */
	size_t count;
	const char *trouble; /* why they cannot be folded: "07_prefs was applied with another text"; else NULL */
	const struct record *folded; /* where they can: what the history holds in their place */
};

struct folding_list {
	struct folding *items;
	size_t count;
};

/* Of files whose own row is there already, or of whose there is none, nothing is to be folded. */
void foldings_find(const struct tree *tree, const struct history *history, struct arena *arena,
                   struct folding_list *out);

/* The history with what can be folded in one row each. */
struct history folded_history(const struct history *history, const struct folding_list *foldings,
                              struct arena *arena);

/* How many migrations the file replaces; of a squash that it replaces, those that one did. */
size_t folding_replaced_count(const struct folding *folding);

#endif
