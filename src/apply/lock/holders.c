/*
 * Names are compared without a search path, and a partition stands for its parent, so we may wait for
 * somebody who is not in the way, and never the other way round for what the statement names.
 */
#include "apply/lock/holders.h"

#include <string.h>

#include "base/clock.h"

/* A row of holders.sql, by column. */
enum {
	HOLDER_SCHEMA,
	HOLDER_TABLE,
	HOLDER_PARENT,
	HOLDER_MODE,
	HOLDER_PID,
	HOLDER_USER,
	HOLDER_APPLICATION,
	HOLDER_STATE,
	HOLDER_AGE_MS,
	HOLDER_QUERY,
	HOLDER_IS_AUTOVACUUM,
	HOLDER_DEADLOCK_TIMEOUT_MS,
};

/* Whether a lock of `strength` waits for somebody who holds `mode` (the server's table of conflicts). */
static bool conflicts(enum lock_strength strength, const char *mode)
{
	static const char *const harmless_to_writers_lock[] = {"AccessShareLock", "RowShareLock"};

	switch (strength) {
	case LOCK_NONE:
	case LOCK_WEAK: /* its wait blocks nobody */
		return false;
	case LOCK_STRONG_WRITES:
		for (size_t i = 0; i < 2; i++)
			if (strcmp(mode, harmless_to_writers_lock[i]) == 0)
				return false;
		return true;
	case LOCK_STRONG:
		return true;
	}
	return false;
}

static bool names_table(const struct lock_target *target, const struct rows *holders, size_t row)
{
	const char *parent = rows_text(holders, row, HOLDER_PARENT);

	if (parent && strcmp(target->name, parent) == 0)
		return true;
	return strcmp(target->name, rows_text(holders, row, HOLDER_TABLE)) == 0 &&
	       (!target->schema || strcmp(target->schema, rows_text(holders, row, HOLDER_SCHEMA)) == 0);
}

static bool is_in_the_way(const struct lock_target_list *targets, const struct rows *holders, size_t row)
{
	for (size_t i = 0; i < targets->count; i++)
		if (names_table(&targets->items[i], holders, row) &&
		    conflicts(targets->items[i].strength, rows_text(holders, row, HOLDER_MODE)))
			return true;
	return false;
}

size_t holders_find_blocker(const struct lock_target_list *targets, const struct rows *holders)
{
	size_t row = 0;

	while (row < rows_count(holders) && !is_in_the_way(targets, holders, row))
		row++;
	return row;
}

char *holders_describe(const struct rows *holders, size_t row, bool shows_query, struct arena *arena)
{
	const char *state = rows_text(holders, row, HOLDER_STATE);
	char *text = arena_printf(
	    arena, "pid %s (user %s, application \"%s\", %s, transaction open for %s) holds %s on \"%s\"",
	    rows_text(holders, row, HOLDER_PID), rows_text(holders, row, HOLDER_USER),
	    rows_text(holders, row, HOLDER_APPLICATION), state ? state : "autovacuum",
	    duration_text(arena, rows_number(holders, row, HOLDER_AGE_MS)), rows_text(holders, row, HOLDER_MODE),
	    rows_text(holders, row, HOLDER_TABLE));

	if (shows_query)
		text = arena_printf(arena, "%s: %s", text, rows_text(holders, row, HOLDER_QUERY));
	return text;
}

const char *holders_pid_text(const struct rows *holders, size_t row)
{
	return rows_text(holders, row, HOLDER_PID);
}

struct blocker holders_blocker(const struct rows *holders, size_t row)
{
	return (struct blocker){
	    .pid = (int)rows_number(holders, row, HOLDER_PID),
	    .state = rows_text(holders, row, HOLDER_STATE),
	    .age_ms = rows_number(holders, row, HOLDER_AGE_MS),
	};
}

int64_t holders_yield_after_ms(const struct rows *holders, size_t row)
{
	return rows_flag(holders, row, HOLDER_IS_AUTOVACUUM)
	           ? rows_number(holders, row, HOLDER_DEADLOCK_TIMEOUT_MS)
	           : -1;
}
