#include "command/backup/prune_clock.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

enum { MOST_APART_S = 60 * 60 };

static bool refuse(const struct context *context, const char *whose, int64_t ahead_s, struct error *err)
{
	error_set(err, ERROR_STORAGE, "%s is %s %s the clock here, which says %s; nothing is removed", whose,
	          duration_text(context->arena, llabs(ahead_s) * 1000), ahead_s < 0 ? "behind" : "ahead of",
	          clock_timestamp(context->arena));
	return error_hint(err, "The age of backups depends on it: correct the wrong clock. If the clock here is "
	                       "right, add --despite-clock.");
}

bool prune_clock_check(struct backup_context *backups, const struct backup_log *backup_log, int64_t made_s,
                       struct error *err)
{
	const struct context *context = backups->context;
	int64_t store_ahead_s = 0;
	const bool store_knows = store_clock(backups->store, &store_ahead_s);
	const int64_t made_ahead_s = made_s ? made_s - (int64_t)time(NULL) : 0;

	if (backup_log->was_asked && llabs(backup_log->clock_ahead_s) > MOST_APART_S)
		return refuse(context, "the clock of the database server", backup_log->clock_ahead_s, err);
	if (store_knows && llabs(store_ahead_s) > MOST_APART_S)
		return refuse(context, "the clock of the store", store_ahead_s, err);
	if (made_ahead_s > MOST_APART_S)
		return refuse(context, "the newest backup", made_ahead_s, err);
	if (!backup_log->was_asked && !store_knows)
		event_warning(context->reporter, "the age of backups depends on the clock here, which cannot be "
		                                 "checked: the database cannot be asked");
	return true;
}
