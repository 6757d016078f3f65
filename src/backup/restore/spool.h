/*
 * spool.h - the bytes of a backup, held still
 *
 * What is restored must be what was proven, so an object is fetched once,
 * into a file without a name, as it is: encrypted. What is a file already,
 * the user's or one of a store in a directory, is read where it lies, and
 * must be the same every time.
 */
#ifndef RUNG_BACKUP_RESTORE_SPOOL_H
#define RUNG_BACKUP_RESTORE_SPOOL_H

#include "backup/backup_list.h"
#include "report/event.h"

struct spool;

/* Fetches and compares size and hash with the manifest. */
MUST_USE bool spool_fetch(struct store *store, const struct backup_entry *entry, struct reporter *reporter,
                          struct arena *arena, struct spool **out, struct error *err);
MUST_USE bool spool_open_file(const char *path, struct arena *arena, struct spool **out, struct error *err);
void spool_close(struct spool **spool);
#define scoped_spool SCOPED(spool_close)

/* Whether an opened file is what a manifest speaks of. */
MUST_USE bool spool_compare(struct spool *spool, const struct backup_entry *entry, struct reporter *reporter,
                            struct error *err);

/* Size and hash of an object, read through without keeping it. */
MUST_USE bool spool_check(struct store *store, const struct backup_entry *entry, struct reporter *reporter,
                          struct error *err);

/*
 * Pushes all of it into `into` and, when it is what was pushed before, finishes
 * that. Anyone who can write to the file may change it between proof and restore.
 */
MUST_USE bool spool_push(struct spool *spool, struct sink *into, struct error *err);

/* For the only time: nothing is kept to compare with. */
MUST_USE bool spool_push_once(struct spool *spool, struct sink *into, struct error *err);

int64_t spool_size(const struct spool *spool);

#endif
