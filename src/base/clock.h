/*
 * clock.h - time: how long things take, and waiting without being deaf
 */
#ifndef RUNG_BASE_CLOCK_H
#define RUNG_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* Milliseconds that only ever grow; the zero point means nothing. */
int64_t clock_now_ms(void);

/* "840 ms", "3.2 s", "4 min 10 s", "2 h 5 min". */
char *duration_text(struct arena *arena, int64_t ms);

/* Reads "250ms", "2s", "10min", "1h", "3d" or a bare number of milliseconds; false otherwise. */
bool duration_parse(const char *text, int64_t *ms);

/* `ms` plus or minus up to half of it, so that many who wait do not wake together. */
int64_t clock_jitter_ms(int64_t ms);

/* Sleeps, but wakes at once and returns false when we were asked to stop (interrupt.h). */
bool clock_sleep_ms(int64_t ms);

/* "2026-11-20T23:15:00Z", now. */
char *clock_timestamp(struct arena *arena);

/* A moment in ISO 8601 as people read it: to the second, "2026-11-20 23:15:00+00". NULL stays NULL. */
const char *moment_shown(const char *moment, struct arena *arena);

#endif
