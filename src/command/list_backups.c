#include "command/commands.h"
#include "command/facts.h"
#include "command/vault.h"
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
	                     is_json ? number_text(arena, manifest->object.size)
	                             : size_text(arena, manifest->object.size),
	                     trust_name(entry->trust),
	                     manifest->keep_until,
	                     labels_text(manifest, arena),
	                     number_text(arena, manifest->sequence),
	                     manifest->object.sha256,
	                     manifest->object.key,
	                 });
}

static void print_orphans(struct context *context, const struct catalogue *catalogue)
{
	static const struct column orphan_columns[] = {{"key", "Belongs to no backup", COLUMN_TEXT}, {0}};
	struct table table = {.type = "orphan", .columns = orphan_columns, .arena = context->arena};

	for (size_t i = 0; i < catalogue->orphan_count; i++)
		table_row(&table, &catalogue->orphans[i]);
	table_print(&table, context->reporter);
	if (catalogue->orphan_count == 0)
		event_note(context->reporter, "every object belongs to a backup");
}

static bool run(struct context *context, struct error *err)
{
	scoped_vault struct vault vault = {0};
	struct table table = {.type = "backup", .columns = columns, .arena = context->arena};
	struct catalogue catalogue;

	if (!vault_open(context, VAULT_LOOKS, &vault, err) || !vault_load(&vault, &catalogue, err))
		return false;
	if (option_is_given(context, "--orphans")) {
		print_orphans(context, &catalogue);
		return true;
	}
	for (size_t i = 0; i < catalogue.count; i++)
		add(context, &table, &catalogue.entries[i]);
	table_print(&table, context->reporter);
	if (catalogue.count == 0)
		event_note(context->reporter, "there are no backups of \"%s\" in %s", vault.database,
		           store_name(vault.store));
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
        "migration, how large they are and whether a trusted key signed them. The database itself is not "
        "asked.\n"
        "\n"
        "Backups are linked to one another; where a link does not fit, a warning says so. --orphans shows "
        "objects "
        "that belong to no backup, left by runs that were killed; \"rung prune-backups\" removes them.",
    .examples = "rung list-backups\tall of them\n"
                "rung list-backups --json\tone object a line",
    .run = run,
};
