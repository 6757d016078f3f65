/*
 * A fold changes the record and nothing else, so it needs no step of its own: like the tables that are
 * missing it is put in order under the lock, before the plan is run, whatever the plan is. The log gets one
 * entry; what was applied one by one is told by the entries it holds already.
 *
 * What is kept of the schema stays true, as nothing of the schema changes: else a fold would look like a run
 * that accepted what was changed by hand.
 */
#include "apply/run_internal.h"
#include "base/buffer.h"
#include "base/number_text.h"
#include "history/kept_catalog.h"
#include "plan/folding.h"

bool run_needs_folding(const struct run *run, const struct history *history)
{
	scoped_arena struct arena arena = {0};
	struct folding_list foldings;

	foldings_find(run->options->tree, history, &arena, &foldings);
	for (size_t i = 0; i < foldings.count; i++)
		if (foldings.items[i].folded)
			return !run->facts.is_read_only;
	return false;
}

static const char *versions_of(const struct folding *folding, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < folding->count; i++)
		buffer_printf(&text, "%s%lld", i ? "," : "{", (long long)folding->records[i]->version);
	buffer_char(&text, '}');
	return buffer_cstr(&text);
}

bool run_fold_requests(const struct run *run, const struct folding *folding, struct arena *arena,
                       struct request out[FOLD_REQUESTS], struct error *err)
{
	const struct migration *migration = folding->migration;
	const struct qualified_name *table = &run->options->history;
	struct kept_rollback kept_rollback;

	if (!rollback_to_keep_load(migration, NULL, arena, &kept_rollback, err))
		return false;
	const struct log_entry entry = {.action = "fold",
	                                .outcome = "done",
	                                .version = migration->number,
	                                .name = migration->name,
	                                .checksum = migration->checksum,
	                                .rollback_checksum = kept_rollback.checksum};
	out[0] = kept_catalog_mark(table, arena);
	out[1] =
	    request_make(table, SQL_history_fold,
	                 PARAMS(versions_of(folding, arena), number_text(arena, (int64_t)folding->count),
	                        number_text(arena, migration->number), migration->description, migration->name,
	                        migration->checksum, kept_rollback.sql, kept_rollback.checksum),
	                 arena);
	out[2] = history_log(table, &run->author, &entry, COMMIT_DURABLE, arena);
	out[3] = kept_catalog_follow(table, arena);
	return true;
}

static bool fold(struct run *run, const struct folding *folding, struct arena *arena, struct error *err)
{
	struct request requests[FOLD_REQUESTS];

	if (!run_fold_requests(run, folding, arena, requests, err))
		return false;
	for (size_t i = 0; i < FOLD_REQUESTS; i++)
		if (!request_run(run->db, &requests[i], err))
			return error_context(err, "while folding the records of \"%s\"", folding->migration->name);
	return true;
}

static bool fold_all(struct run *run, const struct folding_list *foldings, struct arena *arena,
                     struct error *err)
{
	for (size_t i = 0; i < foldings->count; i++)
		if (foldings->items[i].folded && !fold(run, &foldings->items[i], arena, err))
			return false;
	return true;
}

static void tell(const struct run *run, const struct folding_list *foldings, const char *what)
{
	for (size_t i = 0; i < foldings->count; i++)
		if (foldings->items[i].folded)
			event_note(run->options->reporter, "%s the records of %zu migrations into \"%s\"", what,
			           foldings->items[i].count, foldings->items[i].migration->name);
}

bool run_fold(struct run *run, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const bool is_inside = session_transaction(run->db) == SESSION_IN_TRANSACTION;
	struct folding_list foldings;

	if (!run_needs_folding(run, history))
		return true;
	foldings_find(run->options->tree, history, &arena, &foldings);
	if ((!is_inside && !execute(run->db, "BEGIN READ WRITE", NO_PARAMS, err)) ||
	    !fold_all(run, &foldings, &arena, err) ||
	    (!is_inside && !execute(run->db, "COMMIT", NO_PARAMS, err))) {
		session_rollback(run->db);
		return false;
	}
	tell(run, &foldings, "folded");
	return true;
}

void run_say_folding(const struct run *run, const struct history *history)
{
	scoped_arena struct arena arena = {0};
	struct folding_list foldings;

	foldings_find(run->options->tree, history, &arena, &foldings);
	tell(run, &foldings, "would fold");
}

struct history run_folded(const struct run *run, const struct history *history, struct arena *arena)
{
	struct folding_list foldings;

	foldings_find(run->options->tree, history, arena, &foldings);
	return folded_history(history, &foldings, arena);
}
