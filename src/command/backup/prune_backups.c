/*
 * Removing backups cannot be undone, so the verb only shows what it would do unless --yes is given, and
 * everything that is not certain keeps: a date that cannot be read is one far ahead, a store that cannot
 * list what is unfinished ends the verb, and after a run that failed nothing goes until there is a good
 * one.
 *
 * Ages are counted by our clock from dates by the server's. A clock that had jumped ahead made backups of
 * minutes ago old, so rules that depend on it are only followed where other clocks agree (prune_clock.c).
 *
 * Each backup is removed in the order manifest, signature, object. From the first on it is no backup, so
 * an interruption leaves orphans, which the next pruning removes, and never a manifest whose object is
 * gone. In a store with retention a removed object is hidden and still there; that is counted apart.
 */
#include <string.h>
#include <time.h>

#include "backup/retention.h"
#include "base/clock.h"
#include "base/number_text.h"
#include "command/backup/backup_log.h"
#include "command/backup/prune_clock.h"
#include "command/commands.h"
#include "report/property.h"

/* --- the rules -------------------------------------------------------- */

static bool read_count(const struct context *context, const char *flag, int fallback, int *out,
                       struct error *err)
{
	const char *text = option_value(context, flag);
	unsigned long long count;

	*out = fallback;
	if (!text)
		return true;
	if (!str_to_number(str_of(text), 1000000, &count))
		return error_set(err, ERROR_USAGE, "%s requires a number, not \"%s\"", flag, text);
	*out = (int)count;
	return true;
}

static bool read_within(const struct context *context, int64_t *out, struct error *err)
{
	const char *text = option_value(context, "--keep-within");
	int64_t ms;

	*out = -1;
	if (!text)
		return true;
	if (!duration_parse(text, &ms))
		return error_set(err, ERROR_USAGE, "--keep-within requires a time such as 30d, not \"%s\"", text);
	*out = ms / 1000;
	return true;
}

static bool read_rules(const struct context *context, struct retention_rules *out, struct error *err)
{
	struct retention_rules rules = {.now_s = (int64_t)time(NULL)};

	if (!read_count(context, "--keep-last", 0, &rules.keep_last, err) ||
	    !read_count(context, "--keep-daily", 0, &rules.keep_daily, err) ||
	    !read_count(context, "--keep-weekly", 0, &rules.keep_weekly, err) ||
	    !read_count(context, "--keep-monthly", 0, &rules.keep_monthly, err) ||
	    !read_count(context, "--min-keep", 1, &rules.min_keep, err) ||
	    !read_within(context, &rules.keep_within_s, err))
		return false;
	if (rules.keep_last + rules.keep_daily + rules.keep_weekly + rules.keep_monthly == 0 &&
	    rules.keep_within_s < 0) {
		error_set(err, ERROR_USAGE, "prune-backups requires a rule that says what to keep");
		return error_hint(
		    err,
		    "Give at least one of --keep-last, --keep-within, --keep-daily, --keep-weekly, --keep-monthly.");
	}
	*out = rules;
	return true;
}

/* --- what is there ---------------------------------------------------- */

/* "2026-11-20T23:15:00Z"; `otherwise` for what is none. */
static int64_t seconds_of(const char *timestamp, int64_t otherwise)
{
	struct tm tm = {0};
	const char *rest = timestamp ? strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ", &tm) : NULL;

	return rest && !*rest ? (int64_t)timegm(&tm) : otherwise;
}

/* Somebody wanted it kept: what cannot be read is no reason to remove it. */
static int64_t kept_until(const struct manifest *manifest)
{
	return manifest->keep_until ? seconds_of(manifest->keep_until, INT64_MAX) : 0;
}

static bool is_reliable(const struct context *context, const struct backup_entry *entry)
{
	struct error ignored;

	return entry->has_object &&
	       entry_check_trust(entry, option_is_given(context, "--allow-unsigned"), &ignored);
}

/* Where no key is trusted, nobody's word is better than another's. */
static bool is_good_run(const struct backup_context *backups, const struct backup_entry *entry)
{
	return is_reliable(backups->context, entry) ||
	       (backups->trusted.count == 0 && entry->trust != TRUST_UNREADABLE);
}

static struct retained look_at(const struct backup_context *backups, const struct backup_entry *entry,
                               const struct backup_log *backup_log)
{
	const struct manifest *manifest = &entry->manifest;

	return (struct retained){
	    .made_s = seconds_of(manifest->created_at, 0),
	    .began = backup_id_began(entry->id),
	    .keep_until_s = kept_until(manifest),
	    .head = manifest_reach(manifest),
	    .is_reliable = is_reliable(backups->context, entry),
	    .is_good_run = is_good_run(backups, entry),
	    .is_before_migration = manifest->kind && strcmp(manifest->kind, "pre-migration") == 0,
	    .is_named = backup_log_needs(backup_log, entry->id),
	};
}

