/*
 * The range is a set of the graph and not of numbers, but it must be whole in both: what lies between its
 * lowest and highest number and is no part of it would come before the file that replaces the lowest, or
 * after the one that replaces the highest, and either may be wrong.
 *
 * A file that runs again when it is edited cannot be part of it: its text would be gone, and with it what it
 * is for.
 */
#include "command/squash/squash_range.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "command/database/database.h"
#include "command/squash/carried_statement.h"
#include "migration/graph.h"
#include "migration/name.h"
#include "plan/lookup.h"

struct choosing {
	struct context *context;
	struct arena *arena;
	const struct tree *tree;
	struct graph graph;
	size_t last;  /* index of the newest member */
	int64_t from; /* lowest number that may be one */
	bool *claims; /* members */
	struct squash_range range;
};

static size_t index_of(const struct choosing *choosing, const struct migration *migration)
{
	return (size_t)(migration - choosing->tree->migrations);
}

static bool refuse_heads(const struct migration **heads, size_t count, struct error *err)
{
	if (!count)
		return error_set(err, ERROR_USAGE, "there is no migration to squash");
	error_set(err, ERROR_USAGE, "there are %zu heads, \"%s\" and \"%s\"%s", count, heads[0]->name,
	          heads[1]->name, count > 2 ? " and others" : "");
	return error_hint(err, "Say up to which one: --to NN.");
}

static bool find_ends(struct choosing *choosing, struct error *err)
{
	const char *to = option_value(choosing->context, "--to");
	const char *from = option_value(choosing->context, "--from");
	const struct migration **heads;
	const struct migration *migration = NULL;

	if (to) {
		if (!lookup_migration(to, choosing->tree, choosing->arena, &migration, err))
			return false;
	} else {
		const size_t count = tree_heads(choosing->tree, choosing->arena, &heads);

		if (count != 1)
			return refuse_heads(heads, count, err);
		migration = heads[0];
	}
	choosing->last = index_of(choosing, migration);
	choosing->from = 1;
	if (!from)
		return true;
	if (!lookup_migration(from, choosing->tree, choosing->arena, &migration, err))
		return false;
	choosing->from = migration->number;
	return true;
}

static void choose(struct choosing *choosing)
{
	choosing->claims = graph_ancestors(&choosing->graph, choosing->last, choosing->arena);
	for (size_t i = 0; i < choosing->tree->count; i++) {
		const struct migration *migration = &choosing->tree->migrations[i];

		choosing->claims[i] &= migration->number >= choosing->from && !migration->directives.order_last;
		if (choosing->claims[i])
			*ARENA_PUSH(choosing->arena, choosing->range.members, choosing->range.count) = migration;
	}
}

/* --- what cannot be squashed ------------------------------------------------------ */

static bool refuse(const struct migration *migration, const char *why, struct error *err)
{
	error_set(err, ERROR_FILES, "cannot squash \"%s\": %s", migration->name, why);
	return error_hint(err, "Squash up to before it (--to) or from behind it (--from).");
}

static bool check_member(const struct choosing *choosing, const struct migration *migration,
                         struct error *err)
{
	const enum on_change said = migration->directives.on_change;
	const enum on_change usual = database_plan_options(choosing->context).on_change;

	if ((said == ON_CHANGE_UNSET ? usual : said) != ON_CHANGE_ERROR)
		return refuse(migration, "it is edited in place (on-change), and would be gone", err);
	return true;
}

static bool check_members(const struct choosing *choosing, struct error *err)
{
	const struct squash_range *range = &choosing->range;
	const struct migration *last = &choosing->tree->migrations[choosing->last];

	if (last->directives.order_last)
		return refuse(last, "it runs after all others, whatever they are", err);
	if (last->directives.branch)
		return refuse(last, "it is on a branch that is not merged", err);
	if (range->count < 2)
		return error_set(err, ERROR_USAGE, "there is nothing to squash: %s",
		                 range->count ? "that is one migration" : "no migration lies in that range");
	for (size_t i = 0; i < range->count; i++)
		if (!check_member(choosing, range->members[i], err))
			return false;
	return true;
}

