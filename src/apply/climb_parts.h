/*
 * climb_parts.h - the inside of a climb, for the files climb*.c only
 *
 * climb.c tells the story: connect, look, take a turn, look again. What there
 * is to see is climb_look.c's, what cannot work climb_inspect.c's, the steps
 * are climb_steps.c's, and behind a transaction pooler climb_pooled.c's;
 * climb_tables.c makes the tables of history where they are missing, and
 * climb_said.c says what a plan is beside its steps.
 */
#ifndef RUNG_APPLY_CLIMB_PARTS_H
#define RUNG_APPLY_CLIMB_PARTS_H

#include "apply/passage.h"

struct view {
	struct history history;
	struct plan plan;
};

/* Once the goal is known, what is left of it; else what there is to do, which then is the goal. */
MUST_USE bool climb_look(struct run *run, struct arena *arena, struct view *out, struct error *err);

/* What leads to `target` from where `history` is; as the direction has it. */
MUST_USE bool climb_make_plan(const struct climb *climb, const char *target, const struct history *history,
                              struct arena *arena, struct plan *plan, struct error *err);

/* Where an earlier run is finished, says so, and how much of it is left; and what the plan passes over. */
void climb_say_plan(const struct run *run, const struct plan *plan);

/* A sentence without its end about what the plan passes over; NULL for nothing. */
const char *climb_passed_over(const struct climb *climb, const struct plan *plan, struct arena *arena);

/* False on a server that cannot be written to. */
MUST_USE bool climb_check_primary(const struct run *run, struct error *err);

/*
 * Reads every file of the plan as it will run, so that what cannot work is
 * known before anything does: text, modes, what stands in the way of one
 * transaction for all or of a pooler. `run->pooling` is known by then;
 * without `run->db` the server is taken to be the newest.
 */
MUST_USE bool climb_inspect(struct run *run, const struct plan *plan, struct error *err);

/* Always false: a plain step and no way past the pooler. */
bool climb_refuse_plain(const struct step *step, struct error *err);

/* The same for one that says of what kind its transaction is, which begins with our lock there. */
bool climb_refuse_own_transaction(const struct step *step, struct error *err);

/* The highest version applied, for a climb that had nothing to do. */
void climb_describe_head(const struct climb *climb, const struct history *history, struct climb_result *out);

/* As history_load(), of a history that can be written to: what would run code of others is refused. */
MUST_USE bool climb_load_history(struct run *run, struct arena *arena, struct history *out,
                                 struct error *err);

/* Whether tables of history that exist are to be adopted or brought up to date. */
bool climb_needs_tables(const struct run *run, const struct history *history);

/* Whether what the caller still does (climb.h, `conclude`) comes before the mark. */
bool climb_concludes(const struct climb *climb);

/*
 * Marks the run as finished, where it was written down: its client knows that all of it is done. Outside the
 * deployers' lock; with the lock turn_finish() does it.
 */
MUST_USE bool climb_finish(struct run *run, struct error *err);

/* Creates or adopts the tables of history, unless they are as they should be. */
MUST_USE bool climb_prepare_history(struct run *run, const struct history *history, struct error *err);

/*
 * What adopting a table that people wrote by hand says besides: of a row what
 * its file holds (`*found` false where there is nothing to say), with an entry in
 * the log for each, and one for the whole.
 */
MUST_USE bool climb_agreement(const struct run *run, const struct record *record, struct arena *arena,
                              struct record_facts *out, bool *found, struct error *err);

/* Of one row, or with empty facts of the whole. */
struct request climb_adoption(const struct run *run, const struct record_facts *facts, struct arena *arena);

/* Runs the plan under the session's lock, again and again where locks are refused. */
MUST_USE bool climb_steps(struct run *run, const struct plan *plan, struct error *err);

/* One step that must be on the ground: one with data to copy, or a plain one. */
MUST_USE bool climb_on_ground(struct run *run, struct passage *passage, struct error *err);

/*
 * Success is said of what was done only: as many steps as were planned, and no
 * transaction open.
 */
MUST_USE bool climb_check_whole(const struct run *run, size_t planned, struct error *err);

/* Says in the error how much of the plan is done. */
void climb_describe_state(const struct run *run, const struct plan *plan, struct error *err);

/*
 * Runs what `view` plans behind a transaction pooler, each step under its own
 * transaction's lock. When others did all of it meanwhile, `view` is how things are then.
 */
MUST_USE bool climb_pooled(struct run *run, struct arena *arena, struct view *view, struct error *err);

#endif
