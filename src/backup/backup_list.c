/*
 * A store is written to by others, so a listing must survive what it finds. A failing store ends it; a
 * manifest that makes no sense does not, but becomes an entry that says why: otherwise one bad file would
 * hide all backups, which is what somebody who wants them unused would put there. Sizes are bounded
 * before anything is read into memory.
 *
 * "Not signed" is said only where the store, or the system, says that there is no signature. Access denied
 * or a store that fails half-way is TRUST_UNKNOWN: it needs --allow-unsigned just so, but the reason given
 * is the true one, and trying again may help.
 *
 * A signature stays valid when the file is copied. So a manifest counts only under its own id, in the
 * folder of its own database, for the object that belongs to the id (is_in_place).
 *
 * Entries are sorted by the time in the id, then by number, because ids of one second end in random
 * digits. Missing numbers are only counted: retention removes backups all the time, and from here that
 * looks the same as somebody hiding the newest. The database's history, which knows what should be there,
 * is asked by command/backup/backup_log.c.
 */
#include "backup/backup_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/file.h"

const char *trust_name(enum trust trust)
{
	static const char *const names[] = {
	    [TRUST_SIGNED] = "signed",       [TRUST_UNCHECKED] = "unchecked", [TRUST_UNSIGNED] = "unsigned",
	    [TRUST_FOREIGN] = "not trusted", [TRUST_CHANGED] = "changed",     [TRUST_UNREADABLE] = "unreadable",
	    [TRUST_UNKNOWN] = "unknown",
	};

	return names[trust];
}

/* --- one entry -------------------------------------------------------- */

/* `most` keeps a store from filling our memory with what it calls a manifest. */
static bool fetch(struct store *store, const char *name, size_t most, struct arena *arena, struct str *out,
                  struct error *err)
{
	struct buffer text = {.arena = arena};
	scoped_sink struct sink *sink = memory_open(&text, most);

	if (!store_get(store, name, sink, err))
		return false;
	*out = (struct str){buffer_cstr(&text), text.len};
	return true;
}

static void distrust(struct backup_entry *entry, enum trust trust, struct arena *arena,
                     const struct error *why)
{
	entry->trust = trust;
	entry->trouble = arena_strdup(arena, why->message);
}

/* A manifest that was copied under another name or into another database's folder is none. */
static bool is_in_place(const struct backup_entry *entry, const char *database, struct arena *arena,
                        struct error *err)
{
	const struct manifest *manifest = &entry->manifest;
	const enum part part = strcmp(manifest->encryption, "none") == 0 ? PART_PLAIN_OBJECT : PART_OBJECT;

	if (strcmp(manifest->id, entry->id) == 0 && strcmp(manifest->database, database) == 0 &&
	    strcmp(manifest->object.key, backup_key(database, entry->id, part, arena)) == 0)
		return true;
	return error_set(err, ERROR_STORAGE, "the manifest \"%s\" is that of another backup: \"%s\" of \"%s\"",
	                 entry->id, manifest->id, manifest->database);
}

static void check_signature(struct backup_entry *entry, const struct trusted_key_list *keys, struct str text,
                            struct str signature, struct arena *arena)
{
	struct error why;

	if (entry->trust == TRUST_UNKNOWN)
		return;
	if (signature.len == 0 || keys->count == 0) {
		entry->trust = signature.len == 0 ? TRUST_UNSIGNED : TRUST_UNCHECKED;
		return;
	}
	const enum signature_verdict verdict = signature_judge(keys, text, signature, &why);
	if (verdict == SIGNATURE_GOOD)
		entry->trust = TRUST_SIGNED;
	else
		distrust(entry, verdict == SIGNATURE_FOREIGN ? TRUST_FOREIGN : TRUST_CHANGED, arena, &why);
}

static bool fetch_signature(struct store *store, const char *database, const char *id, struct arena *arena,
                            struct str *out, struct error *err)
{
	return fetch(store, backup_key(database, id, PART_SIGNATURE, arena), SIGNATURE_LARGEST, arena, out, err);
}

static void judge_manifest(struct backup_entry *entry, const char *database, struct str text,
                           struct arena *arena)
{
	struct error why;

