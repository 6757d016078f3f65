/*
 * holders.h - who holds a lock that a file's statements would wait for
 *
 * Reads the answer of holders.sql, oldest transaction first; asks nothing itself.
 */
#ifndef RUNG_APPLY_LOCK_HOLDERS_H
#define RUNG_APPLY_LOCK_HOLDERS_H

#include "apply/lock/blocker.h"
#include "pg/query.h"
#include "sql/parse.h"

/* Row of the oldest transaction that is in the way, or the count of rows. */
size_t holders_find_blocker(const struct lock_target_list *targets, const struct rows *holders);

/* For people: "pid 7 (user app, ...) holds AccessShareLock on "users"". */
char *holders_describe(const struct rows *holders, size_t row, bool shows_query, struct arena *arena);
const char *holders_pid_text(const struct rows *holders, size_t row);

/* Its texts live as long as the rows. */
struct blocker holders_blocker(const struct rows *holders, size_t row);

/* A worker of autovacuum gives way to who has waited so long; -1 for others, which never do. */
int64_t holders_yield_after_ms(const struct rows *holders, size_t row);

#endif
