/*
 * Three repairs: a file that was edited after it was applied (accept it), a migration that stopped
 * half-way (start over), a record without a file (forget it). None of them runs a statement of a
 * migration, and each writes a line to the log. A fourth is the log's own: repair_log.c.
 *
 * The last two lose something that cannot be found out again, so they need a name or an option. Without a
 * name only edited files are accepted. Starting over is asked before the lock is taken, with every
 * finished statement told: the person must have undone them.
 *
 * A record whose number no file can have ("0", "-5") was written by hand. Its number is an operand here,
 * and nothing else removes it.
 */
#include <string.h>

#include "apply/catalog_keeping.h"
#include "base/number_text.h"
#include "command/commands.h"
#include "command/database/half_done.h"
#include "command/run/history_edit.h"
#include "command/repair_log.h"
#include "command/run/question.h"
#include "history/journal.h"
#include "plan/advice.h"
#include "plan/lookup.h"

struct repairing {
	struct context *context;
	const char *only; /* as the user said it; NULL for all */
	int64_t number;   /* what it names */
	size_t changed;
};

static bool is_meant(const struct repairing *repairing, const struct record *record)
{
	return !repairing->only || repairing->number == record->version;
}

/* "0", "-5" */
static bool is_hand_written(const char *text, int64_t *number)
{
	unsigned long long digits;
	const bool is_negative = text[0] == '-';

	if (!str_to_number(str_of(text + is_negative), INT64_MAX, &digits) || (digits > 0 && !is_negative))
		return false;
	*number = -(int64_t)digits;
	return true;
}

static bool find_number(struct repairing *repairing, const struct history *history, struct error *err)
{
	struct arena *arena = repairing->context->arena;
	struct comparison comparison;
	size_t i;

	if (!repairing->only)
		return true;
	/* No migration's number, but one that is in a history written by hand. */
	if (is_hand_written(repairing->only, &repairing->number))
		return true;
	comparison_build(&repairing->context->tree, history, arena, &comparison);
	if (!lookup_entry(repairing->only, &comparison, arena, &i, err))
		return false;
	repairing->number = comparison.entries[i].number;
	return true;
}

/* The file as it is now is what was applied. */
static bool accept_file(const struct migrate_options *run_options, struct locked_history *locked,
                        const struct migration *migration, struct error *err)
{
	struct record_values facts;

	if (!history_edit_values(migration, locked->arena, &facts, err))
		return false;
	const struct request request = history_agree(&run_options->history, &facts, locked->arena);
	history_edit_claim(locked, &facts, true);
	event_note(run_options->reporter,
	           "accepting %s as it is now: nothing is run, and the database is not changed", migration->name);
	return request_run(locked->db, &request, err) &&
	       history_edit_log(run_options, locked, "repair", &facts, err);
}

/* Row and journal go; the migration is pending again and starts from its first statement. */
static bool clear_record(const struct migrate_options *run_options, struct locked_history *locked,
                         const struct record *record, const char *why, struct error *err)
{
	const struct request journal = journal_clear(&run_options->history, record->version, locked->arena);
	const struct request row = history_forget(&run_options->history, record->version, locked->arena);
	const struct record_values facts = {.version = record->version, .name = record->name};

	history_edit_claim(locked, &facts, false);
	event_note(run_options->reporter, "clearing %s from the history: %s",
	           record->name ? record->name : record->description, why);
	return request_run(locked->db, &journal, err) && request_run(locked->db, &row, err) &&
	       history_edit_log(run_options, locked, "repair", &facts, err);
}

static bool agrees(const struct record *record, const struct migration *migration)
{
	return record->checksum && strcmp(record->checksum, migration->checksum) == 0 && record->name &&
	       strcmp(record->name, migration->name) == 0;
}

/* There is nothing to accept. Asked for by name that is an error; among others it is only said. */
static bool refuse_missing(const struct repairing *repairing, const struct record *record, struct error *err)
{
	struct arena *arena = repairing->context->arena;
	const struct comparison_entry entry = {record->version, NULL, record};
	const struct advice advice = advice_on(DIFFERENCE_MISSING, &entry, NULL, arena);
	const char *name = entry_name(&entry, arena);

	if (!repairing->only) {
		event_warning(repairing->context->reporter, "%s %s. %s", name, advice.text, advice.hint);
		return true;
	}
	error_set(err, ERROR_FOUND, "migration \"%s\" %s", name, advice.text);
	return error_hint(err, "%s", advice.hint);
}

static bool repair_one(const struct migrate_options *run_options, struct locked_history *locked,
                       struct repairing *repairing, const struct record *record, struct error *err)
{
	const struct migration *migration = tree_find_number(&repairing->context->tree, record->version);
	const bool is_edited = migration && !agrees(record, migration);

	if (record->state != RECORD_APPLIED && repairing->only) {
		repairing->changed++;
		return clear_record(run_options, locked, record, "it was half-done", err);
	}
	if (!migration && option_is_given(repairing->context, "--forget")) {
		repairing->changed++;
		return clear_record(run_options, locked, record, "its file is missing", err);
	}
	if (!migration)
		return refuse_missing(repairing, record, err);
	if (!is_edited || record->state != RECORD_APPLIED)
		return true;
	repairing->changed++;
	return accept_file(run_options, locked, migration, err);
}

