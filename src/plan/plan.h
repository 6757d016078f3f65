/*
 * plan.h - what should happen next, and why
 *
 * Pure: from the files, the history and the request to a list of steps or a
 * refusal. Nothing here reads a disk or asks a server, so all of it is tested
 * as a matrix.
 */
#ifndef RUNG_PLAN_PLAN_H
#define RUNG_PLAN_PLAN_H

#include "base/arena.h"
#include "base/error.h"
#include "history/record.h"
#include "migration/tree.h"

enum step_action {
	STEP_APPLY,
	STEP_REAPPLY,  /* an on-change file that was edited */
	STEP_CONVERGE, /* the same, behind statements that make what it describes */
	STEP_RESUME,   /* a nontransactional migration that stopped half-way */
	STEP_ROLLBACK,
};

/*
 * A rollback runs the pair of `migration`; where that is NULL or has none, the
 * SQL that the database kept with the record.
 */

struct step {
	enum step_action action;
	const struct migration
	    *migration;              /* NULL when only the history knows it, or its file is another one now */
	const struct record *record; /* NULL when it was never applied */
	const char *kept_sql; /* of a rollback that only the database holds, where it was asked for; or NULL */
};

struct plan {
	struct step *steps; /* in the order they run */
	size_t count;
	/* What runs last and is left: pending where the target is another, or applied without a rollback. */
	struct step *passed_over;
	size_t passed_count;
};

/* Of its migration, or of the record where no file holds it. */
int64_t step_version(const struct step *step);

/* "07_add_users"; of a record without a name, what it says of itself. */
const char *step_name(const struct step *step);

const char *step_action_name(enum step_action action); /* "apply" */

/* A file that was edited, over what it made before. */
bool step_runs_again(const struct step *step);

/*
 * What the step takes from old clients, as the head of its file says; NULL for nothing, and on the way down.
 */
const char *step_breaking(const struct step *step);

/* NULL when the plan holds no step of that version. */
const struct step *plan_find(const struct plan *plan, int64_t version);

/* Whether the history shows that the step was done. */
bool step_is_settled(const struct step *step, const struct history *history);

struct plan_options {
	bool allow_out_of_order;  /* apply older numbers after newer ones */
	enum on_change on_change; /* the project's answer to edited files; not UNSET */
};

/*
 * `target`: NULL or "head", "heads", what names a migration (lookup.h), "+N", or a
 * branch's head ("name@head", the trunk's being "trunk@head"). A target takes
 * with it what it builds on; other branches stay as they are. One that runs
 * last takes everything before it; what runs last comes with nothing but heads,
 * "+N" and its own name.
 *
 * Half-done migrations are resumed first, even when their file was edited:
 * that is how a failing statement gets repaired, and who resumes compares the
 * statements that are done. Edited files with on-change: reapply or converge run again, in
 * order among the others; "+N" counts every step.
 *
 * Nothing to do is an empty plan. Refused, with what to do about it: edited
 * and missing files, a number that now belongs to another file, a pending file
 * on which an applied one builds (unless allowed), a half-done one outside the
 * target, one that is half rolled back, targets that do not exist, are already passed or, with several heads,
 * could mean more than one. Adopted rows agree with any file of their number as far as name or checksum are
 * NULL; a file that was only renamed is no obstacle. Rows below number 1 are none of ours.
 */
MUST_USE bool plan_upgrade(const struct tree *tree, const struct history *history, const char *target,
                           const struct plan_options *options, struct arena *arena, struct plan *out,
                           struct error *err);

/*
 * `target`: NULL or "-1", "-N", "base", a number or a name to go down to (it
 * stays applied, and so do branches that do not build on it). What runs last
 * comes after all others: it goes first, or is passed over where it has no way
 * back, unless everything has to go. Every other step must
 * be possible before the first one runs: irreversible ones, those without a
 * pair, half-done ones stop it here; one that is half rolled back continues. Files may be missing where the
 * database kept the rollback.
 */
MUST_USE bool plan_downgrade(const struct tree *tree, const struct history *history, const char *target,
                             struct arena *arena, struct plan *out, struct error *err);

/*
 * The same as far as it can go: the steps before the first one that is in the way, which `*stop` then
 * tells of (its kind is set). With no step before it, it is an error like above.
 */
MUST_USE bool plan_downgrade_part(const struct tree *tree, const struct history *history, const char *target,
                                  struct arena *arena, struct plan *out, struct error *stop,
                                  struct error *err);

/*
 * The history of a database that is at `target` ("base", "head", what names a migration), as the files
 * would have made it: for scripts that are printed without asking one.
 */
MUST_USE bool plan_assume(const struct tree *tree, const char *target, struct arena *arena,
                          struct history *out, struct error *err);

/*
 * What is left of a plan of plan_upgrade()'s once some of it was done: its versions, and no other. One whose
 * file is gone meanwhile stops it here.
 */
MUST_USE bool plan_upgrade_rest(const struct tree *tree, const struct history *history,
                                const struct plan *wanted, const struct plan_options *options,
                                struct arena *arena, struct plan *out, struct error *err);

/*
 * What is left of a plan of plan_downgrade()'s once some of it was done. Something
 * applied meanwhile that builds on what is left stops it here.
 */
MUST_USE bool plan_downgrade_rest(const struct tree *tree, const struct history *history,
                                  const struct plan *wanted, struct arena *arena, struct plan *out,
                                  struct error *err);

/* Where history and files disagree; what `check` and `status` show. */
enum difference_kind {
	DIFFERENCE_PENDING,
	DIFFERENCE_EDITED,       /* file changed after it was applied */
	DIFFERENCE_REAPPLICABLE, /* the same, but on-change makes it a pending step */
	DIFFERENCE_MISSING,      /* applied, but no file holds it */
	DIFFERENCE_OUT_OF_ORDER, /* pending, but newer ones are applied */
	DIFFERENCE_PARTIAL,
	DIFFERENCE_UNWINDING,  /* half rolled back */
	DIFFERENCE_RENAMED,    /* same number, other name; whether the text is the same or not */
	DIFFERENCE_FOLDABLE,   /* applied as those that the file replaces, all of them (folding.h) */
	DIFFERENCE_UNFOLDABLE, /* only some of those, or not as they were */
	DIFFERENCE_SQUASHED,   /* a file in the place of which the database has a squashed one */
};

struct difference {
	enum difference_kind kind;
	const struct migration *migration; /* NULL for DIFFERENCE_MISSING */
	const struct record *record;       /* NULL for pending ones */
};

struct difference_list {
	struct difference *items; /* by number */
	size_t count;
};

void plan_compare(const struct tree *tree, const struct history *history, const struct plan_options *options,
                  struct arena *arena, struct difference_list *out);

const char *difference_name(enum difference_kind kind);

#endif
