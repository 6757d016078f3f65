/*
 * retention.h - which backups may go
 *
 * Pure: from what there is and the rules to a verdict for each. Whatever one
 * rule keeps is kept. Only backups that can be relied on count, and only they
 * are removed: of a stranger's file nobody knows what it is worth.
 */
#ifndef RUNG_BACKUP_RETENTION_H
#define RUNG_BACKUP_RETENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct retention_rules {
	int64_t now_s;
	int64_t keep_within_s; /* -1 for none; the numbers below are 0 for none */
	int keep_last;
	int keep_daily; /* the newest of each of the last so many days that have one */
	int keep_weekly;
	int keep_monthly;
	int min_keep; /* never fewer than this */
};

enum verdict {
	VERDICT_REMOVE,
	VERDICT_LAST,
	VERDICT_WITHIN,
	VERDICT_DAILY,
	VERDICT_WEEKLY,
	VERDICT_MONTHLY,
	VERDICT_KEEP_UNTIL, /* its manifest says so */
	VERDICT_ROLLBACK,   /* the way back from the newest migration */
	VERDICT_LEAST,      /* fewer would be too few */
	VERDICT_STRANGE,    /* cannot be relied on: left alone */
};

struct retained {
	int64_t made_s;
	int64_t keep_until_s; /* 0 for none */
	bool is_reliable;
	bool is_rollback_point;
	enum verdict verdict; /* filled in */
};

/* `items` are in the order they were made. */
void retention_decide(const struct retention_rules *rules, struct retained *items, size_t count);

const char *verdict_name(enum verdict verdict);

#endif
