#include "command/generate/change_run.h"

#include "base/interrupt.h"
#include "pg/query.h"

struct part {
	const struct change_statement *statements;
	size_t count;
	bool is_transaction;
};

static bool run_statements(struct session *db, const struct part *part,
                           const struct change_statement **failed, struct error *err)
{
	for (size_t i = 0; i < part->count; i++) {
		*failed = &part->statements[i];
		if (!interrupt_check(err) || !execute_simple(db, part->statements[i].sql, NULL, NULL, err))
			return false;
	}
	*failed = NULL;
	return true;
}

static bool run_once(struct session *db, const struct part *part, const struct change_statement **failed,
                     struct error *err)
{
	if (!part->is_transaction)
		return run_statements(db, part, failed, err);
	if (!execute(db, "BEGIN", NO_PARAMS, err))
		return false;
	if (run_statements(db, part, failed, err) && execute(db, "COMMIT", NO_PARAMS, err))
		return true;
	session_rollback(db);
	return false;
}

static bool run_part(struct session *db, const struct part *part, const struct prerequisites *prerequisites,
                     const struct change_statement **failed, struct error *err)
{
	while (!run_once(db, part, failed, err))
		if (err->kind != ERROR_SQL || !prerequisites_make_role(prerequisites, err, db))
			return false;
	return true;
}

static struct part next_part(const struct change_script *script, size_t from)
{
	struct part part = {.statements = &script->statements[from], .is_transaction = true};

	for (size_t i = from; i < script->count && script->statements[i].part == part.statements->part; i++) {
		part.is_transaction &= !(script->statements[i].hazards & HAZARD_NO_TRANSACTION);
		part.count++;
	}
	return part;
}

bool change_run(struct session *db, const struct change_script *script,
                const struct prerequisites *prerequisites, const struct change_statement **failed,
                struct error *err)
{
	*failed = NULL;
	for (size_t i = 0; i < script->count;) {
		const struct part part = next_part(script, i);

		if (!run_part(db, &part, prerequisites, failed, err))
			return false;
		i += part.count;
	}
	return true;
}
