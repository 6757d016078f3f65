/*
 * A list shows what is there. What is missing it cannot show, so the database is asked for the newest
 * backup it knows of, and says so when the store has none or another one.
 *
 * For programs an unreadable manifest leaves null and not 0: no backup has no bytes. Orphans are another
 * list, because they are no backups; "failed" are the marks that runs left which came to nothing, and
 * they keep pruning from removing anything.
 */
#include "base/buffer.h"
#include "base/number_text.h"
#include "command/backup/backup_log.h"
#include "command/commands.h"
#include "report/property.h"
#include "stream/progress.h"

static const struct column columns[] = {
    {"id", "Backup", COLUMN_TEXT},
    {"created_at", "Made", COLUMN_TEXT},
    {"kind", "Kind", COLUMN_TEXT},
    {"head", "Head", COLUMN_TEXT},
    {"size", "Size", COLUMN_NUMBER},
    {"trust", "Signature", COLUMN_STATE},
    {"keep_until", "Keep until", COLUMN_TEXT},
    {"labels", "Labels", COLUMN_TEXT},
    {"sequence", NULL, COLUMN_NUMBER},
    {"sha256", NULL, COLUMN_TEXT},
    {"key", NULL, COLUMN_TEXT},
    {0},
};

static const char *labels_text(const struct manifest *manifest, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < manifest->label_count; i++)
		buffer_printf(&text, "%s%s=%s", i ? " " : "", manifest->labels[i].name, manifest->labels[i].value);
	return text.len ? buffer_cstr(&text) : NULL;
}

/* No backup has no bytes, or number 0: that is what an unreadable manifest leaves. */
static const char *known_text(struct arena *arena, int64_t number)
{
	return number > 0 ? number_text(arena, number) : NULL;
}

static void add(struct context *context, struct table *table, const struct backup_entry *entry)
{
	struct arena *arena = context->arena;
	const struct manifest *manifest = &entry->manifest;
	const bool is_json = reporter_is_json(context->reporter);

	table_row(table, (const char *[]){
	                     entry->id,
	                     manifest->created_at,
	                     manifest->kind,
	                     manifest->migrations.head_name,
	                     is_json ? known_text(arena, manifest->object.size)
	                             : size_text(arena, manifest->object.size),
	                     entry->has_object ? trust_name(entry->trust)
	                     : is_json         ? "missing"
	                                       : "no object",
	                     manifest->keep_until,
	                     labels_text(manifest, arena),
	                     known_text(arena, manifest->sequence),
	                     manifest->object.sha256,
	                     manifest->object.key,
	                 });
}

static const char *orphan_kind(const char *key)
{
	struct str id;
	enum part part;

	return backup_key_parse(key, &id, &part) && part == PART_FAILURE ? "failed" : "orphan";
}

/* Object storage has a right of its own for seeing them. */
static void add_unfinished(struct backup_context *backups, struct table *table)
{
	struct arena *arena = backups->context->arena;
	const char *folder = backup_folder(backups->database, arena);
	struct unfinished_list list;
	struct error trouble;

	if (!store_unfinished(backups->store, arena, &list, &trouble)) {
		event_warning(backups->context->reporter, "what is unfinished is not shown: %s", trouble.message);
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		if (str_starts(str_of(list.items[i].name), folder))
			table_row(table, (const char *[]){list.items[i].name,
			                                  list.items[i].is_abandoned ? "abandoned" : "unfinished"});
}

static void print_orphans(struct backup_context *backups, const struct backup_list *backup_list)
{
	static const struct column orphan_columns[] = {
	    {"key", "Belongs to no backup", COLUMN_TEXT}, {"kind", "What it is", COLUMN_STATE}, {0}};
	struct context *context = backups->context;
	struct table table = {.type = "orphan", .columns = orphan_columns, .arena = context->arena};

	for (size_t i = 0; i < backup_list->orphan_count; i++)
		table_row(&table, (const char *[]){backup_list->orphans[i], orphan_kind(backup_list->orphans[i])});
	add_unfinished(backups, &table);
	if (table.count == 0)
		event_note(context->reporter, "every object belongs to a backup");
	table_print(&table, context->reporter);
}

/* What is missing nobody sees in a list of what is there. */
static void warn_of_missing(struct context *context, const struct backup_list *backup_list)
{
	struct backup_log backup_log;
	const char *contradiction;

	backup_log_ask(context, &backup_log);
	contradiction = backup_log_contradicts(&backup_log, backup_list, context->arena);
	if (contradiction)
		event_warning(context->reporter, "%s", contradiction);
	backup_log_miss(&backup_log, backup_list, context->reporter);
}

static bool cmd_list_backups(struct context *context, struct error *err)
{
	scoped_backup_context struct backup_context backups = {0};
	struct table table = {.type = "backup", .columns = columns, .arena = context->arena};
	struct backup_list backup_list;

	if (!backup_context_open(context, BACKUP_LOOKS, &backups, err) ||
	    !backup_context_load(&backups, &backup_list, err))
		return false;
	if (option_is_given(context, "--orphans")) {
		print_orphans(&backups, &backup_list);
		return true;
	}
	warn_of_missing(context, &backup_list);
	for (size_t i = 0; i < backup_list.count; i++)
		add(context, &table, &backup_list.entries[i]);
	table_print(&table, context->reporter);
	if (backup_list.count == 0)
		event_note(context->reporter, "there are no backups of \"%s\" in %s%s", backups.database,
		           store_name(backups.store),
		           store_is_unmade(backups.store)
		               ? " yet: that directory does not exist, \"rung backup\" creates it"
		               : "");
	return true;
}

static const struct option_row options[] = {
    {"--orphans", 0, NULL, "list what unfinished backups left behind instead"},
    {0},
};

const struct command command_list_backups = {
    .name = "list-backups",
    .operands = "",
    .help = &HELP_list_backups,
    .group = GROUP_BACKUP,
    .needs = NEEDS_DATABASE,
    .options = options,
    .run = cmd_list_backups,
};