/* Rules that count backups do not ask how old they are. */
static bool depends_on_clock(const struct retention_rules *rules, const struct retained *items, size_t count)
{
	bool depends = rules->keep_within_s >= 0;

	for (size_t i = 0; i < count; i++)
		depends = depends || (items[i].keep_until_s && items[i].keep_until_s <= rules->now_s);
	return depends;
}

static int64_t newest_made(const struct retained *items, size_t count)
{
	for (size_t i = count; i-- > 0;)
		if (items[i].is_reliable)
			return items[i].made_s;
	return 0;
}

static bool weigh(struct backup_context *backups, const struct backup_list *backup_list,
                  const struct retention_rules *rules, struct retained **out, struct error *err)
{
	struct retained *items = arena_array(backups->context->arena, struct retained, backup_list->count + 1);
	struct backup_log backup_log;

	backup_log_ask(backups->context, &backup_log);
	for (size_t i = 0; i < backup_list->count; i++)
		items[i] = look_at(backups, &backup_list->entries[i], &backup_log);
	retention_decide(rules, items, backup_list->count);
	*out = items;
	return option_is_given(backups->context, "--despite-clock") ||
	       !depends_on_clock(rules, items, backup_list->count) ||
	       prune_clock_check(backups, &backup_log, newest_made(items, backup_list->count), err);
}

/* --- runs that made none ---------------------------------------------- */

struct stray_list {
	struct stray *items;
	size_t count;
};

static void add_stray(struct stray_list *list, const char *key, struct arena *arena)
{
	struct str id;
	enum part part;

	if (backup_key_parse(key, &id, &part))
		*ARENA_PUSH(arena, list->items, list->count) =
		    (struct stray){key, backup_id_began(id.text), part == PART_FAILURE};
}

static struct stray_list orphans_of(const struct backup_list *backup_list, struct arena *arena)
{
	struct stray_list list = {0};

	for (size_t i = 0; i < backup_list->orphan_count; i++)
		add_stray(&list, backup_list->orphans[i], arena);
	return list;
}

static bool add_unfinished(struct backup_context *backups, struct stray_list *list, struct error *err)
{
	struct arena *arena = backups->context->arena;
	const char *folder = backup_folder(backups->database, arena);
	struct unfinished_list unfinished;

	if (!store_unfinished(backups->store, arena, &unfinished, err))
		return false;
	for (size_t i = 0; i < unfinished.count; i++)
		if (str_starts(str_of(unfinished.items[i].name), folder))
			add_stray(list, unfinished.items[i].name, arena);
	return true;
}

static bool refuse_after(const struct stray *obstacle, struct error *err)
{
	struct str id;
	enum part part;

	if (!backup_key_parse(obstacle->key, &id, &part))
		return true;
	error_set(err, ERROR_STORAGE, "the newest backup, %.*s, %s; nothing is removed", STR_ARGS(id),
	          obstacle->has_failed ? "failed" : "was not finished");
	return error_hint(err, "Make a new backup first, or wait if one is being made. If there is no space for "
	                       "it, add --despite-failure.");
}

/* Nothing goes between a run that came to nothing and the next good one. */
static bool check_newest_run(struct backup_context *backups, const struct backup_list *backup_list,
                             const struct retained *items, struct error *err)
{
	struct stray_list strays = orphans_of(backup_list, backups->context->arena);

	if (option_is_given(backups->context, "--despite-failure"))
		return true;
	if (!add_unfinished(backups, &strays, err))
		return false;
	const struct stray *obstacle = retention_obstacle(items, backup_list->count, strays.items, strays.count);
	return !obstacle || refuse_after(obstacle, err);
}

/* --- removing --------------------------------------------------------- */

struct outcome {
	size_t removed;
	size_t hidden; /* the store keeps them for a while, out of sight */
	size_t unfinished;
};

static bool remove_object(struct backup_context *backups, const char *key, const char **retained_until,
                          struct error *err)
{
	return store_remove(backups->store, key, backups->context->arena, retained_until, err) ||
	       error_context(err, "while removing \"%s\"", key);
}

/* The manifest first: from then on it is no backup, however far this comes. */
static bool remove_backup(struct backup_context *backups, const struct backup_entry *entry,
                          struct outcome *outcome, struct error *err)
{
	static const enum part parts[] = {PART_MANIFEST, PART_SIGNATURE};
	const char *retained_until;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!remove_object(backups,
		                   backup_key(backups->database, entry->id, parts[i], backups->context->arena),
		                   &retained_until, err))
			return false;
	if (!remove_object(backups, entry->manifest.object.key, &retained_until, err))
		return false;
	if (retained_until)
		event_note(backups->context->reporter, "%s is hidden, and retained by the store until %s", entry->id,
		           retained_until);
	outcome->hidden += retained_until != NULL;
	outcome->removed += !retained_until;
	return true;
}

