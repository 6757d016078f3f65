/*
 * A squash of a squash names what the first one replaced as well, so a database that has not met the first
 * one yet is folded by the second. Its line says from where on it stands for others: either it is in the
 * history, or they are.
 *
 * A row without a checksum was adopted, and agrees by its number alone, as everywhere.
 */
#include "plan/folding.h"

#include <inttypes.h>
#include <string.h>

static const struct record *find_record(const struct history *history, int64_t number)
{
	for (size_t i = 0; i < history->count; i++)
		if (history->records[i].version == number)
			return &history->records[i];
	return NULL;
}

/* The line that tells of this very text. */
static const struct replaced *line_of(const struct migration *migration, const struct record *record)
{
	const struct directives *said = &migration->directives;

	for (size_t i = 0; i < said->replace_count; i++)
		if (said->replaces[i].number == record->version &&
		    (!record->checksum || strcmp(said->replaces[i].checksum, record->checksum) == 0))
			return &said->replaces[i];
	return NULL;
}

static bool is_covered(const struct folding *folding, int64_t number)
{
	for (size_t i = 0; i < folding->count; i++) {
		const struct replaced *line = line_of(folding->migration, folding->records[i]);

		if (folding->records[i]->version == number ||
		    (line && line->from && line->from <= number && number <= line->number))
			return true;
	}
	return false;
}

static const char *name_of(const struct record *record, struct arena *arena)
{
	return record->name ? record->name : arena_printf(arena, "%02" PRId64, record->version);
}

static const char *trouble_of_record(const struct folding *folding, const struct record *record,
                                     struct arena *arena)
{
	if (record->state != RECORD_APPLIED)
		return arena_printf(arena, "\"%s\" is half-done", name_of(record, arena));
	if (!line_of(folding->migration, record))
		return arena_printf(arena, "\"%s\" was applied with another text", name_of(record, arena));
	return NULL;
}

static const char *trouble_of(const struct folding *folding, struct arena *arena)
{
	const struct directives *said = &folding->migration->directives;
	const char *missing = NULL;
	size_t count = 0;

	for (size_t i = 0; i < folding->count; i++) {
		const char *trouble = trouble_of_record(folding, folding->records[i], arena);

		if (trouble)
			return trouble;
	}
	for (size_t i = 0; i < said->replace_count; i++) {
		if (said->replaces[i].from || is_covered(folding, said->replaces[i].number))
			continue;
		missing = missing ? missing : said->replaces[i].name;
		count++;
	}
	return missing ? arena_printf(arena, "\"%s\"%s not applied", missing,
	                              count == 1 ? " is" : arena_printf(arena, " and %zu more are", count - 1))
	               : NULL;
}

/* When the newest of them was applied, and by whom, is when and by whom the whole was. */
static const struct record *fold(const struct folding *folding, struct arena *arena)
{
	const struct migration *migration = folding->migration;
	struct record *folded = arena_alloc(arena, sizeof(*folded));

	*folded = *folding->records[folding->count - 1];
	folded->version = migration->number;
	folded->name = migration->name;
	folded->description = migration->description;
	folded->checksum = migration->checksum;
	folded->has_rollback = migration->has_rollback;
	folded->rollback_checksum = NULL;
	folded->variables = NULL;
	return folded;
}

static bool is_own(const struct migration *migration, const struct record *record)
{
	return record && ((record->name && strcmp(record->name, migration->name) == 0) ||
	                  (record->checksum && strcmp(record->checksum, migration->checksum) == 0));
}

static void find_one(const struct migration *migration, const struct history *history, struct arena *arena,
                     struct folding_list *out)
{
	struct folding folding = {.migration = migration};

	if (is_own(migration, find_record(history, migration->number)))
		return;
	for (size_t i = 0; i < history->count; i++)
		if (migration_replaces(migration, history->records[i].version))
			*ARENA_PUSH(arena, folding.records, folding.count) = &history->records[i];
	if (!folding.count)
		return;
	folding.trouble = trouble_of(&folding, arena);
	folding.folded = folding.trouble ? NULL : fold(&folding, arena);
	*ARENA_PUSH(arena, out->items, out->count) = folding;
}

void foldings_find(const struct tree *tree, const struct history *history, struct arena *arena,
                   struct folding_list *out)
{
	*out = (struct folding_list){0};
	for (size_t i = 0; i < tree->count; i++)
		if (tree->migrations[i].directives.replace_count)
			find_one(&tree->migrations[i], history, arena, out);
}

static const struct folding *folding_of(const struct folding_list *foldings, int64_t version)
{
	for (size_t i = 0; i < foldings->count; i++)
		if (foldings->items[i].folded && migration_replaces(foldings->items[i].migration, version))
			return &foldings->items[i];
	return NULL;
}

/* A squash has the number of the newest that it replaces, so each row stands where that one stood. */
struct history folded_history(const struct history *history, const struct folding_list *foldings,
                              struct arena *arena)
{
	struct history folded = *history;

	if (!foldings->count)
		return folded;
	folded.records = arena_array(arena, struct record, history->count);
	folded.count = 0;
	for (size_t i = 0; i < history->count; i++) {
		const struct record *record = &history->records[i];
		const struct folding *folding = folding_of(foldings, record->version);

		if (!folding)
			folded.records[folded.count++] = *record;
		else if (record == folding->records[folding->count - 1])
			folded.records[folded.count++] = *folding->folded;
	}
	return folded;
}

size_t folding_replaced_count(const struct folding *folding)
{
	const struct directives *said = &folding->migration->directives;
	size_t count = 0;

	for (size_t i = 0; i < said->replace_count; i++)
		count += !said->replaces[i].from;
	return count;
}