	if (manifest_read(text, arena_printf(arena, "the manifest \"%s\"", entry->id), arena, &entry->manifest,
	                  &why) &&
	    is_in_place(entry, database ? database : entry->manifest.database, arena, &why))
		return;
	entry->manifest = (struct manifest){0};
	distrust(entry, TRUST_UNREADABLE, arena, &why);
}

static bool load_entry(struct store *store, const char *database, const struct trusted_key_list *keys,
                       struct str signature, struct arena *arena, struct backup_entry *entry,
                       struct error *err)
{
	struct str text;

	if (!fetch(store, backup_key(database, entry->id, PART_MANIFEST, arena), MANIFEST_MOST_SIZE, arena, &text,
	           err))
		return false;
	entry->sha256 = digest_hex(arena, text);
	check_signature(entry, keys, text, signature, arena);
	judge_manifest(entry, database, text, arena);
	return true;
}

/* Some stores answer "not found" and "not allowed" alike, so a failure that is neither ends nothing yet. */
static bool look_for_signature(struct store *store, const char *database, struct arena *arena,
                               struct backup_entry *entry, struct str *out, struct error *err)
{
	if (fetch_signature(store, database, entry->id, arena, out, err))
		return true;
	*out = (struct str){0};
	if (!store_has_none(store))
		distrust(entry, TRUST_UNKNOWN, arena, err);
	return err->kind != ERROR_CANCELLED;
}

bool entry_load(struct store *store, const char *database, const char *id,
                const struct trusted_key_list *keys, struct arena *arena, struct backup_entry *out,
                struct error *err)
{
	struct backup_entry entry = {.id = id, .has_object = true};
	struct str signature;

	if (!look_for_signature(store, database, arena, &entry, &signature, err) ||
	    !load_entry(store, database, keys, signature, arena, &entry, err)) {
		error_context(err, "while looking for backup %s of \"%s\"", id, database);
		return err->hint[0] ? false : error_hint(err, "\"rung list-backups\" lists the backups.");
	}
	*out = entry;
	return true;
}

/* --- outside of a store ----------------------------------------------- */

/* What is there and cannot be read leaves `out` empty, and is distrusted as `failure`. False: not there. */
static bool read_beside(const char *object_path, const char *suffix, size_t most, enum trust failure,
                        struct arena *arena, struct backup_entry *entry, struct str *out)
{
	const char *name = arena_printf(arena, "%s%s", entry->id, suffix);
	const char *path = path_join(arena, path_directory(arena, object_path), name);
	struct error why;

	*out = (struct str){0};
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return false;
	if (!file_read(path, most, ERROR_STORAGE, arena, out, &why))
		distrust(entry, failure, arena, &why);
	return true;
}

bool entry_find_beside(const char *path, const struct trusted_key_list *keys, struct arena *arena,
                       struct backup_entry *out)
{
	struct backup_entry entry = {.has_object = true};
	struct str signature;
	struct str text;
	struct str id;
	enum part part;

	if (!backup_key_parse(path, &id, &part) || (part != PART_OBJECT && part != PART_PLAIN_OBJECT))
		return false;
	entry.id = str_copy(arena, id);
	if (!read_beside(path, ".json", MANIFEST_MOST_SIZE, TRUST_UNREADABLE, arena, &entry, &text))
		return false;
	entry.sha256 = digest_hex(arena, text);
	if (!entry.trouble) {
		(void)!read_beside(path, ".json.minisig", SIGNATURE_LARGEST, TRUST_UNKNOWN, arena, &entry,
		                   &signature);
		check_signature(&entry, keys, text, signature, arena);
		judge_manifest(&entry, NULL, text, arena);
	}
	*out = entry;
	return true;
}

/* --- all of them ------------------------------------------------------ */

/* The parts that are there, by id; the list is sorted, so those of one id lie together. */
struct backup_parts {
	struct str id;
	const char *names[PART_COUNT];
};

static void add_orphans(const struct backup_parts *parts, struct arena *arena, struct backup_list *out)
{
	for (int i = 0; i < PART_COUNT; i++)
		if (parts->names[i])
			*ARENA_PUSH(arena, out->orphans, out->orphan_count) = parts->names[i];
}

static bool add_backup(struct store *store, const char *database, const struct trusted_key_list *keys,
                       const struct backup_parts *parts, struct arena *arena, struct backup_list *out,
                       struct error *err)
{
	struct backup_entry entry = {.id = str_copy(arena, parts->id),
	                             .has_object = parts->names[PART_OBJECT] || parts->names[PART_PLAIN_OBJECT]};
	struct str signature = {0};