static bool remove_orphans(struct backup_context *backups, const struct backup_list *backup_list,
                           const struct retained *items, struct outcome *outcome, struct error *err)
{
	const struct stray_list orphans = orphans_of(backup_list, backups->context->arena);
	const char *retained_until;

	for (size_t i = 0; i < orphans.count; i++) {
		if (!retention_is_leftover(items, backup_list->count, &orphans.items[i]))
			continue;
		if (!remove_object(backups, orphans.items[i].key, &retained_until, err))
			return false;
		outcome->unfinished++;
	}
	return true;
}

static bool remove_all(struct backup_context *backups, const struct backup_list *backup_list,
                       const struct retained *items, struct outcome *outcome, struct error *err)
{
	size_t swept = 0;

	for (size_t i = 0; i < backup_list->count; i++)
		if (items[i].verdict == VERDICT_REMOVE &&
		    !remove_backup(backups, &backup_list->entries[i], outcome, err))
			return false;
	if (!remove_orphans(backups, backup_list, items, outcome, err) ||
	    !store_sweep(backups->store, &swept, err))
		return false;
	outcome->unfinished += swept;
	if (outcome->unfinished)
		event_note(backups->context->reporter, "%zu unfinished backup file%s removed", outcome->unfinished,
		           plural(outcome->unfinished));
	return true;
}

/* --- the verb --------------------------------------------------------- */

static const char *verdict_text(const struct retained *item, struct arena *arena)
{
	const char *name = verdict_name(item->verdict);

	return item->beside == VERDICT_REMOVE ? name
	                                      : arena_printf(arena, "%s, %s", name, verdict_name(item->beside));
}

static const struct column columns[] = {
    {"id", "Backup", COLUMN_TEXT},
    {"created_at", "Made", COLUMN_TEXT},
    {"verdict", "Verdict", COLUMN_STATE},
    {0},
};

static size_t print(struct context *context, const struct backup_list *backup_list,
                    const struct retained *items)
{
	struct table table = {.type = "retention", .columns = columns, .arena = context->arena};
	size_t doomed = 0;

	for (size_t i = 0; i < backup_list->count; i++) {
		doomed += items[i].verdict == VERDICT_REMOVE;
		table_row(&table,
		          (const char *[]){backup_list->entries[i].id, backup_list->entries[i].manifest.created_at,
		                           verdict_text(&items[i], context->arena)});
	}
	table_print(&table, context->reporter);
	return doomed;
}

static const char *backups_text(struct arena *arena, size_t count)
{
	return arena_printf(arena, "%zu backup%s", count, plural(count));
}

static void conclude(struct context *context, const char *text, size_t count)
{
	event_done(context->reporter, text, -1, (int64_t)count);
}

static void say_done(struct context *context, const struct outcome *outcome)
{
	const char *removed = backups_text(context->arena, outcome->removed);

	conclude(context,
	         outcome->hidden
	             ? arena_printf(context->arena, "%s removed, %zu hidden", removed, outcome->hidden)
	             : arena_printf(context->arena, "%s removed", removed),
	         outcome->removed);
}

static bool cmd_prune_backups(struct context *context, struct error *err)
{
	scoped_backup_context struct backup_context backups = {0};
	struct retention_rules rules = {0};
	struct backup_list backup_list;
	struct outcome outcome = {0};
	struct retained *items;

	if (!read_rules(context, &rules, err) || !backup_context_open(context, BACKUP_LOOKS, &backups, err) ||
	    !backup_context_load(&backups, &backup_list, err))
		return false;
	if (!weigh(&backups, &backup_list, &rules, &items, err) ||
	    !check_newest_run(&backups, &backup_list, items, err))
		return false;
	const size_t doomed = print(context, &backup_list, items);
	if (!option_is_given(context, "--yes")) {
		conclude(context,
		         doomed ? arena_printf(context->arena, "%s would be removed; --yes does it",
		                               backups_text(context->arena, doomed))
		                : "no backup would be removed",
		         doomed);
		return true;
	}
	if (!remove_all(&backups, &backup_list, items, &outcome, err))
		return false;
	say_done(context, &outcome);
	return true;
}

static const struct option_row options[] = {
    {"--keep-last", 0, "COUNT", "this many of the newest"},
    {"--keep-within", 0, "TIME", "all that are younger than this, such as 30d"},
    {"--keep-daily", 0, "COUNT", "the newest of each of this many days that have one"},
    {"--keep-weekly", 0, "COUNT", "the same by weeks"},
    {"--keep-monthly", 0, "COUNT", "the same by months"},
    {"--min-keep", 0, "COUNT", "never keep fewer; default: 1"},
    {"--allow-unsigned", 0, NULL, "also count backups that no trusted key signed"},
    {"--despite-failure", 0, NULL, "also when the newest backup failed"},
    {"--despite-clock", 0, NULL, "also when the clocks of server or store differ from that of this machine"},
    {"--yes", 'y', NULL, "remove them; without it they are only shown"},
    {0},
};

const struct command command_prune_backups = {
    .name = "prune-backups",
    .operands = "",
    .help = &HELP_prune_backups,
    .group = GROUP_BACKUP,
    .needs = NEEDS_DATABASE,
    .options = options,
    .run = cmd_prune_backups,
};
