/*
 * backup_log.h - what a database remembers of its backups
 *
 * Its history names the backup that each migration's run took, its log every
 * backup that was made. A store from which somebody took the newest one away
 * looks whole by itself; the two together do not.
 */
#ifndef RUNG_COMMAND_BACKUP_BACKUP_LOG_H
#define RUNG_COMMAND_BACKUP_BACKUP_LOG_H

#include "command/backup/backup_context.h"

/* A backup as it was noted; id NULL for none. */
struct noted {
	const char *id;
	const char *sha256; /* of its manifest; NULL when only the history names it */
	int64_t sequence;   /* 0: the same */
};

struct backup_log {
	bool was_asked;        /* false: the database cannot be reached; it may be what is to be restored */
	int64_t clock_ahead_s; /* of ours, where it was asked */
	struct noted newest;
	const char **ways_back; /* ids of what was taken before the newest migration */
	size_t way_count;
};

/* A database that cannot be asked knows nothing. */
void backup_log_ask(struct context *context, struct backup_log *out);

/* Whether the history names it as made before the newest migration. */
bool backup_log_needs(const struct backup_log *backup_log, const char *id);

/* What does not fit about the newest backup: hidden, or not the one that was made. NULL when it fits. */
const char *backup_log_contradicts(const struct backup_log *backup_log, const struct backup_list *backup_list,
                                   struct arena *arena);

/* Fails with such a sentence. */
bool backup_log_refuse(const char *contradiction, struct error *err);

/* Says which backups from before the newest migration the store does not show: pruning keeps them. */
void backup_log_miss(const struct backup_log *backup_log, const struct backup_list *backup_list,
                     struct reporter *reporter);

/* --- the log ---------------------------------------------------------- */

/* Whether there is one to be read, or `to_write`. */
MUST_USE bool backup_log_has_log(struct session *db, const struct qualified_name *history, bool to_write,
                                 struct arena *arena, bool *out, struct error *err);

/* The newest in the log; `from_everywhere`: also when it is not in the configured store. */
MUST_USE bool backup_log_read_log(struct session *db, const struct qualified_name *history,
                                  bool from_everywhere, struct arena *arena, struct noted *out,
                                  struct error *err);

#endif
