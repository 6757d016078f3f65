/*
 * Leaving things out must never cost rows. Therefore only some kinds can be named, and what depends on
 * them is either of a kind whose absence changes no row and no reading of one (may_follow()), or the
 * whole is refused. Types, tables, defaults and indexes may not follow.
 *
 * For most kinds only what the role cannot make is left out, not all of the kind: the rest may be needed
 * by tables. Kinds with types in their row go as a whole, since nothing else depends on them.
 *
 * pg_restore gets a list of what remains (--use-list), the only option that names single entries of any
 * kind. It must name everything, rows included, by ids in the order of the archive.
 */
#include "backup/rights/skip.h"

#include <string.h>

enum { MOST_TYPES = 3 };

/* With types: all of these. Without: only what the role cannot make, since other things may need the rest. */
static const struct skip_row {
	const char *name;
	const char *types[MOST_TYPES + 1];
} rows[SKIP_COUNT] = {
    [SKIP_ACCESS_METHODS] = {"access-methods", {0}},
    [SKIP_CASTS] = {"casts", {0}},
    [SKIP_COMMENTS] = {"comments", {0}},
    [SKIP_EVENT_TRIGGERS] = {"event-triggers", {"EVENT TRIGGER"}},
    [SKIP_EXTENSIONS] = {"extensions", {0}},
    [SKIP_FOREIGN_DATA] = {"foreign-data", {0}},
    [SKIP_FUNCTIONS] = {"functions", {0}},
    [SKIP_LANGUAGES] = {"languages", {0}},
    [SKIP_OPERATORS] = {"operators", {0}},
    [SKIP_PUBLICATIONS] = {"publications",
                           {"PUBLICATION", "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA"}},
    [SKIP_SETTINGS] = {"settings", {0}},
    [SKIP_SUBSCRIPTIONS] = {"subscriptions", {"SUBSCRIPTION", "SUBSCRIPTION TABLE"}},
    [SKIP_TEXT_SEARCH] = {"text-search", {0}},
    [SKIP_TYPES] = {"types", {0}},
};

/* --- words -------------------------------------------------------------- */

static bool refuse_word(struct str word, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct skip_set all;

	memset(all.kinds, true, sizeof(all.kinds));
	error_set(err, ERROR_USAGE, "--skip does not know \"%.*s\"", STR_ARGS(word));
	return error_hint(err, "It knows %s.", skip_text(&all, &arena));
}

static bool add_word(struct str word, struct skip_set *out, struct error *err)
{
	for (size_t i = 0; i < SKIP_COUNT; i++)
		if (str_is(word, rows[i].name))
			return out->kinds[i] = true;
	return refuse_word(word, err);
}

bool skip_parse(const char *text, struct skip_set *out, struct error *err)
{
	struct str rest = str_of(text ? text : "");
	struct skip_set set = {0};
	struct str word;

	if (text && !*text)
		return refuse_word(rest, err);
	while (str_split_next(&rest, ',', &word))
		if (!add_word(str_trim(word), &set, err))
			return false;
	*out = set;
	return true;
}

const char *skip_text(const struct skip_set *set, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < SKIP_COUNT; i++)
		if (set->kinds[i])
			buffer_printf(&text, "%s%s", text.len ? "," : "", rows[i].name);
	return buffer_cstr(&text);
}

const char *skip_entry_text(const struct archive_entry *entry, struct arena *arena)
{
	char *type = arena_strdup(arena, entry->type);

	for (char *c = type; *c; c++)
		*c = char_fold(*c);
	return entry->schema ? arena_printf(arena, "%s \"%s.%.*s\"", type, entry->schema, STR_ARGS(entry->name))
	                     : arena_printf(arena, "%s \"%.*s\"", type, STR_ARGS(entry->name));
}

/* --- entries ------------------------------------------------------------ */

bool skip_takes_type(const struct skip_set *set, const char *type)
{
	for (size_t i = 0; i < SKIP_COUNT; i++)
		if (set->kinds[i] && str_is_among(str_of(type), rows[i].types))
			return true;
	return false;
}

/* What may be missing without any row being lost or read otherwise. */
static bool may_follow(const char *type)
{
	static const char *const types[] = {"ACL",
	                                    "AGGREGATE",
	                                    "CAST",
	                                    "COMMENT",
	                                    "EVENT TRIGGER",
	                                    "FOREIGN DATA WRAPPER",
	                                    "FUNCTION",
	                                    "OPERATOR",
	                                    "OPERATOR CLASS",
	                                    "OPERATOR FAMILY",
	                                    "PROCEDURE",
	                                    "PUBLICATION TABLE",
	                                    "PUBLICATION TABLES IN SCHEMA",
	                                    "SECURITY LABEL",
	                                    "SERVER",
	                                    "SUBSCRIPTION TABLE",
	                                    "TRANSFORM",
	                                    "USER MAPPING",
	                                    "VIEW",
	                                    NULL};

	return str_is_among(str_of(type), types);
}

/* What the entry needs and does not get; NULL for nothing. */
static const struct archive_entry *lacks(const struct archive_list *list, const bool *skipped,
                                         const struct archive_entry *entry)
{
	for (size_t i = 0; i < entry->depend_count; i++) {
		const struct archive_entry *needed = archive_list_find(list, entry->depends[i]);

		if (needed && skipped[needed - list->entries])
			return needed;
	}
	return NULL;
}

static bool refuse_dependent(const struct archive_entry *entry, const struct archive_entry *needed,
                             struct error *err)
{
	scoped_arena struct arena arena = {0};

	error_set(err, ERROR_CONFIG, "cannot leave out the %s: the %s needs it", skip_entry_text(needed, &arena),
	          skip_entry_text(entry, &arena));
	return error_hint(err, "Restore as a superuser, or have one install what is missing.");
}

/* Again until nothing follows: what is needed mostly comes first in an archive, but not always. */
bool skip_dependents(const struct archive_list *list, bool *out, struct error *err)
{
	for (bool is_settled = false; !is_settled;) {
		is_settled = true;
		for (size_t i = 0; i < list->count; i++) {
			const struct archive_entry *needed = out[i] ? NULL : lacks(list, out, &list->entries[i]);

			if (!needed)
				continue;
			if (!may_follow(list->entries[i].type))
				return refuse_dependent(&list->entries[i], needed, err);
			out[i] = true;
			is_settled = false;
		}
	}
	return true;
}

struct str skip_list(const struct archive_list *list, const bool *skipped, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < list->id_count; i++) {
		const struct archive_entry *entry = archive_list_find(list, list->ids[i]);

		if (!entry || !skipped[entry - list->entries])
			buffer_printf(&text, "%ld;\n", list->ids[i]);
	}
	return buffer_str(&text);
}