static bool repair_all(const struct migrate_options *run_options, struct locked_history *locked,
                       void *context, struct error *err)
{
	struct repairing *repairing = context;
	bool found = !repairing->only;

	if (!find_number(repairing, &locked->history, err))
		return false;
	for (size_t i = 0; i < locked->history.count; i++) {
		const struct record *record = &locked->history.records[i];

		if (!is_meant(repairing, record))
			continue;
		found = true;
		if (!repair_one(run_options, locked, repairing, record, err))
			return false;
	}
	if (found)
		return true;
	const struct migration *file = tree_find_number(&repairing->context->tree, repairing->number);
	if (file) {
		error_set(err, ERROR_USAGE, "cannot repair \"%s\": it is not applied", file->name);
		return error_hint(err, "Nothing of it is in the history. \"rung upgrade\" applies it.");
	}
	error_set(err, ERROR_USAGE, "the history has no migration \"%s\"", repairing->only);
	return error_hint(err, "\"rung history\" lists its migrations.");
}

/* --- starting over ---------------------------------------------------- */

/* `batch` is what a batch of it has done, in words; NULL for none. */
static bool ask(struct context *context, const char *name, const char *batch, struct error *err)
{
	struct arena *arena = context->arena;
	const char *done = batch ? arena_printf(arena, ", and %s", batch) : "";
	const char *question =
	    arena_printf(arena, "%s starts over with its first statement%s. Is all of this undone in %s?", name,
	                 done, database_meant(context));

	if (question_settle(context, arena_printf(arena, "starting %s over", name), question, NULL, NULL, err))
		return true;
	if (batch && err->kind == ERROR_USAGE)
		error_detail(err, "%s.", batch);
	return error_hint(err, "Use --force once all of this is undone; \"rung resume\" continues after the last "
	                       "finished statement instead.");
}

static const struct record *find_half_done(const struct repairing *repairing, const struct history *history)
{
	for (size_t i = 0; repairing->only && i < history->count; i++)
		if (history->records[i].state != RECORD_APPLIED && is_meant(repairing, &history->records[i]))
			return &history->records[i];
	return NULL;
}

/*
 * Before the lock is taken: nobody waits while a person thinks. What is half-done by then is looked at again.
 */
static bool confirm_start_over(struct repairing *repairing, struct error *err)
{
	struct context *context = repairing->context;
	scoped_session struct session *db = NULL;
	struct qualified_name table;
	struct history history;
	struct server_info facts;

	if (!database_history_table(context, &table, err) || !database_open(context, &db, err) ||
	    !history_load(db, &table, HISTORY_TO_SHOW, context->arena, &history, &facts, err) ||
	    !find_number(repairing, &history, err))
		return false;
	const struct record *record = find_half_done(repairing, &history);
	if (!record)
		return true;
	const struct comparison_entry entry = {record->version, tree_find_number(&context->tree, record->version),
	                                       record};
	const char *batch = NULL;
	if (!half_done_tell(context, db, &table, &entry, &batch, err))
		return false;
	session_close(&db);
	return ask(context, entry_name(&entry, context->arena), batch, err);
}

static bool check_log_alone(const struct repairing *repairing, struct error *err)
{
	if (!repairing->only && !option_is_given(repairing->context, "--forget"))
		return true;
	return error_set(err, ERROR_USAGE, "--log accepts the whole log, and repairs no migration");
}

/* --- drift ------------------------------------------------------------------ */

/* With the line in the log: both or neither. */
static bool accept_schema(const struct migrate_options *run_options, struct locked_history *locked,
                          void *context, struct error *err)
{
	const struct record_values facts = {.name = "drift"};
	struct request request;

	(void)context;
	return history_edit_log(run_options, locked, "repair", &facts, err) &&
	       catalog_keeping_read(locked->db, &run_options->history, locked->arena, &request, err) &&
	       request_run(locked->db, &request, err);
}

static bool accept_drift(struct context *context, struct error *err)
{
	struct migrate_options run_options;

	if (context->operands[0])
		return error_set(err, ERROR_USAGE,
		                 "--accept-drift is about the whole schema, not about one migration");
	if (!migrate_options_from_context(context, DIRECTION_UP, &run_options, err) ||
	    !history_edit_reach(&run_options, accept_schema, NULL, err))
		return false;
	history_edit_say(context, "the schema is kept as it is now, nothing was run", 0);
	return true;
}

static bool repair_records(struct context *context, struct error *err)
{
	struct repairing repairing = {.context = context, .only = context->operands[0]};
	struct migrate_options run_options;

	if (option_is_given(context, "--log"))
		return check_log_alone(&repairing, err) && repair_log(context, err);
	if (!migrate_verb_check_tree(context, err) ||
	    !migrate_options_from_context(context, DIRECTION_UP, &run_options, err) ||
	    (repairing.only && !confirm_start_over(&repairing, err)) ||
	    !history_edit_reach(&run_options, repair_all, &repairing, err))
		return false;
	history_edit_say(context,
	                 repairing.changed
	                     ? arena_printf(context->arena, "%zu record%s repaired, nothing was run",
	                                    repairing.changed, plural(repairing.changed))
	                     : "nothing to repair",
	                 repairing.changed);
	return true;
}

static bool cmd_repair(struct context *context, struct error *err)
{
	return option_is_given(context, "--accept-drift") ? accept_drift(context, err)
	                                                  : repair_records(context, err);
}

static const struct option_row options[] = {
    {"--accept-drift", 0, NULL, "accept the schema as it is now: what \"check\" compares with is kept anew"},
    {"--forget", 0, NULL, "remove the record of migrations whose files are missing"},
    {"--log", 0, NULL, "accept the log as it is, after \"rung log --verify\" failed"},
    {"--force", 'f', NULL, "restart a half-done migration, or accept the log, without asking"},
    {0},
};

const struct command command_repair = {
    .name = "repair",
    .operands = "[MIGRATION]",
    .help = &HELP_repair,
    .group = GROUP_RECORD,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .most_operands = 1,
    .options = options,
    .run = cmd_repair,
};
