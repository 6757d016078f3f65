/*
 * retry.h - when to ask a server again, and how long to wait before
 */
#ifndef RUNG_STORE_RETRY_H
#define RUNG_STORE_RETRY_H

#include "report/event.h"
#include "store/store_http.h"

enum {
	RETRY_MOST_TRIES = 6,
	RETRY_FIRST_MS = 500,
	RETRY_LONGEST_MS = 20 * 1000,
	RETRY_LONGEST_AFTER_MS = 5 * 60 * 1000, /* of what a server asks for in Retry-After */
};

/* No answer, or one that says "later" by its status. */
bool retry_is_due(const struct http_answer *answer);

/*
 * Before try number `tries` + 1: any time up to a limit that doubles ("full
 * jitter"), so that many clients do not return together; what the server asks
 * for, when that is longer. `first_ms` is the first limit, 0 for half a second.
 */
int64_t retry_wait_ms(int tries, int64_t first_ms, const struct http_answer *answer);

/* What is tried, in words: "upload of \"s3://bucket/a\"". */
const char *retry_task(const char *method, const char *place, struct arena *arena);

/*
 * Tells who waits: "upload of part 3: 503 SlowDown, trying again in 2 s (2 of
 * 6)". `code` is the server's word for it, or "".
 */
void retry_say(struct reporter *reporter, const char *task, const struct http_answer *answer,
               const char *code, int tries, int64_t wait_ms);

/* Waits on behalf of `http`; false when we were asked to stop, unless it is a `last_word`. */
bool retry_wait(const struct http *http, int64_t ms, bool last_word);

#endif
