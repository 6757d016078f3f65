/*
 * Making the tables is one query for history/; what is decided here is whether they may be made, used or
 * adopted at all. The tables run code as the role that writes to them (triggers, defaults, rules), so before
 * anything is written they are looked at: all of them when the history is suspect, and those that lie
 * beside a missing history, too, because somebody may have put them there for the first run to find.
 *
 * A table that people wrote by hand has numbers and no checksums. Its rows get what their files hold,
 * each with an entry in the log, so that the chain covers from then on what is claimed.
 *
 * A standby is not asked to change its tables, and a role that does not own them is told who does: adding
 * a column takes the owner, and every other run does not.
 */
#include <string.h>

#include "apply/run_internal.h"
#include "history/audit.h"

bool run_check_primary(const struct run *run, struct error *err)
{
	if (!run->facts.is_read_only)
		return true;
	error_set(err, ERROR_SERVER, "the server is a standby and cannot be changed");
	return error_hint(
	    err, "Connect to the primary; with several hosts in the URL add target_session_attrs=read-write.");
}

bool run_agreement(const struct run *run, const struct record *record, struct arena *arena,
                   struct record_values *out, bool *found, struct error *err)
{
	const struct migration *migration = tree_find_number(run->options->tree, record->version);
	struct kept_rollback kept_rollback;

	*found = !record->checksum && migration && !migration->directives.replace_count;
	if (!*found)
		return true;
	if (!rollback_to_keep_load(migration, NULL, arena, &kept_rollback, err))
		return false;
	*out = (struct record_values){
	    .version = record->version,
	    .name = migration->name,
	    .checksum = migration->checksum,
	    .rollback_sql = kept_rollback.sql,
	    .rollback_checksum = kept_rollback.checksum,
	};
	return true;
}

struct request run_adoption(const struct run *run, const struct record_values *facts, struct arena *arena)
{
	const struct log_entry entry = {
	    .action = "adopt",
	    .outcome = "done",
	    .version = facts->version,
	    .name = facts->name,
	    .checksum = facts->checksum,
	    .rollback_checksum = facts->rollback_checksum,
	};

	return history_log(&run->options->history, &run->author, &entry, COMMIT_AS_CONFIGURED, arena);
}

/* The chain covers what is kept from here on. */
static bool agree(struct run *run, const struct record_values *facts, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request row = history_agree(&run->options->history, facts, &arena);
	const struct request log = run_adoption(run, facts, &arena);

	return request_run(run->db, &row, err) && request_run(run->db, &log, err);
}

/* Rows that people wrote by hand meet their files. */
static bool fill_adopted(struct run *run, const struct history *history, struct error *err)
{
	for (size_t i = 0; i < history->count; i++) {
		scoped_arena struct arena arena = {0};
		const struct record *record = &history->records[i];
		struct record_values facts;
		bool found = false;

		if (!run_agreement(run, record, &arena, &facts, &found, err))
			return false;
		if (found && !agree(run, &facts, err))
			return error_context(err, "while adopting %s", facts.name);
	}
	return true;
}

bool run_load_history(struct run *run, enum history_use use, struct arena *arena, struct history *out,
                      struct error *err)
{
	const struct migrate_options *options = run->options;

	return history_load(run->db, &options->history, use, arena, out, &run->facts, err) &&
	       (!run->facts.is_suspect || run->facts.is_read_only ||
	        audit_check_writing(run->db, &options->history, options->trusted_owner, err));
}

bool run_needs_tables(const struct run *run, const struct history *history)
{
	/* A standby has no say in what its tables look like. */
	return history->is_adopted || (history->is_outdated && !run->facts.is_read_only);
}

/* Always false. Only its owner may add a column; the rights that are enough for every other run are not. */
static bool name_owner(const struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct qualified_name *table = &run->options->history;
	const char *owner = history_owner(run->db, table, &arena);

	if (!owner || strcmp(owner, run->facts.current_user) == 0)
		return false;
	return error_hint(err,
	                  "The tables are from another version of rung, and only their owner can update them. "
	                  "Run \"rung upgrade\" once as \"%s\", for example with --role %s; then grant \"%s\" "
	                  "SELECT, INSERT, UPDATE and DELETE on \"%s.%s\" and the other history tables.",
	                  owner, shell_word(&arena, owner), run->facts.current_user, table->schema, table->name);
}

bool run_prepare_history(struct run *run, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (history->exists && !run_needs_tables(run, history))
		return run_fold(run, history, err);
	/* Where the first is missing, others may lie in wait, made by any role that may create tables there. */
	if (run->facts.has_tables && (!history->exists || history->is_adopted) &&
	    !audit_check_adoption(run->db, &run->options->history, run->options->trusted_owner, err))
		return false;
	if (!history_prepare(run->db, &run->options->history, err))
		return history->exists && strcmp(err->sqlstate, "42501") == 0 && name_owner(run, err);
	if (!history->is_adopted)
		return run_fold(run, history, err);
	event_note(run->options->reporter, "adopted the table \"%s.%s\" with %zu rows",
	           run->options->history.schema, run->options->history.name, history->count);
	const struct request request = run_adoption(run, &(struct record_values){0}, &arena);
	return fill_adopted(run, history, err) && request_run(run->db, &request, err);
}
