/*
 * The database is read where it is, the files are run in a scratch database that is made like it, and two
 * catalogs are compared. That the text of a file differs from what ran once says nothing: what it makes does.
 *
 * Which file an object is from costs a look behind each of them, so it is asked only where something differs.
 */
#include "command/converge/file_difference.h"

#include <string.h>

#include "base/buffer.h"
#include "catalog/catalog_changes.h"
#include "catalog/object_pattern.h"
#include "command/converge/built_files.h"
#include "command/database/database.h"
#include "command/generate/catalog_filter.h"
#include "command/generate/tool_tables.h"
#include "report/display.h"

enum { PARTS = PART_COMMENT, MOST_SHOWN = 60 };

struct comparing {
	struct context *context;
	struct side_room room;
	struct side live;
	struct built_files files;
	struct catalog_filter filter;
	const struct catalog *built; /* what all files make */
	struct catalog_changes changes;
	struct file_differences found;
};

static void comparing_clear(struct comparing *comparing)
{
	side_close(&comparing->live);
	side_room_close(&comparing->room);
	catalog_filter_close(&comparing->filter);
}
#define scoped_comparing SCOPED(comparing_clear)

/* --- building -------------------------------------------------------------- */

static bool open_live(struct comparing *comparing, struct error *err)
{
	struct side_name live;

	return side_name_parse("live", comparing->context->settings, comparing->context->arena, &live, err) &&
	       side_open(&comparing->room, &live, NULL, &comparing->live, err);
}

static void filter(const struct comparing *comparing, struct catalog *catalog)
{
	struct name_list ignored = {0};

	catalog_filter_apply(&comparing->filter, comparing->context->arena, catalog, &ignored);
}

static bool compare(struct comparing *comparing, struct error *err)
{
	const struct catalog_filter_options all = {.exclude =
	                                               tool_tables_excluded(NULL, comparing->context->arena)};
	struct built_files *files = &comparing->files;

	files->items[files->count - 1].is_looked_at = true;
	if (!catalog_filter_open(&all, comparing->context->arena, &comparing->filter, err) ||
	    !open_live(comparing, err) || !built_files_run(&comparing->room, &comparing->live, files, err))
		return false;
	comparing->built = &files->items[files->count - 1].after;
	filter(comparing, &comparing->live.catalog);
	filter(comparing, &files->items[files->count - 1].after);
	catalog_compare(comparing->built, &comparing->live.catalog, PARTS, comparing->context->arena,
	                &comparing->changes);
	return true;
}

/* --- what counts ------------------------------------------------------------- */

static const struct object *find_same(const struct catalog *catalog, const struct object *object)
{
	return catalog_find(catalog, object_kind_number(object->kind), object->identity);
}

static bool has_schema(const struct catalog *catalog, const char *schema)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (catalog->objects[i]->schema && strcmp(catalog->objects[i]->schema, schema) == 0)
			return true;
	return false;
}

/* What came or went with its parent is told with it. */
static bool is_told_with_parent(const struct object *object, const struct catalog *other)
{
	return object->parent && !find_same(other, object->parent);
}

static bool is_of_others(const struct comparing *comparing, const struct object *object)
{
	if (object->parent)
		return false;
	return !object->schema || !has_schema(comparing->built, object->schema);
}

static bool counts(const struct comparing *comparing, const struct object_change *change)
{
	const struct object *object = object_change_object(change);
	const struct context *context = comparing->context;

	if (object_patterns_match(setting_list(context->settings, SETTING_DRIFT_IGNORE, context->arena),
	                          object->identity))
		return false;
	if (!change->before)
		return !is_told_with_parent(object, comparing->built) && !is_of_others(comparing, object);
	return change->after || !is_told_with_parent(object, &comparing->live.catalog);
}

