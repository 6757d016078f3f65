#include "command/backup/restore_warning.h"

#include "base/buffer.h"

static const char *name_of(const struct record *record, struct arena *arena)
{
	return record->name ? record->name : arena_printf(arena, "%lld", (long long)record->version);
}

void restore_warning_tell(struct context *context, int64_t version, const struct backup_entry *entry)
{
	struct arena *arena = context->arena;
	struct buffer names = {.arena = arena};
	const char *first = NULL;
	struct history history;
	struct error ignored;

	if (!database_load_history(context, &history, &ignored))
		return;
	for (size_t i = 0; i < history.count && history.records[i].version < version; i++) {
		const char *name = name_of(&history.records[i], arena);

		if (history.records[i].version <= entry->manifest.migrations.head)
			continue;
		first = first ? first : name;
		buffer_printf(&names, "%s%s", names.len ? ", " : "", name);
	}
	if (first)
		event_warning(context->reporter,
		              "the backup is from before %s, not just before %lld: restoring also undoes %s", first,
		              (long long)version, buffer_cstr(&names));
}