	if (parts->id.len == 0)
		return true;
	if (!parts->names[PART_MANIFEST]) {
		add_orphans(parts, arena, out);
		return true;
	}
	if ((parts->names[PART_SIGNATURE] &&
	     !fetch_signature(store, database, entry.id, arena, &signature, err)) ||
	    !load_entry(store, database, keys, signature, arena, &entry, err))
		return false;
	*ARENA_PUSH(arena, out->entries, out->count) = entry;
	return true;
}

static bool load_all(struct store *store, const char *database, const struct trusted_key_list *keys,
                     const struct object_list *objects, struct arena *arena, struct backup_list *out,
                     struct error *err)
{
	struct backup_parts parts = {0};

	for (size_t i = 0; i < objects->count; i++) {
		struct str id;
		enum part part;

		if (!backup_key_parse(objects->items[i].name, &id, &part))
			continue;
		if (!str_equal(id, parts.id)) {
			if (!add_backup(store, database, keys, &parts, arena, out, err))
				return false;
			parts = (struct backup_parts){.id = id};
		}
		parts.names[part] = objects->items[i].name;
	}
	return add_backup(store, database, keys, &parts, arena, out, err);
}

/* --- the chain -------------------------------------------------------- */

/* Of one second the numbers say which came first; before that the ids, which begin with their time. */
static int compare_entries(const void *a, const void *b)
{
	enum { TIME_LEN = sizeof("20261120T231500Z") - 1 };
	const struct backup_entry *left = a;
	const struct backup_entry *right = b;
	const int by_time = strncmp(left->id, right->id, TIME_LEN);
	const int64_t by_number = left->manifest.sequence - right->manifest.sequence;

	return by_time ? by_time : by_number ? (by_number > 0) - (by_number < 0) : strcmp(left->id, right->id);
}

static void warn(struct backup_list *backup_list, struct arena *arena, const char *sentence)
{
	*ARENA_PUSH(arena, backup_list->warnings, backup_list->warning_count) = sentence;
}

static const struct backup_entry *entry_find(const struct backup_list *backup_list, const char *id)
{
	for (size_t i = 0; i < backup_list->count; i++)
		if (strcmp(backup_list->entries[i].id, id) == 0)
			return &backup_list->entries[i];
	return NULL;
}

/*
 * What was removed by retention leaves gaps, which are only counted; a link that does not fit is a warning.
 */
static void check_link(struct backup_list *backup_list, const struct backup_entry *before,
                       const struct backup_entry *entry, struct arena *arena)
{
	const struct manifest *manifest = &entry->manifest;
	const struct backup_entry *previous =
	    manifest->previous.id ? entry_find(backup_list, manifest->previous.id) : NULL;

	if (before && manifest->sequence <= before->manifest.sequence)
		warn(backup_list, arena,
		     arena_printf(arena, "backup %s has number %lld, but %s before it has number %lld", entry->id,
		                  (long long)manifest->sequence, before->id, (long long)before->manifest.sequence));
	else if (manifest->sequence > (before ? before->manifest.sequence : 0) + 1)
		backup_list->gaps += (size_t)(manifest->sequence - (before ? before->manifest.sequence : 0) - 1);
	if (previous && manifest->previous.sha256 && strcmp(previous->sha256, manifest->previous.sha256) != 0)
		warn(backup_list, arena,
		     arena_printf(arena, "the manifest of %s is not the one that %s followed", previous->id,
		                  entry->id));
	if (!entry->has_object)
		warn(backup_list, arena, arena_printf(arena, "backup %s has a manifest but no object", entry->id));
}

static void check_chain(struct backup_list *backup_list, struct arena *arena)
{
	const struct backup_entry *before = NULL;

	for (size_t i = 0; i < backup_list->count; i++) {
		const struct backup_entry *entry = &backup_list->entries[i];

		if (entry->trouble)
			warn(backup_list, arena, arena_printf(arena, "backup %s: %s", entry->id, entry->trouble));
		if (entry->trust == TRUST_UNREADABLE)
			continue;
		check_link(backup_list, before, entry, arena);
		before = entry;
	}
}

bool backup_list_load(struct store *store, const char *database, const struct trusted_key_list *keys,
                      struct arena *arena, struct backup_list *out, struct error *err)
{
	struct backup_list backup_list = {.has_keys = keys->count > 0};
	struct object_list objects;

