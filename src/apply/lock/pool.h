/*
 * pool.h - is there a pooler in between, and of which kind?
 */
#ifndef RUNG_APPLY_LOCK_POOL_H
#define RUNG_APPLY_LOCK_POOL_H

#include "apply/run.h"

/*
 * A direct connection is known from the facts, at no cost. Behind a pooler
 * two connections of ours ask in turn which backend they reach: only where
 * each keeps its own does a session mean anything.
 */
MUST_USE bool pool_detect(struct run *run, struct error *err);

#endif
