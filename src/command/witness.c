#include "command/witness.h"

#include <string.h>

#include "history/store.h"

/* Down to the newest migration that is whole: the way back from half of one counts as well. */
static void read_ways_back(const struct history *history, struct arena *arena, struct witness *out)
{
	for (size_t i = history->count; i-- > 0;) {
		const struct record *record = &history->records[i];

		if (record->backup)
			*ARENA_PUSH(arena, out->ways_back, out->way_count) = record->backup;
		if (record->state == RECORD_APPLIED)
			return;
	}
}

static bool ask(struct context *context, struct witness *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;
	struct history history;
	struct server_facts facts;

	if (!database_history_table(context, &table, err) || !database_open(context, &db, err) ||
	    !history_load(db, &table, context->arena, &history, &facts, err))
		return false;
	read_ways_back(&history, context->arena, out);
	return true;
}

void witness_ask(struct context *context, struct witness *out)
{
	struct error why;

	*out = (struct witness){0};
	if (!context->database)
		return;
	out->was_asked = ask(context, out, &why);
	if (!out->was_asked)
		event_debug(context->reporter, "the database is not asked about its backups: %s", why.message);
}

bool witness_needs(const struct witness *witness, const char *id)
{
	for (size_t i = 0; i < witness->way_count; i++)
		if (strcmp(witness->ways_back[i], id) == 0)
			return true;
	return false;
}
