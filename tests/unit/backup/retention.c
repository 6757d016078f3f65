#include "backup/retention.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

enum { DAY = 86400, MOST = 60 };

static struct retained good(int64_t made_s)
{
	return (struct retained){.made_s = made_s, .began = made_s, .is_reliable = true, .is_good_run = true};
}

static struct retained before_migration(int64_t made_s, int64_t head)
{
	struct retained item = good(made_s);

	item.is_before_migration = true;
	item.head = head;
	return item;
}

/* What anybody can put into the store. */
static struct retained forged(int64_t made_s)
{
	return (struct retained){.made_s = made_s, .began = made_s, .head = 99, .is_before_migration = true};
}

TEST(retention_keeps_the_newest_of_each_day)
{
	struct retained items[] = {good(1 * DAY + 10), good(2 * DAY + 10), good(2 * DAY + 20), good(3 * DAY)};
	const struct retention_rules rules = {.now_s = 4 * DAY, .keep_within_s = -1, .keep_daily = 2};

	retention_decide(&rules, items, 4);
	CHECK_STR(verdict_name(items[0].verdict), "remove");
	CHECK_STR(verdict_name(items[1].verdict), "remove");
	CHECK_STR(verdict_name(items[2].verdict), "daily");
	CHECK_STR(verdict_name(items[3].verdict), "daily");
}

TEST(retention_says_what_else_keeps_a_backup_from_before_the_newest_migration)
{
	struct retained items[] = {good(1 * DAY), before_migration(2 * DAY, 1), good(3 * DAY)};
	const struct retention_rules rules = {.now_s = 4 * DAY, .keep_within_s = -1, .keep_last = 2};

	retention_decide(&rules, items, 3);
	CHECK(items[0].verdict == VERDICT_REMOVE && items[0].beside == VERDICT_REMOVE);
	CHECK(items[1].verdict == VERDICT_ROLLBACK && items[1].beside == VERDICT_LAST);
	CHECK(items[2].verdict == VERDICT_LAST && items[2].beside == VERDICT_REMOVE);
}

TEST(retention_begins_weeks_on_monday)
{
	/* 1970-01-04 was a Sunday, the 5th a Monday. */
	struct retained items[] = {good(3 * DAY), good(4 * DAY)};
	const struct retention_rules rules = {.now_s = 9 * DAY, .keep_within_s = -1, .keep_weekly = 2};

	retention_decide(&rules, items, 2);
	CHECK(items[0].verdict == VERDICT_WEEKLY && items[1].verdict == VERDICT_WEEKLY);
}

TEST(retention_leaves_strangers_alone_and_does_not_count_them)
{
	struct retained items[] = {good(1 * DAY), {.made_s = 2 * DAY}, {.made_s = 3 * DAY}};
	const struct retention_rules rules = {
	    .now_s = 4 * DAY, .keep_within_s = -1, .keep_last = 1, .min_keep = 1};

	retention_decide(&rules, items, 3);
	CHECK(items[0].verdict == VERDICT_LAST);
	CHECK(items[1].verdict == VERDICT_STRANGE && items[2].verdict == VERDICT_STRANGE);
}

TEST(retention_does_not_take_a_strangers_word_for_what_came_before_the_newest_migration)
{
	struct retained items[] = {before_migration(1 * DAY, 1), good(2 * DAY), forged(3 * DAY)};
	const struct retention_rules rules = {.now_s = 4 * DAY, .keep_within_s = -1, .keep_last = 1};

	retention_decide(&rules, items, 3);
	CHECK_STR(verdict_name(items[0].verdict), "rollback point");
	CHECK_STR(verdict_name(items[1].verdict), "last");
	CHECK_STR(verdict_name(items[2].verdict), "left alone");
}

/* 2 was applied after the first, 3 failed after the second and the third. */
TEST(retention_keeps_the_backup_from_before_what_was_applied_after_attempts_that_failed)
{
	for (int has_history = 0; has_history < 2; has_history++) {
		struct retained items[] = {before_migration(1 * DAY, 0), before_migration(2 * DAY, 1),
		                           before_migration(3 * DAY, 2), before_migration(4 * DAY, 2)};
		const struct retention_rules rules = {.now_s = 5 * DAY, .keep_within_s = -1, .keep_last = 1};

		items[1].is_named = has_history;
		retention_decide(&rules, items, 4);
		CHECK_ROW(has_history, items[0].verdict == VERDICT_REMOVE);
		CHECK_ROW(has_history, items[1].verdict == VERDICT_ROLLBACK);
		CHECK_ROW(has_history, items[2].verdict == VERDICT_REMOVE);
		CHECK_ROW(has_history, items[3].verdict == VERDICT_ROLLBACK);
	}
}