	if (!store_list(store, backup_folder(database, arena), arena, &objects, err) ||
	    !load_all(store, database, keys, &objects, arena, &backup_list, err))
		return error_context(err, "while reading the list of backups");
	if (backup_list.count)
		qsort(backup_list.entries, backup_list.count, sizeof(*backup_list.entries), compare_entries);
	check_chain(&backup_list, arena);
	*out = backup_list;
	return true;
}

/* --- choosing --------------------------------------------------------- */

/* Anyone who may write to the store decides what this is; where that matters, ask for the reliable one. */
const struct backup_entry *backup_list_newest(const struct backup_list *backup_list)
{
	for (size_t i = backup_list->count; i-- > 0;)
		if (backup_list->entries[i].trust != TRUST_UNREADABLE)
			return &backup_list->entries[i];
	return NULL;
}

const struct backup_entry *backup_list_newest_reliable(const struct backup_list *backup_list)
{
	if (!backup_list->has_keys)
		return backup_list_newest(backup_list);
	for (size_t i = backup_list->count; i-- > 0;)
		if (backup_list->entries[i].trust == TRUST_SIGNED)
			return &backup_list->entries[i];
	return NULL;
}

static bool find_by_beginning(const struct backup_list *backup_list, const char *text,
                              const struct backup_entry **out, struct error *err)
{
	const struct backup_entry *found = NULL;

	for (size_t i = 0; i < backup_list->count; i++) {
		if (!str_starts(str_of(backup_list->entries[i].id), text))
			continue;
		if (found)
			return error_set(err, ERROR_USAGE, "\"%s\" could mean backup %s or %s", text, found->id,
			                 backup_list->entries[i].id);
		found = &backup_list->entries[i];
	}
	*out = found;
	return true;
}

bool backup_list_find(const struct backup_list *backup_list, const char *text,
                      const struct backup_entry **out, struct error *err)
{
	const struct backup_entry *found = NULL;

	if (strcmp(text, "latest") == 0)
		found = backup_list_newest(backup_list);
	else if (*text && !find_by_beginning(backup_list, text, &found, err))
		return false;
	if (!found) {
		if (backup_list->count == 0) {
			error_set(err, ERROR_STORAGE, "no backup \"%s\": the store has none of this database", text);
			return error_hint(err, "\"rung backup\" makes one; --backup-store names another store.");
		}
		error_set(err, ERROR_STORAGE, "there is no backup \"%s\"", text);
		return error_hint(err, "\"rung list-backups\" lists the backups.");
	}
	*out = found;
	return true;
}

bool entry_check_trust(const struct backup_entry *entry, bool allow_unsigned, struct error *err)
{
	switch (entry->trust) {
	case TRUST_SIGNED:
		return true;
	case TRUST_FOREIGN:
		if (allow_unsigned)
			return true;
		error_set(err, ERROR_STORAGE, "cannot rely on backup %s: %s", entry->id, entry->trouble);
		return error_hint(err, "Name that key with --trusted-key if it is one of yours, or use "
		                       "--allow-unsigned if you know where the backup comes from.");
	case TRUST_UNKNOWN:
		if (allow_unsigned)
			return true;
		error_set(err, ERROR_STORAGE, "cannot tell whether backup %s is signed: %s", entry->id,
		          entry->trouble);
		return error_hint(err, "Try again, or use --allow-unsigned if you know where the backup comes from.");
	case TRUST_CHANGED:
	case TRUST_UNREADABLE:
		return error_set(err, ERROR_STORAGE, "cannot rely on backup %s: %s", entry->id, entry->trouble);
	case TRUST_UNCHECKED:
		if (allow_unsigned)
			return true;
		error_set(err, ERROR_STORAGE, "cannot tell who made backup %s: it is signed, but no key is trusted",
		          entry->id);
		return error_hint(err,
		                  "Name the key that signs backups with --trusted-key, or use --allow-unsigned.");
	case TRUST_UNSIGNED:
		if (allow_unsigned)
			return true;
		error_set(err, ERROR_STORAGE,
		          "backup %s is not signed: anyone with the public key could have made it", entry->id);
		return error_hint(err, "Use --allow-unsigned if you know where it comes from.");
	}
	return false;
}
