#include "command/commands.h"
#include "command/facts.h"
#include "command/witness.h"
#include "base/buffer.h"
#include "backup/progress.h"

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

static void add(struct context *context, struct table *table, const struct entry *entry)
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
static void add_unfinished(struct vault *vault, struct table *table)
{
	struct arena *arena = vault->context->arena;
	const char *folder = backup_folder(vault->database, arena);
	struct unfinished_list list;
	struct error trouble;

	if (!store_unfinished(vault->store, arena, &list, &trouble)) {
		event_warning(vault->context->reporter, "what is unfinished is not shown: %s", trouble.message);
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		if (str_starts(str_of(list.items[i].name), folder))
			table_row(table, (const char *[]){list.items[i].name,
			                                  list.items[i].is_abandoned ? "abandoned" : "unfinished"});
}

static void print_orphans(struct vault *vault, const struct catalogue *catalogue)
{
	static const struct column orphan_columns[] = {
	    {"key", "Belongs to no backup", COLUMN_TEXT}, {"kind", "What it is", COLUMN_STATE}, {0}};
	struct context *context = vault->context;
	struct table table = {.type = "orphan", .columns = orphan_columns, .arena = context->arena};

	for (size_t i = 0; i < catalogue->orphan_count; i++)
		table_row(&table, (const char *[]){catalogue->orphans[i], orphan_kind(catalogue->orphans[i])});
	add_unfinished(vault, &table);
	if (table.count == 0)
		event_note(context->reporter, "every object belongs to a backup");
	table_print(&table, context->reporter);
}

/* What is missing nobody sees in a list of what is there. */
static void warn_of_missing(struct context *context, const struct catalogue *catalogue)
{
	struct witness witness;
	const char *contradiction;

	witness_ask(context, &witness);
	contradiction = witness_contradicts(&witness, catalogue, context->arena);
	if (contradiction)
		event_warning(context->reporter, "%s", contradiction);
	witness_miss(&witness, catalogue, context->reporter);
}

static bool run(struct context *context, struct error *err)
{
	scoped_vault struct vault vault = {0};
	struct table table = {.type = "backup", .columns = columns, .arena = context->arena};
	struct catalogue catalogue;

	if (!vault_open(context, VAULT_LOOKS, &vault, err) || !vault_load(&vault, &catalogue, err))
		return false;
	if (option_is_given(context, "--orphans")) {
		print_orphans(&vault, &catalogue);
		return true;
	}
	warn_of_missing(context, &catalogue);
	for (size_t i = 0; i < catalogue.count; i++)
		add(context, &table, &catalogue.entries[i]);
	table_print(&table, context->reporter);
	if (catalogue.count == 0)
		event_note(context->reporter, "there are no backups of \"%s\" in %s%s", vault.database,
		           store_name(vault.store),
		           store_is_unmade(vault.store)
		               ? " yet: that directory does not exist, and \"rung backup\" makes it"
		               : "");
	return true;
}

static const struct option_row options[] = {
    {"--orphans", 0, NULL, "what unfinished backups left behind, instead"},
    {0},
};

const struct command command_list_backups = {
    .name = "list-backups",
    .operands = "",
    .summary = "show the backups in the store",
    .group = GROUP_BACKUP,
    .needs = NEEDS_DATABASE,
    .options = options,
    .description =
        "Shows the backups of the database that the store holds, oldest first: when they were made, at which "
        "migration, how large they are and whether a trusted key signed them. The database is asked which "
        "one is its newest; where it cannot be reached the list is that of the store alone.\n"
        "\n"
        "Backups are linked to one another; where a link does not fit, or the newest is missing, a warning "
        "says so. --orphans shows "
        "what "
        "belongs to no backup: objects of runs that were killed, the marks of runs that failed, uploads that "
        "are not finished, and abandoned ones; \"rung prune-backups\" removes what is abandoned.",
    .examples = "rung list-backups\tall of them\n"
                "rung list-backups --json\tone object a line",
    .run = run,
};
