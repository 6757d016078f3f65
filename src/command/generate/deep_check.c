/*
 * Built is what the history names, not what the project holds: a pending migration is no difference of the
 * database. Its files are those of today; one that was edited since is a finding of its own already.
 *
 * The SQL is that of "diff live schema", up to bring the database back and down to keep what is there, so it
 * is proved in the same way. It is never run here. The second half is a comment, so that somebody who gives
 * all of it to psql brings the database back.
 */
#include "command/generate/deep_check.h"

#include <string.h>

#include "base/buffer.h"
#include "base/number_text.h"
#include "catalog/object_pattern.h"
#include "command/database/fingerprint_parts.h"
#include "command/generate/change_pair.h"
#include "command/generate/changes_tree.h"
#include "report/changed_object.h"
#include "report/display.h"

struct deep_check {
	struct context *context;
	const struct deep_check_options *options;
	const char *const *ignored;
	struct tree applied;
	struct side_room room;
	struct side live;
	struct side built;
	struct catalog_filter filter;
	struct catalog_changes changes; /* from what was built to what is there */
};

static void deep_check_close(struct deep_check *check)
{
	side_close(&check->live);
	side_close(&check->built);
	side_room_close(&check->room);
	catalog_filter_close(&check->filter);
}
#define scoped_deep_check SCOPED(deep_check_close)

/* --- what is built -------------------------------------------------------------- */

/* NULL where all that is applied can be run. */
static const char *why_not(const struct deep_check *check)
{
	const struct comparison *comparison = &check->options->state->comparison;
	struct arena *arena = check->context->arena;
	struct error err = {0};

	if (!tree_check(&check->context->tree, &err))
		return arena_strdup(arena, err.message);
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_entry *entry = &comparison->entries[i];

		if (!entry->record || entry->number < 1)
			continue;
		if (!entry->migration || entry_is_other_file(entry))
			return arena_printf(arena, "the file of migration \"%s\" is missing", entry_name(entry, arena));
		if (entry->record->state != RECORD_APPLIED)
			return arena_printf(arena, "migration \"%s\" is half-done", entry_name(entry, arena));
	}
	return NULL;
}

static void choose_applied(struct deep_check *check)
{
	const struct comparison *comparison = &check->options->state->comparison;

	check->applied = check->context->tree;
	check->applied.migrations = arena_array(check->context->arena, struct migration, comparison->count);
	check->applied.count = 0;
	for (size_t i = 0; i < comparison->count; i++)
		if (comparison->entries[i].record && comparison->entries[i].migration)
			check->applied.migrations[check->applied.count++] = *comparison->entries[i].migration;
}

/* What others may change takes no part, neither in what is named nor in the SQL. */
static bool open_filter(struct deep_check *check, struct error *err)
{
	struct arena *arena = check->context->arena;
	struct buffer ignored = {.arena = arena};

	check->ignored = setting_list(check->context->settings, SETTING_DRIFT_IGNORE, arena);
	for (size_t i = 0; check->ignored && check->ignored[i]; i++)
		buffer_printf(&ignored, "%s%s", i ? "," : "", check->ignored[i]);
	const struct catalog_filter_options options = {.exclude = ignored.len ? buffer_cstr(&ignored) : NULL};
	return catalog_filter_open(&options, arena, &check->filter, err);
}

static bool open_sides(struct deep_check *check, struct error *err)
{
	const struct side_name live = {.kind = SIDE_LIVE, .shown = "live"};
	const struct side_name built = {
	    .kind = SIDE_MIGRATIONS, .shown = "what is applied", .files = &check->applied};
	struct arena *arena = check->context->arena;
	struct name_list left_alone = {0};

	if (!open_filter(check, err) ||
	    !sides_open(&check->room, &live, &built, &check->live, &check->built, err))
		return false;
	catalog_filter_apply(&check->filter, arena, &check->live.catalog, &left_alone);
	catalog_filter_apply(&check->filter, arena, &check->built.catalog, &left_alone);
	return true;
}

/* --- what differs --------------------------------------------------------------- */

static void compare(struct deep_check *check)
{
	struct arena *arena = check->context->arena;
	struct catalog_changes all;

	catalog_compare(&check->built.catalog, &check->live.catalog, PARTS_USUAL, arena, &all);
	for (size_t i = 0; i < all.count; i++)
		if (!object_patterns_match(check->ignored, object_change_object(&all.items[i])->identity))
			*ARENA_PUSH(arena, check->changes.items, check->changes.count) = all.items[i];
}

/* "type: integer -> bigint, default"; long values are left to --json. */
static const char *facts_text(const struct object_change *change, struct arena *arena)
{
	enum { SHORT = 60 };
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < change->fact_count; i++) {
		const struct fact_change *fact = &change->facts[i];
		const char *before = fact->before ? fact->before : "none";
		const char *after = fact->after ? fact->after : "none";

		buffer_printf(&text, "%s%s", i ? ", " : "", fact->name);
		if (strlen(before) + strlen(after) <= SHORT && !strchr(before, '\n') && !strchr(after, '\n'))
			buffer_printf(&text, ": %s -> %s", before, after);
	}
	return buffer_cstr(&text);
}

