/*
 * agreement.h - changing the record without running anything
 *
 * What stamp, repair and import share: under the deployers' lock, in one
 * transaction, with a line in the log for every row they touch.
 */
#ifndef RUNG_COMMAND_AGREEMENT_H
#define RUNG_COMMAND_AGREEMENT_H

#include "command/climbing.h"

/* What the record is to say of a migration that counts as applied; its rollback is kept with it. */
MUST_USE bool agreement_facts(const struct migration *migration, struct arena *arena,
                              struct record_facts *out, struct error *err);

/* One line in the log: `action` was done to this version; with its checksums where the record holds them. */
MUST_USE bool agreement_log(const struct climb *climb, const struct climb_desk *desk, const char *action,
                            const struct record_facts *facts, struct error *err);

/* Once it is committed, the history must say of `facts` that it is applied as its file is, or not at all. */
void agreement_claim(struct climb_desk *desk, const struct record_facts *facts, bool is_applied);

/* Runs `work` as climb_with_lock() does, all of it or nothing. */
MUST_USE bool agreement_reach(struct climb *climb, climb_work work, void *context, struct error *err);

/* The verb's last word: "3 records changed, nothing was run". */
void agreement_say(struct context *context, const char *text, size_t changed);

#endif