TEST(retention_removes_nothing_after_a_run_that_failed_whatever_strangers_say)
{
	const struct retained items[] = {good(1 * DAY), good(3 * DAY), forged(9 * DAY)};
	const struct stray strays[] = {{"old", 2 * DAY, false},
	                               {"old mark", 2 * DAY, true},
	                               {"same second", 3 * DAY, false},
	                               {"at work", 4 * DAY, false},
	                               {"mark", 4 * DAY, true}};

	CHECK(retention_obstacle(items, 3, strays, 2) == NULL);
	CHECK(retention_obstacle(items, 3, strays, 5) == &strays[2]);
	CHECK(retention_obstacle(items, 3, &strays[3], 2) == &strays[3]);
	CHECK(retention_obstacle(items, 3, &strays[4], 1) == &strays[4]);
	for (size_t i = 0; i < sizeof(strays) / sizeof(*strays); i++)
		CHECK_ROW(i, retention_is_leftover(items, 3, &strays[i]) == (i < 2 || i == 4));
}

/* --- against a model ---------------------------------------------------- */

static int64_t model_day(int64_t made_s)
{
	return made_s / DAY;
}

static int64_t model_week(int64_t made_s)
{
	return (made_s / DAY + 3) / 7;
}

/* By counting days, as one does on one's fingers. */
static int64_t model_month(int64_t made_s)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t days = made_s / DAY;
	int64_t month = 0;

	for (;; month++) {
		const int64_t year = 1970 + month / 12;
		const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
		const int length = lengths[month % 12] + (month % 12 == 1 && is_leap);

		if (days < length)
			return month;
		days -= length;
	}
}

/* How many reliable ones after `i` lie in the same period, or in other ones. */
static bool is_newest_of_recent_period(const struct retained *items, size_t count, size_t i, int wanted,
                                       int64_t (*period_of)(int64_t))
{
	const int64_t own = period_of(items[i].made_s);
	int periods = 0;
	int64_t seen = -1;

	for (size_t j = count; j-- > i + 1;) {
		const int64_t period = period_of(items[j].made_s);

		if (!items[j].is_reliable)
			continue;
		if (period == own)
			return false;
		periods += period != seen;
		seen = period;
	}
	return periods < wanted;
}

static int reliable_after(const struct retained *items, size_t count, size_t i)
{
	int after = 0;

	for (size_t j = i + 1; j < count; j++)
		after += items[j].is_reliable;
	return after;
}

/* Of those worth something from before a migration, none that came later lacks `head` as well. */
static bool is_newest_before(const struct retained *items, size_t count, size_t i, int64_t head)
{
	if (!items[i].is_before_migration || items[i].head >= head)
		return false;
	for (size_t j = i + 1; j < count; j++)
		if (items[j].is_reliable && items[j].is_before_migration && items[j].head < head)
			return false;
	return true;
}

static bool model_is_way_back(const struct retained *items, size_t count, size_t i)
{
	int64_t head = INT64_MIN;
	bool is_any_named = false;

	for (size_t j = 0; j < count; j++) {
		if (!items[j].is_reliable)
			continue;
		is_any_named |= items[j].is_named;
		head = items[j].head > head ? items[j].head : head;
	}
	return items[i].is_named || is_newest_before(items, count, i, INT64_MAX) ||
	       (!is_any_named && is_newest_before(items, count, i, head));
}

static bool model_keeps(const struct retention_rules *rules, const struct retained *items, size_t count,
                        size_t i)
{
	return reliable_after(items, count, i) < rules->keep_last || model_is_way_back(items, count, i) ||
	       items[i].keep_until_s > rules->now_s ||
	       (rules->keep_within_s >= 0 && rules->now_s - items[i].made_s <= rules->keep_within_s) ||
	       is_newest_of_recent_period(items, count, i, rules->keep_daily, model_day) ||
	       is_newest_of_recent_period(items, count, i, rules->keep_weekly, model_week) ||
	       is_newest_of_recent_period(items, count, i, rules->keep_monthly, model_month);
}

static int random_below(int most)
{
	return rand() % most; /* NOLINT: the same histories in every run are what is wanted */
}

