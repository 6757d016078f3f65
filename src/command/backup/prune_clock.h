/*
 * prune_clock.h - whether to believe the clock by which backups are old
 *
 * Manifests have the database server's time, rules of age are counted from
 * ours. A clock here that has jumped ahead makes the newest backups old, so
 * it is held against others before anything is removed by it.
 */
#ifndef RUNG_COMMAND_BACKUP_PRUNE_CLOCK_H
#define RUNG_COMMAND_BACKUP_PRUNE_CLOCK_H

#include "command/backup/backup_log.h"

/*
 * Refuses (storage) where the newest backup is of the future, or the clock of
 * the database server or of the store says another time. Where neither can be
 * asked that is a warning. `made_s` is when the newest backup was made, 0 for none.
 */
MUST_USE bool prune_clock_check(struct backup_context *backups, const struct backup_log *backup_log,
                                int64_t made_s, struct error *err);

#endif