static const char *finding_text(const struct object_change *change, struct arena *arena)
{
	const struct object *object = object_change_object(change);
	const char *name = arena_printf(arena, "%s %s", object->kind->name, object->identity);

	if (!change->before)
		return arena_printf(arena, "%s is in the database, and no applied migration makes it", name);
	if (!change->after)
		return arena_printf(arena, "%s is missing in the database, and the applied migrations make it", name);
	return arena_printf(arena, "%s is not as the applied migrations make it: %s", name,
	                    facts_text(change, arena));
}

static void tell(const struct deep_check *check, const struct object_change *change)
{
	struct arena *arena = check->context->arena;
	struct changed_fact *facts = arena_array(arena, struct changed_fact, change->fact_count);
	const struct object *changed = object_change_object(change);

	for (size_t i = 0; i < change->fact_count; i++)
		facts[i] = (struct changed_fact){.name = change->facts[i].name,
		                                 .before = change->facts[i].before,
		                                 .after = change->facts[i].after};
	const struct event_object object = {.kind = changed->kind->name,
	                                    .identity = changed->identity,
	                                    .change = object_change_word(change),
	                                    .facts = facts,
	                                    .fact_count = change->fact_count};
	struct event event = event_of_finding("drift", NULL, display_line(arena, finding_text(change, arena)));
	event.object = &object;
	event_emit(check->context->reporter, &event);
}

/* --- the SQL -------------------------------------------------------------------- */

static const char *as_comment(const char *text, struct arena *arena)
{
	struct buffer out = {.arena = arena};
	struct str rest = str_of(text);
	struct str line;

	while (str_line_next(&rest, &line))
		buffer_printf(&out, line.len ? "-- %.*s\n" : "--%.*s\n", STR_ARGS(line));
	return buffer_cstr(&out);
}

/* "create" asks for that word where something was removed by hand. */
static const char *allowance(const struct change_script *script)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].hazards & HAZARD_DATA_LOSS)
			return " --allow data-loss";
	return "";
}

static const char *sql_text(const struct deep_check *check, const struct change_pair *pair)
{
	struct arena *arena = check->context->arena;

	return arena_printf(
	    arena,
	    "-- Brings the database back to what its migrations make%s:\n\n%s\n"
	    "-- Or keep what is there: %srung create \"what was changed\" --from live%s\n"
	    "-- writes the following as a migration, and rung stamp head records it in this database.\n--\n%s",
	    check->options->is_proved ? "" : " (not proved)", change_script_whole(&pair->up, arena),
	    check->options->has_pending ? "rung upgrade --drift warn, then " : "", allowance(&pair->down),
	    as_comment(change_script_whole(&pair->down, arena), arena));
}

/* What was there before the last run kept the schema, or was accepted, is undone as well. */
static void tell_others(const struct deep_check *check)
{
	const struct object_moves *moves = &check->options->state->drift.moves;
	size_t others = 0;

	for (size_t i = 0; i < check->changes.count; i++) {
		const struct object *object = object_change_object(&check->changes.items[i]);
		bool is_known = false;

		for (size_t j = 0; j < moves->count; j++)
			is_known |= moves->items[j].kind == object->kind &&
			            strcmp(moves->items[j].identity, object->identity) == 0;
		others += !is_known;
	}
	if (others)
		event_warning(check->context->reporter,
		              "the SQL also undoes what differed before the last run or was accepted: %zu object%s; "
		              "--deep names all",
		              others, plural(others));
}

static bool print_sql(struct deep_check *check, struct error *err)
{
	const struct change_pair_options options = {.room = &check->room,
	                                            .from = &check->live,
	                                            .to = &check->built,
	                                            .filter = &check->filter,
	                                            .parts = PARTS_USUAL,
	                                            .is_proved = check->options->is_proved};
	struct change_pair pair;

	if (!check->options->names_objects)
		tell_others(check);
	if (!change_pair_make(&options, &pair, err))
		return false;
	change_script_report(&pair.up, "undo", check->context);
	change_script_report(&pair.down, "keep", check->context);
	if (!reporter_is_json(check->context->reporter))
		report_verbatim(check->context->reporter, sql_text(check, &pair));
	return true;
}

/* --- all ------------------------------------------------------------------------ */

bool deep_check(struct context *context, const struct deep_check_options *options, size_t *count,
                struct error *err)
{
	scoped_deep_check struct deep_check check = {
	    .context = context,
	    .options = options,
	    .room = {.context = context, .server_url = options->server_url}};
	const char *why = why_not(&check);

	if (why) {
		event_warning(context->reporter, "the schema was not built from the migrations: %s", why);
		return true;
	}
	choose_applied(&check);
	if (!open_sides(&check, err))
		return false;
	compare(&check);
	for (size_t i = 0; options->names_objects && i < check.changes.count; i++)
		tell(&check, &check.changes.items[i]);
	if (options->names_objects)
		*count += check.changes.count;
	return !options->prints_sql || !check.changes.count || print_sql(&check, err);
}
