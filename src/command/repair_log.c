/*
 * The log is not repaired: what was changed stays as it is and stays visible, and anyone who reads it later
 * finds the row that says who accepted it, when and what it was. What is accepted was looked at by a person
 * before the lock was ours, so it must be the same under the lock.
 *
 * A migration that is missing gets a row with the checksum that the history has. The checksum of its
 * rollback comes from the file: with what the database keeps, SQL of a stranger's would be made trusted.
 */
#include "command/repair_log.h"

#include <string.h>

#include "base/buffer.h"
#include "command/database/database.h"
#include "command/run/history_edit.h"
#include "command/database/log_chain.h"
#include "command/run/question.h"
#include "history/accepted_log.h"

struct accepting {
	struct context *context;
	struct log_chain asked; /* what the person saw */
};

static bool load(struct context *context, struct log_chain *out, struct error *err)
{
	scoped_session struct session *db = NULL;
	struct qualified_name table;

	if (!database_history_table(context, &table, err) || !database_open(context, &db, err) ||
	    !session_begin(db, "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'", err))
		return false;
	/* Nothing was ever applied, or the error is another. */
	return log_chain_load(db, &table, NULL, context->arena, out, err) || strcmp(err->sqlstate, "42P01") == 0;
}

static bool are_equal(const struct log_chain *a, const struct log_chain *b)
{
	if (a->count != b->count || a->missing_count != b->missing_count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->broken[i].id != b->broken[i].id)
			return false;
	for (size_t i = 0; i < a->missing_count; i++)
		if (a->missing_numbers[i] != b->missing_numbers[i])
			return false;
	return true;
}

static const struct record *find_record(const struct history *history, int64_t version)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].version == version)
			return &history->records[i];
	return NULL;
}

static bool add_missing(const struct migrate_options *run_options, struct locked_history *locked,
                        const struct accepting *accepting, int64_t version, struct error *err)
{
	const struct record *record = find_record(&locked->history, version);
	const struct migration *migration = tree_find_number(&accepting->context->tree, version);
	struct record_values facts = {0};
	const bool is_same =
	    record && migration && record->checksum && strcmp(record->checksum, migration->checksum) == 0;

	if (is_same && !history_edit_values(migration, locked->arena, &facts, err))
		return false;
	facts.version = version;
	facts.name = record ? record->name : NULL;
	facts.checksum = record ? record->checksum : NULL;
	return history_edit_log(run_options, locked, "repair", &facts, err);
}

/* "rows 2, 3 and 9 did not fit; it lacked 04_a": in the log itself, so no longer than a person reads. */
static const char *what_was_wrong(const struct log_chain *chain, struct arena *arena)
{
	enum { SHOWN = 20 };
	struct buffer text = {.arena = arena};

	if (chain->gone)
		buffer_text(&text, "its table was gone; ");
	for (size_t i = 0; i < chain->count && i < SHOWN; i++)
		buffer_printf(&text, "%s%lld", i ? ", " : "rows that do not fit: ", (long long)chain->broken[i].id);
	if (chain->count > SHOWN)
		buffer_printf(&text, " and %zu more", chain->count - SHOWN);
	for (size_t i = 0; i < chain->missing_count && i < SHOWN; i++)
		buffer_printf(&text, "%s%s", i ? ", " : chain->count ? "; lacked: " : "lacked: ", chain->missing[i]);
	if (chain->missing_count > SHOWN)
		buffer_printf(&text, " and %zu more", chain->missing_count - SHOWN);
	return buffer_cstr(&text);
}

static bool add_acceptance(const struct migrate_options *run_options, struct locked_history *locked,
                           const struct log_chain *asked, struct error *err)
{
	struct accepted_log now;

	if (!accepted_log_load(locked->db, &run_options->history, locked->arena, &now, err))
		return false;
	const struct log_entry entry = {
	    .action = "accept-log",
	    .outcome = "done",
	    .checksum = now.digest,
	    .error = what_was_wrong(asked, locked->arena),
	};
	const struct request request =
	    history_log(&run_options->history, &run_options->author, &entry, COMMIT_AS_CONFIGURED, locked->arena);

	return request_run(locked->db, &request, err);
}

/* A log that was gone has been made anew by now, and is empty. */
static bool accept_under_lock(const struct migrate_options *run_options, struct locked_history *locked,
                              void *context, struct error *err)
{
	const struct accepting *accepting = context;
	struct log_chain chain;

	if (!log_chain_load(locked->db, &run_options->history, NULL, locked->arena, &chain, err))
		return false;
	if (!are_equal(&chain, &accepting->asked))
		return error_set(err, ERROR_FOUND, "the log was written to in the meantime; run it again");
	for (size_t i = 0; i < chain.missing_count; i++)
		if (!add_missing(run_options, locked, accepting, chain.missing_numbers[i], err))
			return false;
	return add_acceptance(run_options, locked, &accepting->asked, err);
}

static bool confirm(struct context *context, struct error *err)
{
	struct arena *arena = context->arena;
	const char *where = database_meant(context);

	return question_settle(context, arena_printf(arena, "accepting the log of %s as it is", where),
	                       arena_printf(arena, "Accept the log of %s as it is?", where), NULL,
	                       "What was changed or removed is not brought back; --force accepts it.", err);
}

bool repair_log(struct context *context, struct error *err)
{
	struct accepting accepting = {.context = context};
	struct migrate_options run_options;

	if (!migrate_options_from_context(context, DIRECTION_UP, &run_options, err) ||
	    !load(context, &accepting.asked, err))
		return false;
	if (log_chain_findings(&accepting.asked) == 0) {
		history_edit_say(context, "nothing to repair: the log is intact", 0);
		return true;
	}
	log_chain_emit(&accepting.asked, context);
	if (!confirm(context, err) || !history_edit_reach(&run_options, accept_under_lock, &accepting, err))
		return false;
	history_edit_say(context, "the log is accepted as it is, and a row in it records that", 1);
	return true;
}
