#include <string.h>

#include "apply/climb_parts.h"
#include "history/audit.h"

bool climb_agreement(const struct run *run, const struct record *record, struct arena *arena,
                     struct record_facts *out, bool *found, struct error *err)
{
	const struct migration *migration = tree_find_number(run->climb->tree, record->version);
	struct way_back way_back;

	*found = !record->checksum && migration;
	if (!*found)
		return true;
	if (!way_back_load(migration, NULL, arena, &way_back, err))
		return false;
	*out = (struct record_facts){
	    .version = record->version,
	    .name = migration->name,
	    .checksum = migration->checksum,
	    .rollback_sql = way_back.sql,
	    .rollback_checksum = way_back.checksum,
	};
	return true;
}

struct request climb_adoption(const struct run *run, const struct record_facts *facts, struct arena *arena)
{
	const struct log_entry entry = {
	    .action = "adopt",
	    .outcome = "done",
	    .version = facts->version,
	    .name = facts->name,
	    .checksum = facts->checksum,
	    .rollback_checksum = facts->rollback_checksum,
	};

	return history_log(&run->climb->history, &run->climb->author, &entry, COMMIT_AS_CONFIGURED, arena);
}

/* The chain covers what is kept from here on. */
static bool agree(struct run *run, const struct record_facts *facts, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct request row = history_agree(&run->climb->history, facts, &arena);
	const struct request log = climb_adoption(run, facts, &arena);

	return request_run(run->db, &row, err) && request_run(run->db, &log, err);
}

/* Rows that people wrote by hand meet their files. */
static bool fill_adopted(struct run *run, const struct history *history, struct error *err)
{
	for (size_t i = 0; i < history->count; i++) {
		scoped_arena struct arena arena = {0};
		const struct record *record = &history->records[i];
		struct record_facts facts;
		bool found = false;

		if (!climb_agreement(run, record, &arena, &facts, &found, err))
			return false;
		if (found && !agree(run, &facts, err))
			return error_context(err, "while adopting %s", facts.name);
	}
	return true;
}

bool climb_load_history(struct run *run, struct arena *arena, struct history *out, struct error *err)
{
	const struct climb *climb = run->climb;

	return history_load(run->db, &climb->history, arena, out, &run->facts, err) &&
	       (!run->facts.is_suspect || run->facts.is_read_only ||
	        audit_check_writing(run->db, &climb->history, climb->trusted_owner, err));
}

bool climb_needs_tables(const struct run *run, const struct history *history)
{
	/* A standby has no say in what its tables look like. */
	return history->is_adopted || (history->is_outdated && !run->facts.is_read_only);
}

/* Always false. Only its owner may add a column; the rights that are enough for every other run are not. */
static bool name_owner(const struct run *run, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct qualified_name *table = &run->climb->history;
	const char *owner = history_owner(run->db, table, &arena);

	if (!owner || strcmp(owner, run->facts.current_user) == 0)
		return false;
	return error_hint(
	    err,
	    "The tables were not made by this version of rung, and only their owner can bring them up "
	    "to date. Run \"rung upgrade\" once as \"%s\", such as with --role %s; then give \"%s\" "
	    "SELECT, INSERT, UPDATE and DELETE on \"%s.%s\" and those beside it.",
	    owner, shell_word(&arena, owner), run->facts.current_user, table->schema, table->name);
}

bool climb_prepare_history(struct run *run, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};

	if (history->exists && !climb_needs_tables(run, history))
		return true;
	/* Where the first is missing, others may lie in wait, made by whoever may create tables there. */
	if (run->facts.has_tables && (!history->exists || history->is_adopted) &&
	    !audit_check_adoption(run->db, &run->climb->history, run->climb->trusted_owner, err))
		return false;
	if (!history_prepare(run->db, &run->climb->history, err))
		return history->exists && strcmp(err->sqlstate, "42501") == 0 && name_owner(run, err);
	if (!history->is_adopted)
		return true;
	event_note(run->climb->reporter, "adopted the table \"%s.%s\" with %zu rows", run->climb->history.schema,
	           run->climb->history.name, history->count);
	const struct request request = climb_adoption(run, &(struct record_facts){0}, &arena);
	return fill_adopted(run, history, err) && request_run(run->db, &request, err);
}
