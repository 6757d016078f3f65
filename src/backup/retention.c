/*
 * Pure, so that a model can run it on random stores (tests/unit/backup/retention.c). Two properties carry
 * it: a rule only ever keeps, never removes, so rules can be added without looking at the others; and
 * what cannot be relied on neither counts nor goes, so a file that a stranger puts into the store changes
 * nothing for the rest.
 *
 * The order is part of the result, because the first rule that keeps a backup is the one that is told.
 * Backups from before the newest migration are first: for those the reader wants to know what else keeps them
 * (`beside`). keep_enough() is last, since it counts what the others left.
 *
 * Days, weeks and months are those of UTC: a machine with another time zone must come to the same
 * verdict.
 */
#include "backup/retention.h"

#include <time.h>

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
	    [VERDICT_REMOVE] = "remove",         [VERDICT_LAST] = "last",
	    [VERDICT_WITHIN] = "recent",         [VERDICT_DAILY] = "daily",
	    [VERDICT_WEEKLY] = "weekly",         [VERDICT_MONTHLY] = "monthly",
	    [VERDICT_KEEP_UNTIL] = "keep until", [VERDICT_ROLLBACK] = "rollback point",
	    [VERDICT_LEAST] = "too few",         [VERDICT_STRANGE] = "left alone",
	};

	return names[verdict];
}

/* --- periods ---------------------------------------------------------- */

static int64_t day_of(int64_t made_s)
{
	return made_s / 86400;
}

/* From Monday: the first day of all was a Thursday. */
static int64_t week_of(int64_t made_s)
{
	return (day_of(made_s) + 3) / 7;
}

static int64_t month_of(int64_t made_s)
{
	const time_t time = (time_t)made_s;
	struct tm tm;

	gmtime_r(&time, &tm);
	return (int64_t)tm.tm_year * 12 + tm.tm_mon;
}

/* --- the rules -------------------------------------------------------- */

static void keep(struct retained *item, enum verdict verdict)
{
	if (item->verdict == VERDICT_REMOVE)
		item->verdict = verdict;
	else if (item->verdict == VERDICT_ROLLBACK && verdict != VERDICT_ROLLBACK &&
	         item->beside == VERDICT_REMOVE)
		item->beside = verdict;
}

static void keep_last(struct retained *items, size_t count, int wanted, enum verdict verdict)
{
	for (size_t i = count; i-- > 0 && wanted > 0;)
		if (items[i].is_reliable) {
			keep(&items[i], verdict);
			wanted--;
		}
}

/* The newest of each period, going back. */
static void keep_periods(struct retained *items, size_t count, int wanted, int64_t (*period_of)(int64_t),
                         enum verdict verdict)
{
	int64_t last = INT64_MAX;

	for (size_t i = count; i-- > 0 && wanted > 0;) {
		const int64_t period = period_of(items[i].made_s);

		if (!items[i].is_reliable || period >= last)
			continue;
		keep(&items[i], verdict);
		last = period;
		wanted--;
	}
}

static void keep_marked(const struct retention_rules *rules, struct retained *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (items[i].keep_until_s > rules->now_s)
			keep(&items[i], VERDICT_KEEP_UNTIL);
		if (rules->keep_within_s >= 0 && items[i].made_s >= rules->now_s - rules->keep_within_s)
			keep(&items[i], VERDICT_WITHIN);
	}
}

static bool keep_named(struct retained *items, size_t count)
{
	bool has_any = false;

	for (size_t i = 0; i < count; i++)
		if (items[i].is_reliable && items[i].is_named) {
			keep(&items[i], VERDICT_ROLLBACK);
			has_any = true;
		}
	return has_any;
}

/* The newest from before a migration that lacks migration `head`. */
static void keep_newest_before(struct retained *items, size_t count, int64_t head)
{
	for (size_t i = count; i-- > 0;)
		if (items[i].is_reliable && items[i].is_before_migration && items[i].head < head) {
			keep(&items[i], VERDICT_ROLLBACK);
			return;
		}
}

static int64_t largest_head(const struct retained *items, size_t count)
{
	int64_t largest = INT64_MIN;

	for (size_t i = 0; i < count; i++)
		if (items[i].is_reliable && items[i].head > largest)
			largest = items[i].head;
	return largest;
}

static void keep_ways_back(struct retained *items, size_t count)
{
	keep_newest_before(items, count, INT64_MAX);
	if (!keep_named(items, count))
		keep_newest_before(items, count, largest_head(items, count));
}

/* The newest of those that would go stay, until there are enough. */
static void keep_enough(struct retained *items, size_t count, int min_keep)
{
	for (size_t i = 0; i < count; i++)
		min_keep -= items[i].verdict != VERDICT_REMOVE && items[i].verdict != VERDICT_STRANGE;
	for (size_t i = count; i-- > 0 && min_keep > 0;)
		if (items[i].verdict == VERDICT_REMOVE) {
			items[i].verdict = VERDICT_LEAST;
			min_keep--;
		}
}

void retention_decide(const struct retention_rules *rules, struct retained *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		items[i].beside = VERDICT_REMOVE;
	for (size_t i = 0; i < count; i++)
		items[i].verdict = items[i].is_reliable ? VERDICT_REMOVE : VERDICT_STRANGE;
	keep_ways_back(items, count);
	keep_marked(rules, items, count);
	keep_last(items, count, rules->keep_last, VERDICT_LAST);
	keep_periods(items, count, rules->keep_daily, day_of, VERDICT_DAILY);
	keep_periods(items, count, rules->keep_weekly, week_of, VERDICT_WEEKLY);
	keep_periods(items, count, rules->keep_monthly, month_of, VERDICT_MONTHLY);
	keep_enough(items, count, rules->min_keep);
}

/* --- what made no backup ---------------------------------------------- */

/* Strictly older: in the same second nobody can tell which of the two was first. */
static bool is_older_than_a_good_run(const struct retained *items, size_t count, const struct stray *stray)
{
	for (size_t i = count; i-- > 0;)
		if (items[i].is_good_run && stray->began < items[i].began)
			return true;
	return false;
}

const struct stray *retention_obstacle(const struct retained *items, size_t count, const struct stray *strays,
                                       size_t stray_count)
{
	for (size_t i = 0; i < stray_count; i++)
		if (!is_older_than_a_good_run(items, count, &strays[i]))
			return &strays[i];
	return NULL;
}

bool retention_is_leftover(const struct retained *items, size_t count, const struct stray *stray)
{
	return stray->has_failed || is_older_than_a_good_run(items, count, stray);
}
