/*
 * pipeline_run.h - many transactional migrations in one round trip
 */
#ifndef RUNG_APPLY_PIPELINE_RUN_H
#define RUNG_APPLY_PIPELINE_RUN_H

#include "apply/step/step_script.h"

struct pipeline_run;

/*
 * Runs scripts in order as they are put in, without waiting between them.
 * The first failure stops everything after it: steps before it are
 * committed and recorded, it is rolled back, those after it never ran.
 */
MUST_USE bool pipeline_run_open(struct run *run, struct pipeline_run **out, struct error *err);

/* Takes the script over. False when something before it has failed: pipeline_run_finish() tells. */
MUST_USE bool pipeline_run_add(struct pipeline_run *pipeline_run, struct step_script **step_script,
                               struct error *err);

/*
 * Waits for all. On failure `err` is what the failed step met, with
 * its place, and `*failed` (when not NULL) is that script, which the caller
 * then owns; run->steps_done counts those that arrived.
 */
MUST_USE bool pipeline_run_finish(struct pipeline_run *pipeline_run, struct step_script **failed,
                                  struct error *err);
void pipeline_run_close(struct pipeline_run **pipeline_run);
#define scoped_pipeline_run SCOPED(pipeline_run_close)

#endif