/* What stays lies below all members, or above them all, or runs last. */
static bool check_between(const struct choosing *choosing, struct error *err)
{
	const struct squash_range *range = &choosing->range;
	const int64_t lowest = range->members[0]->number;
	const int64_t highest = choosing->tree->migrations[choosing->last].number;

	if (range->members[range->count - 1]->number != highest)
		return refuse(range->members[range->count - 1],
		              "it has a higher number than the one that builds on it", err);
	for (size_t i = 0; i < choosing->tree->count; i++) {
		const struct migration *other = &choosing->tree->migrations[i];

		if (choosing->claims[i] || other->directives.order_last || other->number > highest ||
		    other->number < lowest)
			continue;
		error_set(err, ERROR_FILES, "\"%s\" is between the migrations to be squashed, but not one of them",
		          other->name);
		return error_hint(err, "Merge its branch first (\"rung merge\"), or squash up to before it (--to).");
	}
	return true;
}

/* --- what is beside them ------------------------------------------------------------ */

static struct tree subset(const struct choosing *choosing, bool with_members)
{
	struct tree tree = *choosing->tree;

	tree.migrations = arena_array(choosing->arena, struct migration, tree.count);
	tree.count = 0;
	tree.finding_count = 0;
	for (size_t i = 0; i < choosing->tree->count; i++) {
		const struct migration *migration = &choosing->tree->migrations[i];

		if (migration->directives.order_last)
			continue;
		if (choosing->claims[i] ? with_members : migration->number < choosing->range.members[0]->number)
			tree.migrations[tree.count++] = *migration;
	}
	return tree;
}

static void add_requires(struct choosing *choosing, const struct migration *migration)
{
	struct squash_range *range = &choosing->range;

	for (size_t i = 0; i < migration->directives.require_count; i++) {
		const int64_t number = migration->directives.requires[i];

		if (number < range->members[0]->number)
			*ARENA_PUSH(choosing->arena, range->requires, range->require_count) = number;
	}
}

static void describe(struct choosing *choosing)
{
	struct squash_range *range = &choosing->range;
	const struct migration *first = range->members[0];
	const struct migration *last = range->members[range->count - 1];
	int64_t from = first->number;

	range->before = subset(choosing, false);
	range->whole = subset(choosing, true);
	(void)!name_is_squash(first->name, &from);
	range->name = arena_printf(choosing->arena, "%0*" PRId64 "_squashed_from_%0*" PRId64, last->width,
	                           last->number, first->width, from);
	for (size_t i = 0; i < range->count; i++)
		add_requires(choosing, range->members[i]);
}

/* --- their statements --------------------------------------------------------------- */

static bool carry(const struct choosing *choosing, const struct migration *migration, struct buffer *out,
                  struct error *err)
{
	const struct script_options options = database_script_options(choosing->context);
	scoped_script struct script script = {0};
	bool is_first = true;

	if (!script_load(migration->path, &options, choosing->arena, &script, err))
		return false;
	if (script.use_count)
		return refuse(migration,
		              arena_printf(choosing->arena, "what it makes depends on the variable \"%s\"",
		                           script.uses[0].name),
		              err);
	for (size_t i = 0; i < script.count; i++) {
		const char *sql;

		switch (carried_statement(&script.statements[i])) {
		case CARRY_NOT:
			continue;
		case CARRY_NEVER:
			return refuse(migration, "it changes the server, not a schema", err);
		case CARRY:
			break;
		}
		if (!statement_sql(&script.statements[i], choosing->arena, &sql, err))
			return false;
		buffer_printf(out, "%s%s;\n",
		              is_first ? arena_printf(choosing->arena, "\n-- as in %s\n", migration->name) : "", sql);
		is_first = false;
	}
	return true;
}

static bool carry_all(struct choosing *choosing, struct error *err)
{
	struct buffer text = {.arena = choosing->arena};

	for (size_t i = 0; i < choosing->range.count; i++)
		if (!carry(choosing, choosing->range.members[i], &text, err))
			return false;
	choosing->range.carried = buffer_cstr(&text);
	return true;
}

bool squash_range_choose(struct context *context, struct squash_range *out, struct error *err)
{
	struct choosing choosing = {.context = context, .arena = context->arena, .tree = &context->tree};

	graph_build(context->tree.migrations, context->tree.count, context->arena, &choosing.graph);
	if (!find_ends(&choosing, err))
		return false;
	choose(&choosing);
	if (!check_members(&choosing, err) || !check_between(&choosing, err))
		return false;
	describe(&choosing);
	if (!carry_all(&choosing, err))
		return false;
	*out = choosing.range;
	return true;
}