static void find(struct comparing *comparing)
{
	struct file_differences *found = &comparing->found;

	for (size_t i = 0; i < comparing->changes.count; i++) {
		const struct object_change *change = &comparing->changes.items[i];

		if (counts(comparing, change))
			*ARENA_PUSH(comparing->context->arena, found->items, found->count) = (struct file_difference){
			    .object = change->before ? change->before : change->after,
			    .kind = !change->before ? FILE_DIFFERENCE_EXTRA
			            : change->after ? FILE_DIFFERENCE_OTHER
			                            : FILE_DIFFERENCE_MISSING,
			};
	}
}

/* --- from which file ----------------------------------------------------------- */

static bool is_same(const struct object *object, const struct catalog *at, const struct catalog *last)
{
	const struct object *then = find_same(at, object);
	uint8_t before[DIGEST_SIZE];
	uint8_t after[DIGEST_SIZE];

	if (!then)
		return false;
	object_digest(then, at, PARTS, before);
	object_digest(object, last, PARTS, after);
	return memcmp(before, after, DIGEST_SIZE) == 0;
}

/* The first behind which it is there; of one that differs, the first behind which it is as it is in the end.
 */
static const struct migration *file_of(const struct file_difference *difference,
                                       const struct built_files *files, const struct catalog *last)
{
	for (size_t i = 0; i < files->count; i++) {
		const struct catalog *after = &files->items[i].after;

		if (difference->kind == FILE_DIFFERENCE_MISSING ? find_same(after, difference->object) != NULL
		                                                : is_same(difference->object, after, last))
			return files->items[i].migration;
	}
	return NULL;
}

static bool is_asked_for(const struct file_differences *found)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].kind != FILE_DIFFERENCE_EXTRA)
			return true;
	return false;
}

/* They were built once: if that fails the second time, it is not said which. */
static void find_files(struct comparing *comparing)
{
	struct file_differences *found = &comparing->found;
	const struct catalog last = *comparing->built;
	struct error ignored;

	for (size_t i = 0; i < comparing->files.count; i++)
		comparing->files.items[i].is_looked_at = true;
	if (!is_asked_for(found) ||
	    !built_files_run(&comparing->room, &comparing->live, &comparing->files, &ignored))
		return;
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].kind != FILE_DIFFERENCE_EXTRA)
			found->items[i].migration = file_of(&found->items[i], &comparing->files, &last);
}

/* --- telling --------------------------------------------------------------------- */

static bool is_short(const char *value)
{
	return !value || (strlen(value) <= MOST_SHOWN && !strchr(value, '\n'));
}

static void put_fact(struct buffer *text, const struct fact_change *fact)
{
	buffer_printf(text, "%s", fact->name);
	if (is_short(fact->before) && is_short(fact->after))
		buffer_printf(text, " is %s there and %s in the database", fact->before ? fact->before : "not set",
		              fact->after ? fact->after : "not set");
}

static const struct object_change *change_of(const struct comparing *comparing, const struct object *object)
{
	size_t i = 0;

	while (object_change_object(&comparing->changes.items[i])->kind != object->kind ||
	       strcmp(object_change_object(&comparing->changes.items[i])->identity, object->identity) != 0)
		i++;
	return &comparing->changes.items[i];
}

static const char *facts_text(const struct comparing *comparing, const struct object *object)
{
	const struct object_change *change = change_of(comparing, object);
	struct buffer text = {.arena = comparing->context->arena};

	for (size_t i = 0; i < change->fact_count; i++) {
		buffer_text(&text, i ? ", " : "");
		put_fact(&text, &change->facts[i]);
	}
	return buffer_cstr(&text);
}

static const char *text_of(const struct comparing *comparing, const struct file_difference *difference)
{
	struct arena *arena = comparing->context->arena;
	const struct object *object = difference->object;
	const char *file = difference->migration ? difference->migration->shown_path : "the files";
	const char *what =
	    arena_printf(arena, "%s %s", object->kind->name, display_line(arena, object->identity));

	switch (difference->kind) {
	case FILE_DIFFERENCE_EXTRA:
		return arena_printf(arena, "%s is in the database and in no file", what);
	case FILE_DIFFERENCE_OTHER:
		return arena_printf(arena, "%s in %s differs from the database: %s", what, file,
		                    display_line(arena, facts_text(comparing, object)));
	case FILE_DIFFERENCE_MISSING:
		break;
	}
	return arena_printf(arena, "%s is in %s and not in the database", what, file);
}

