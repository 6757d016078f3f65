#include "apply/climb_parts.h"
#include "history/audit.h"

/* Rows that people wrote by hand meet their files. */
/* The chain covers what is kept from here on. */
static bool log_adopted(struct run *run, const struct record_facts *facts, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct log_entry entry = {
	    .action = "adopt",
	    .outcome = "done",
	    .version = facts->version,
	    .name = facts->name,
	    .checksum = facts->checksum,
	    .rollback_checksum = facts->rollback_checksum,
	};
	const struct request request =
	    history_log(&run->climb->history, &run->climb->author, &entry, COMMIT_AS_CONFIGURED, &arena);

	return request_run(run->db, &request, err);
}

static bool fill_adopted(struct run *run, const struct history *history, struct error *err)
{
	for (size_t i = 0; i < history->count; i++) {
		scoped_arena struct arena arena = {0};
		const struct record *record = &history->records[i];
		const struct migration *migration = tree_find_number(run->climb->tree, record->version);

		if (record->checksum || !migration)
			continue;
		struct way_back way_back;
		if (!way_back_load(migration, &arena, &way_back, err))
			return false;
		const struct record_facts facts = {
		    .version = record->version,
		    .name = migration->name,
		    .checksum = migration->checksum,
		    .rollback_sql = way_back.sql,
		    .rollback_checksum = way_back.checksum,
		};
		const struct request request = history_agree(&run->climb->history, &facts, &arena);
		if (!request_run(run->db, &request, err) || !log_adopted(run, &facts, err))
			return error_context(err, "while adopting %s", migration->name);
	}
	return true;
}

bool climb_needs_tables(const struct run *run, const struct history *history)
{
	/* A standby has no say in what its tables look like. */
	return history->is_adopted || (history->is_outdated && !run->facts.is_read_only);
}

bool climb_prepare_history(struct run *run, const struct history *history, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct log_entry entry = {.action = "adopt", .outcome = "done", .duration_ms = 0};

	if (history->exists && !climb_needs_tables(run, history))
		return true;
	if (history->is_adopted && !audit_check_adoption(run->db, &run->climb->history, err))
		return false;
	if (!history_prepare(run->db, &run->climb->history, err))
		return false;
	if (!history->is_adopted)
		return true;
	event_note(run->climb->reporter, "adopted the table \"%s.%s\" with %zu rows", run->climb->history.schema,
	           run->climb->history.name, history->count);
	const struct request request =
	    history_log(&run->climb->history, &run->climb->author, &entry, COMMIT_AS_CONFIGURED, &arena);
	return fill_adopted(run, history, err) && request_run(run->db, &request, err);
}
