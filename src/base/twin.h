/*
 * twin.h - a second pair of hands
 *
 * A row of equal tasks is shared with one other thread: each takes the next
 * one that nobody has taken. Where no thread can be had, or the other one is
 * late, the caller does them all, so nothing here fails.
 */
#ifndef RUNG_BASE_TWIN_H
#define RUNG_BASE_TWIN_H

#include <stddef.h>

#include "base/scope.h"

struct twin;

struct twin *twin_open(void);
void twin_close(struct twin **twin);

/* Calls `task` with every index below `count`, in no order, and returns when all have returned. */
void twin_share(struct twin *twin, void (*task)(void *context, size_t index), void *context, size_t count);

#endif
