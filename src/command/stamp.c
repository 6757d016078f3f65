#include <string.h>

#include "command/agreement.h"
#include "command/commands.h"
#include "history/journal.h"

/* What the record should say: everything up to `limit` is applied, nothing above. */
struct stamping {
	struct context *context;
	int64_t limit;
	size_t changed;
};

static const struct record *find_record(const struct history *history, int64_t version)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].version == version)
			return &history->records[i];
	return NULL;
}

/* A half-done migration counts as done from now on: its row is settled, its journal forgotten. */
static bool stamp_one(struct climb *climb, struct climb_desk *desk, const struct migration *migration,
                      const struct record *half_done, struct error *err)
{
	const struct request forget = journal_clear(&climb->history, migration->number, desk->arena);
	struct record_facts facts;

	if (!agreement_facts(migration, desk->arena, &facts, err))
		return false;
	const struct request request =
	    history_record(&climb->history, &climb->author, &facts, half_done != NULL, desk->arena);
	return request_run(desk->db, &forget, err) && request_run(desk->db, &request, err) &&
	       agreement_log(climb, desk, "stamp", &facts, err);
}

static bool unstamp_one(struct climb *climb, struct climb_desk *desk, const struct record *record,
                        struct error *err)
{
	const struct request forget = journal_clear(&climb->history, record->version, desk->arena);
	const struct request request = history_forget(&climb->history, record->version, desk->arena);
	const struct record_facts facts = {
	    .version = record->version, .name = record->name, .checksum = record->checksum};

	return request_run(desk->db, &forget, err) && request_run(desk->db, &request, err) &&
	       agreement_log(climb, desk, "unstamp", &facts, err);
}

static bool stamp_all(struct climb *climb, struct climb_desk *desk, void *context, struct error *err)
{
	struct stamping *stamping = context;
	const struct tree *tree = &stamping->context->tree;

	for (size_t i = 0; i < tree->count && tree->migrations[i].number <= stamping->limit; i++) {
		const struct record *record = find_record(&desk->history, tree->migrations[i].number);

		if (record && record->state == RECORD_APPLIED)
			continue;
		if (!stamp_one(climb, desk, &tree->migrations[i], record, err))
			return false;
		stamping->changed++;
	}
	for (size_t i = 0; i < desk->history.count; i++) {
		if (desk->history.records[i].version <= stamping->limit)
			continue;
		if (!unstamp_one(climb, desk, &desk->history.records[i], err))
			return false;
		stamping->changed++;
	}
	return true;
}

static bool find_limit(const struct tree *tree, const char *target, int64_t *limit, struct error *err)
{
	*limit = 0;
	if (strcmp(target, "base") == 0)
		return true;
	if (strcmp(target, "head") == 0) {
		*limit = tree->count ? tree->migrations[tree->count - 1].number : 0;
		return true;
	}
	const struct migration *migration = tree_find(tree, target);
	if (!migration) {
		error_set(err, ERROR_USAGE, "no migration \"%s\"", target);
		return error_hint(err, "\"rung history\" lists them.");
	}
	*limit = migration->number;
	return true;
}

static bool run(struct context *context, struct error *err)
{
	struct stamping stamping = {.context = context};
	struct climb climb;

	if (!climbing_check_tree(context, err) || !climb_from_context(context, CLIMB_UP, &climb, err) ||
	    !find_limit(&context->tree, context->operands[0], &stamping.limit, err) ||
	    !agreement_reach(&climb, stamp_all, &stamping, err))
		return false;
	agreement_say(context,
	              arena_printf(context->arena, "stamped %s: %zu record%s changed, nothing was run",
	                           context->operands[0], stamping.changed, stamping.changed == 1 ? "" : "s"),
	              stamping.changed);
	return true;
}

const struct command command_stamp = {
    .name = "stamp",
    .operands = "TARGET",
    .summary = "set the record without running anything",
    .group = GROUP_RECORD,
    .needs = NEEDS_TREE | NEEDS_DATABASE,
    .least_operands = 1,
    .most_operands = 1,
    .description = "Makes the history say that everything up to TARGET (a number, a name, head or base) is "
                   "applied and nothing "
                   "above it, without running a statement. For a database whose schema is already there, "
                   "such as one built by "
                   "hand or by another tool.",
    .examples = "rung stamp head\tthe schema is already complete\n"
                "rung stamp 04\tup to and including 04\n"
                "rung stamp base\tforget everything",
    .run = run,
};