/* --- all ---------------------------------------------------------------------------- */

/* Text that did not run says nothing of the database. */
static const char *unapplied(const struct built_files *files, const struct history *history,
                             struct arena *arena)
{
	for (size_t i = 0; i < files->count; i++)
		for (size_t j = 0; j < history->count; j++) {
			const struct migration *migration = files->items[i].migration;
			const struct record *record = &history->records[j];

			if (record->version != migration->number)
				continue;
			if (record->state != RECORD_APPLIED)
				return arena_printf(arena, "%s is half-done", migration->shown_path);
			if (record->checksum && strcmp(record->checksum, migration->checksum) != 0)
				return arena_printf(arena, "%s was edited, and is not applied as it is now",
				                    migration->shown_path);
		}
	return NULL;
}

static const char *why_not(const struct error *err, struct arena *arena)
{
	return arena_printf(arena, "%s%s%s", err->message, *err->hint ? ". " : "", err->hint);
}

bool file_differences_find(struct context *context, const struct history *history,
                           struct file_differences *out, struct error *err)
{
	scoped_comparing struct comparing comparing = {
	    .context = context, .room = {.context = context, .server_url = built_files_server(context)}};

	*out = (struct file_differences){0};
	built_files_choose(&context->tree, history, context->arena, &comparing.files);
	out->why = unapplied(&comparing.files, history, context->arena);
	if (out->why || !comparing.files.count)
		return true;
	if (!compare(&comparing, err)) {
		out->why = why_not(err, context->arena);
		return err->kind != ERROR_CANCELLED;
	}
	find(&comparing);
	find_files(&comparing);
	for (size_t i = 0; i < comparing.found.count; i++)
		comparing.found.items[i].text = text_of(&comparing, &comparing.found.items[i]);
	*out = comparing.found;
	return true;
}

void file_differences_warn(struct context *context, const struct file_differences *differences)
{
	if (differences->why)
		event_warning(context->reporter,
		              "an edited file was applied again, and the database was not compared with what the "
		              "files make: %s",
		              differences->why);
}

/* A file that only runs again leaves what is there as it is. */
static bool could_converge(const struct context *context, const struct file_differences *differences)
{
	const enum on_change project = database_plan_options(context).on_change;

	for (size_t i = 0; i < differences->count; i++) {
		const struct migration *migration = differences->items[i].migration;

		if (migration && directives_on_change(&migration->directives, project) == ON_CHANGE_REAPPLY)
			return true;
	}
	return false;
}

static void tell_all(const struct context *context, const struct file_differences *differences)
{
	enum { MOST_TOLD = 10 };

	for (size_t i = 0; i < differences->count && i < MOST_TOLD; i++)
		event_warning(context->reporter, "%s", differences->items[i].text);
	if (differences->count > MOST_TOLD)
		event_warning(context->reporter, "%zu more differences; \"rung check\" names them all",
		              differences->count - MOST_TOLD);
	if (could_converge(context, differences))
		event_note(context->reporter,
		           "a file that is applied again does not change what is there already: add the ALTER to "
		           "it, or write \"-- rung: on-change: converge\" at its top");
}

void file_differences_tell(struct context *context)
{
	struct file_differences differences;
	struct history history;
	struct error err;

	if (!setting_is_on(context->settings, SETTING_COMPARE))
		return;
	if (!database_load_history(context, &history, &err) ||
	    !file_differences_find(context, &history, &differences, &err))
		differences = (struct file_differences){.why = why_not(&err, context->arena)};
	file_differences_warn(context, &differences);
	tell_all(context, &differences);
}
