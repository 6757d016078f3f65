/*
 * history_edit.h - changing the record without running anything
 *
 * What stamp, repair and import share: under the migration lock, in one
 * transaction, with a line in the log for every row they touch.
 */
#ifndef RUNG_COMMAND_RUN_HISTORY_EDIT_H
#define RUNG_COMMAND_RUN_HISTORY_EDIT_H

#include "command/run/migrate_verb.h"

/* What the record is to say of a migration that counts as applied; its rollback is kept with it. */
MUST_USE bool history_edit_values(const struct migration *migration, struct arena *arena,
                                  struct record_values *out, struct error *err);

/* One line in the log: `action` was done to this version; with its checksums where the record holds them. */
MUST_USE bool history_edit_log(const struct migrate_options *run_options, const struct locked_history *locked,
                               const char *action, const struct record_values *facts, struct error *err);

/* Once it is committed, the history must say of `facts` that it is applied as its file is, or not at all. */
void history_edit_claim(struct locked_history *locked, const struct record_values *facts, bool is_applied);

/* Runs `work` as migrate_with_lock() does, all of it or nothing. */
MUST_USE bool history_edit_reach(const struct migrate_options *run_options, locked_work work, void *context,
                                 struct error *err);

/* The verb's last word: "3 records changed, nothing was run". */
void history_edit_say(struct context *context, const char *text, size_t changed);

#endif
