/*
 * Durations are measured on the monotonic clock, which nobody sets; clock_timestamp() is for people and
 * records. A wait is a poll() on the descriptor that a signal makes readable (interrupt.h) and leaves so: a
 * sleep() would be woken only by a signal that comes during it, not by one that comes just before. What is
 * left is reckoned anew after each poll(), since that takes an int and may end early.
 *
 * The units are those of PostgreSQL's settings (ms, s, min, h, d; a bare number is milliseconds), and "m".
 * Fractions are read too, as PostgreSQL 12 and later do ("1.5s"), hence the double. strtod() takes its
 * decimal point from LC_NUMERIC, which the program leaves at "C".
 */
#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/interrupt.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

int64_t clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000000;
}

char *duration_text(struct arena *arena, int64_t ms)
{
	if (ms < SECOND)
		return arena_printf(arena, "%d ms", (int)ms);
	if (ms < MINUTE)
		return arena_printf(arena, "%d.%d s", (int)(ms / SECOND), (int)(ms % SECOND / 100));
	if (ms < HOUR)
		return arena_printf(arena, "%d min %d s", (int)(ms / MINUTE), (int)(ms % MINUTE / SECOND));
	return arena_printf(arena, "%lld h %d min", (long long)(ms / HOUR), (int)(ms % HOUR / MINUTE));
}

bool duration_parse(const char *text, int64_t *ms)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"ms", 1}, {"", 1}, {"s", SECOND}, {"m", MINUTE}, {"min", MINUTE}, {"h", HOUR}, {"d", DAY}};
	char *unit;

	if (!char_is_digit(text[0]))
		return false;
	errno = 0;
	const double number = strtod(text, &unit);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(unit, units[i].name) != 0)
			continue;
		const double total = number * (double)units[i].ms;
		if (errno || total > (double)INT32_MAX * SECOND)
			return false;
		*ms = (int64_t)total;
		return true;
	}
	return false;
}

/*
 * From getrandom(), as rand() would need a seed that differs between processes that start in the same
 * second. Without any (early in a boot) all wait alike, which is slower and not wrong.
 */
int64_t clock_jitter_ms(int64_t ms)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0 || ms <= 0)
		return ms;
	return ms / 2 + (int64_t)(random % (uint64_t)(ms + 1));
}

bool clock_sleep_ms(int64_t ms)
{
	const int64_t until = clock_now_ms() + ms;

	while (!interrupt_requested()) {
		const int64_t left = until - clock_now_ms();
		struct pollfd wake = {.fd = interrupt_fd(), .events = POLLIN};

		if (left <= 0)
			return true;
		poll(&wake, 1, left > HOUR ? HOUR : (int)left);
	}
	return false;
}

char *clock_timestamp(struct arena *arena)
{
	const time_t now = time(NULL);
	struct tm utc;
	char text[sizeof("2026-11-20T23:15:00Z") + 32];

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return arena_strdup(arena, text);
}

const char *moment_shown(const char *moment, struct arena *arena)
{
	const char *time = moment ? strchr(moment, 'T') : NULL;

	if (!time)
		return moment;
	const char *zone = time + 1 + strspn(time + 1, "0123456789:.");
	size_t len = strlen(zone);
	if ((*zone == '+' || *zone == '-') && len > strlen(":00") &&
	    strcmp(zone + len - strlen(":00"), ":00") == 0)
		len -= strlen(":00");
	return arena_printf(arena, "%.*s %.8s%.*s", (int)(time - moment), moment, time + 1, (int)len, zone);
}
