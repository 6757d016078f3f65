/*
 * run_internal.h - the parts of a run, for the files run_*.c
 *
 * migrate.c tells the story: connect, look, take the lock, look again. What there
 * is to do is run_plan.c's, what cannot work run_inspect.c's, the steps
 * are run_steps.c's, and behind a transaction pooler run_pooled.c's;
 * run_tables.c makes the tables of history where they are missing, and
 * run_notes.c says what a plan is beside its steps.
 */
#ifndef RUNG_APPLY_RUN_INTERNAL_H
#define RUNG_APPLY_RUN_INTERNAL_H

#include "apply/step/step_script.h"

struct run_plan {
	struct history history;
	struct plan plan;
};

/* Once the goal is known, what is left of it; else what there is to do, which then is the goal. */
MUST_USE bool run_plan_load(struct run *run, struct arena *arena, struct run_plan *out, struct error *err);

/* The same of a run that only looks: over a connection of its own, which is the caller's to close. */
MUST_USE bool run_plan_open(struct run *run, struct session **db, struct arena *arena, struct run_plan *out,
                            struct error *err);

/* What leads to `target` from where `history` is; as the direction has it. */
MUST_USE bool run_make_plan(const struct run *run, const char *target, const struct history *history,
                            struct arena *arena, struct plan *plan, struct error *err);

/* Where an earlier run is finished, says so, and how much of it is left; and what the plan passes over. */
void run_say_plan(const struct run *run, const struct plan *plan);

/* A sentence without its end about what the plan passes over; NULL for nothing. */
const char *run_passed_over(const struct migrate_options *options, const struct plan *plan,
                            struct arena *arena);

/* False on a server that cannot be written to. */
MUST_USE bool run_check_primary(const struct run *run, struct error *err);

/*
 * Reads every file of the plan as it will run, so that what cannot work is
 * known before anything does: text, modes, what is in the way of one
 * transaction for all or of a pooler. `run->pooling` is known by then;
 * without `run->db` the server is taken to be the newest.
 */
MUST_USE bool run_inspect(struct run *run, const struct plan *plan, struct error *err);

/* Always false: a nontransactional step and no way past the pooler. */
bool run_refuse_nontransactional(const struct step *step, struct error *err);

/* The same for one that says of what kind its transaction is, which begins with our lock there. */
bool run_refuse_own_transaction(const struct step *step, struct error *err);

/* The highest version applied, for a run that had nothing to do. */
void run_describe_head(const struct migrate_options *options, const struct history *history,
                       struct migrate_result *out);

/* As history_load(), of a history that can be written to: what would run code of others is refused. */
MUST_USE bool run_load_history(struct run *run, enum history_use use, struct arena *arena,
                               struct history *out, struct error *err);

/* Whether tables of history that exist are to be adopted or brought up to date. */
bool run_needs_tables(const struct run *run, const struct history *history);

/*
 * What a squashed file replaces is folded into its own row (plan/folding.h): whether there is any in this
 * history, and all of it, in a transaction of its own or the open one.
 */
bool run_needs_folding(const struct run *run, const struct history *history);
MUST_USE bool run_fold(struct run *run, const struct history *history, struct error *err);

/* What a run that only looks would do of that. */
void run_say_folding(const struct run *run, const struct history *history);

/* The history as it is afterwards. */
struct history run_folded(const struct run *run, const struct history *history, struct arena *arena);

/* The queries of one of them, in a transaction. */
struct folding;
enum { FOLD_REQUESTS = 4 };
MUST_USE bool run_fold_requests(const struct run *run, const struct folding *folding, struct arena *arena,
                                struct request out[FOLD_REQUESTS], struct error *err);

/* Whether what the caller still does (migrate.h, `conclude`) comes before the mark. */
bool run_concludes(const struct run *run);

/*
 * Marks the run as finished, where it was written down: its client knows that all of it is done. Outside the
 * migration lock; with the lock deploy_lock_finish() does it.
 */
MUST_USE bool run_finish(struct run *run, struct error *err);

/* Creates or adopts the tables of history, unless they are as they should be. */
MUST_USE bool run_prepare_history(struct run *run, const struct history *history, struct error *err);

/*
 * What adopting a table that people wrote by hand also records: of a row what
 * its file holds (`*found` false where there is nothing to say), with an entry in
 * the log for each, and one for the whole.
 */
MUST_USE bool run_agreement(const struct run *run, const struct record *record, struct arena *arena,
                            struct record_values *out, bool *found, struct error *err);

/* Of one row, or with empty facts of the whole. */
struct request run_adoption(const struct run *run, const struct record_values *facts, struct arena *arena);

/* Runs the plan under the session's lock, again and again where locks are refused. */
MUST_USE bool run_steps(struct run *run, const struct plan *plan, struct error *err);

/* One step that a pipeline cannot carry: one with data to copy, or a nontransactional one. */
MUST_USE bool run_step_by_message(struct run *run, struct step_script *step_script, struct error *err);

/*
 * Success is said of what was done only: as many steps as were planned, and no
 * transaction open.
 */
MUST_USE bool run_check_whole(const struct run *run, size_t planned, struct error *err);

/* Says in the error how much of the plan is done. */
void run_describe_state(const struct run *run, const struct plan *plan, struct error *err);

/*
 * Runs what `planned` holds behind a transaction pooler, each step under its own
 * transaction's lock. When others did all of it meanwhile, `planned` is how things are then.
 */
MUST_USE bool run_pooled(struct run *run, struct arena *arena, struct run_plan *planned, struct error *err);

#endif
