/*
 * retention.h - which backups may go
 *
 * Pure: from what there is and the rules to a verdict for each. Whatever one
 * rule keeps is kept. Only backups that can be relied on count, and only they
 * are removed: of a stranger's file nobody knows what it is worth, and what it
 * says of itself changes nothing for the others.
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
	VERDICT_ROLLBACK,   /* made before the newest migration */
	VERDICT_LEAST,      /* fewer would be too few */
	VERDICT_STRANGE,    /* cannot be relied on: left alone */
};

struct retained {
	int64_t made_s;
	int64_t began;        /* backup_id_began() of its id */
	int64_t keep_until_s; /* 0 for none */
	int64_t head;         /* the newest migration in it */
	bool is_reliable;
	bool is_good_run; /* its run came to a good end: a reliable one, or any while no key is trusted */
	bool is_before_migration;
	bool is_named;        /* by the database's history, as made before its newest migration */
	enum verdict verdict; /* filled in */
	enum verdict beside;  /* the first other rule that keeps one of these; VERDICT_REMOVE for none */
};

/*
 * `items` are in the order they were made. Made before the newest migration are the backup that the
 * history names, and the newest that was made before a migration. Where the
 * history names none of them, that newest one may be of an attempt that
 * failed: then the newest that lacks what a later one has is kept as well.
 */
void retention_decide(const struct retention_rules *rules, struct retained *items, size_t count);

/* --- what made no backup ---------------------------------------------- */

/* What lies around of a run that failed, was killed, or is still at it. */
struct stray {
	const char *key;
	int64_t began;
	bool has_failed; /* the mark of it */
};

/* The first that is not older than every good run: nothing may be removed then. NULL for none. */
const struct stray *retention_obstacle(const struct retained *items, size_t count, const struct stray *strays,
                                       size_t stray_count);

/* Whether it may be removed: what is not older may be somebody's work, but for the mark of a failure. */
bool retention_is_leftover(const struct retained *items, size_t count, const struct stray *stray);

const char *verdict_name(enum verdict verdict);

#endif
