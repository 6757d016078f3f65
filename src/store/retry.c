/*
 * Full jitter: any time from none to a limit that doubles, so that clients which were refused together do
 * not come back together. What a server asks for in Retry-After is a least and not a most, and bounded, as
 * it is a stranger's number.
 *
 * A wait is cut into slices because there are two reasons to end it, a signal to us and http_stop() from
 * another thread, and only the first has a descriptor here.
 */
#include "store/retry.h"

#include <poll.h>
#include <string.h>

#include "base/clock.h"

enum { SLICE_MS = 100 }; /* how long http_stop() may go unnoticed */

/*
 * 501 is no fault of the moment: the server does not know what was asked for, and will not learn it by the
 * next try.
 */
bool retry_is_due(const struct http_answer *answer)
{
	if (answer->status == 0 || answer->trouble)
		return !answer->is_hopeless;
	return answer->status == 408 || answer->status == 429 || (answer->status >= 500 && answer->status != 501);
}

/* Seconds; a date is not worth reading. */
static int64_t asked_for_ms(const struct http_answer *answer)
{
	const char *after = http_header_find(&answer->headers, "retry-after");
	unsigned long long seconds = 0;

	if (!after || !str_to_number(str_of(after), 1000000, &seconds))
		return 0;
	return seconds * 1000 > RETRY_LONGEST_AFTER_MS ? RETRY_LONGEST_AFTER_MS : (int64_t)seconds * 1000;
}

int64_t retry_wait_ms(int tries, int64_t first_ms, const struct http_answer *answer)
{
	int64_t limit = first_ms ? first_ms : RETRY_FIRST_MS;
	const int64_t asked = asked_for_ms(answer);

	for (int i = 1; i < tries && limit < RETRY_LONGEST_MS; i++)
		limit *= 2;
	if (limit > RETRY_LONGEST_MS)
		limit = RETRY_LONGEST_MS;
	const int64_t wait = clock_jitter_ms(limit) - limit / 2; /* from 0 to the limit */
	return wait > asked ? wait : asked;
}

const char *retry_task(const char *method, const char *place, struct arena *arena)
{
	static const struct {
		const char *method;
		const char *noun;
	} rows[] = {{"PUT", "upload"}, {"POST", "upload"}, {"GET", "download"}, {"DELETE", "removal"}};
	const char *noun = "look";

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(method, rows[i].method) == 0)
			noun = rows[i].noun;
	return arena_printf(arena, "%s of \"%s\"", noun, place);
}

void retry_say(struct reporter *reporter, const char *task, const struct http_answer *answer,
               const char *code, int tries, int64_t wait_ms)
{
	scoped_arena struct arena arena = {0};
	const char *why = answer->trouble ? answer->trouble
	                  : *code         ? arena_printf(&arena, "%d %s", answer->status, code)
	                                  : arena_printf(&arena, "HTTP %d", answer->status);

	event_note(reporter, "%s: %s, trying again in %s (%d of %d)", task, why, duration_text(&arena, wait_ms),
	           tries + 1, RETRY_MOST_TRIES);
}

/*
 * Last words after a failure are waited for with poll(): clock_sleep_ms() knows that we were asked to stop
 * and would end the wait, and with it the word that is still to be said.
 */
bool retry_wait(const struct http *http, int64_t ms, bool last_word)
{
	const int64_t until = clock_now_ms() + ms;

	for (int64_t left; (left = until - clock_now_ms()) > 0;) {
		const int64_t slice = left < SLICE_MS ? left : SLICE_MS;

		if (http_is_stopped(http))
			return false;
		if (last_word)
			poll(NULL, 0, (int)slice);
		else if (!clock_sleep_ms(slice))
			return false;
	}
	return true;
}
