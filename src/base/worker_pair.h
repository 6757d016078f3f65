/*
 * worker_pair.h - a second pair of hands
 *
 * A row of equal tasks is shared with one other thread: each takes the next
 * one that nobody has taken. Where no thread can be had, or the other one is
 * late, the caller does them all, so nothing here fails.
 */
#ifndef RUNG_BASE_WORKER_PAIR_H
#define RUNG_BASE_WORKER_PAIR_H

#include <stddef.h>

#include "base/scope.h"

struct worker_pair;

struct worker_pair *worker_pair_open(void);
void worker_pair_close(struct worker_pair **workers);

/* Calls `task` with every index below `count`, in no order, and returns when all have returned. */
void worker_pair_share(struct worker_pair *workers, void (*task)(void *context, size_t index), void *context,
                       size_t count);

#endif