/* Migrations go up, and down now and then; attempts that fail leave backups that have the same head. */
static size_t random_history(struct retained *items, int64_t *now_s)
{
	const size_t count = (size_t)random_below(MOST);
	const bool has_keys = random_below(4) != 0;
	int64_t at = 20000 * (int64_t)DAY;
	int64_t head = 0;

	for (size_t i = 0; i < count; i++) {
		at += random_below(random_below(3) ? DAY : 9 * DAY);
		head += random_below(4) ? random_below(2) : head ? -1 : 0;
		items[i] = (struct retained){
		    .made_s = at,
		    .began = at,
		    .head = head,
		    .is_reliable = random_below(5) != 0,
		    .is_before_migration = random_below(3) == 0,
		    .is_named = random_below(40) == 0,
		    .keep_until_s = random_below(10) ? 0 : at + random_below(60 * DAY),
		};
		items[i].is_good_run = items[i].is_reliable || !has_keys;
		if (!items[i].is_reliable)
			items[i].head = random_below(1000);
	}
	*now_s = at + random_below(5 * DAY);
	return count;
}

static struct retention_rules random_rules(int64_t now_s)
{
	return (struct retention_rules){
	    .now_s = now_s,
	    .keep_within_s = random_below(2) ? -1 : random_below(30 * DAY),
	    .keep_last = random_below(4),
	    .keep_daily = random_below(5),
	    .keep_weekly = random_below(4),
	    .keep_monthly = random_below(4),
	    .min_keep = random_below(6),
	};
}

static void check_history(int row, const struct retention_rules *rules, const struct retained *items,
                          size_t count)
{
	int reliable = 0;
	int kept = 0;
	bool is_removed_above = false;

	for (size_t i = 0; i < count; i++) {
		reliable += items[i].is_reliable;
		kept += items[i].is_reliable && items[i].verdict != VERDICT_REMOVE;
		CHECK_ROW(row, items[i].is_reliable == (items[i].verdict != VERDICT_STRANGE));
		if (items[i].is_reliable && items[i].verdict != VERDICT_LEAST)
			CHECK_ROW(row, (items[i].verdict != VERDICT_REMOVE) == model_keeps(rules, items, count, i));
	}
	CHECK_ROW(row, kept >= (rules->min_keep < reliable ? rules->min_keep : reliable));
	/* What is kept only because there would be too few is newer than all that goes, and makes just enough. */
	for (size_t i = count; i-- > 0;) {
		is_removed_above |= items[i].verdict == VERDICT_REMOVE;
		CHECK_ROW(row, items[i].verdict != VERDICT_LEAST || (!is_removed_above && kept <= rules->min_keep));
	}
}

/* What failed, was forged or belongs to others changes nothing for the rest, wherever it is. */
static void check_without_strangers(int row, const struct retention_rules *rules,
                                    const struct retained *items, size_t count)
{
	struct retained good_ones[MOST];
	enum verdict expected[MOST];
	size_t good_count = 0;

	for (size_t i = 0; i < count; i++)
		if (items[i].is_reliable) {
			expected[good_count] = items[i].verdict;
			good_ones[good_count++] = items[i];
		}
	retention_decide(rules, good_ones, good_count);
	for (size_t i = 0; i < good_count; i++)
		CHECK_ROW(row, good_ones[i].verdict == expected[i]);
}

/* Failed and unfinished runs before, between and after what is there. */
static size_t random_strays(struct stray *strays, const struct retained *items, size_t count)
{
	const size_t stray_count = (size_t)random_below(6);

	for (size_t i = 0; i < stray_count; i++) {
		const int64_t at = count ? items[random_below((int)count)].began : 0;

		strays[i] = (struct stray){.began = at + random_below(3) - 1, .has_failed = random_below(2)};
	}
	return stray_count;
}

static int64_t model_last_good_run(const struct retained *items, size_t count)
{
	int64_t last = INT64_MIN;

	for (size_t i = 0; i < count; i++)
		if (items[i].is_good_run)
			last = items[i].began;
	return last;
}

static void check_strays(int row, const struct retained *items, size_t count)
{
	struct stray strays[8];
	const size_t stray_count = random_strays(strays, items, count);
	const int64_t last = model_last_good_run(items, count);
	size_t first = stray_count;

	for (size_t i = stray_count; i-- > 0;) {
		const bool is_over = strays[i].began < last;

		first = is_over ? first : i;
		CHECK_ROW(row, retention_is_leftover(items, count, &strays[i]) == (is_over || strays[i].has_failed));
	}
	CHECK_ROW(row, retention_obstacle(items, count, strays, stray_count) ==
	                   (first < stray_count ? &strays[first] : NULL));
}

TEST(retention_agrees_with_a_model_on_random_histories)
{
	struct retained items[MOST];

	srand(20261120);
	for (int row = 0; row < 20000; row++) {
		int64_t now_s;
		const size_t count = random_history(items, &now_s);
		const struct retention_rules rules = random_rules(now_s);

		retention_decide(&rules, items, count);
		check_history(row, &rules, items, count);
		check_without_strangers(row, &rules, items, count);
		check_strays(row, items, count);
	}
}
