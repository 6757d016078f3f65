/*
 * Words win over files: an empty file called "latest" in the working directory once made "restore latest"
 * restore that file. A file of such a name needs "./".
 *
 * Choosing is split in two, because it is quick and fetching may take hours. Everything that can be
 * refused by names alone is refused between the two. The backup context is opened once, since keys may
 * come out of a pipe that can be read once.
 *
 * What is chosen is trusted by its manifest: in the store, or lying beside the file. --allow-unsigned
 * accepts what nobody signed, never what was signed and changed. For a file taken so the manifest beside
 * it is still used for size and hash, since that tells a damaged file, if not a forged one.
 *
 * What is expected to be encrypted must be (is_sealed): otherwise anyone who may write to the store could
 * put a plain dump of theirs in its place.
 */
#include "command/backup/backup_select.h"

#include <string.h>

#include "base/file.h"
#include "command/backup/backup_log.h"

void backup_select_clear(struct backup_selection *selection)
{
	spool_close(&selection->spool);
	backup_context_clear(&selection->backups);
}

/* Anyone who can put a file into the working directory must not choose in place of these words. */
static bool is_word(const char *text)
{
	return strcmp(text, "latest") == 0 || is_backup_id_beginning(str_of(text));
}

static bool is_file(const char *text)
{
	return strchr(text, '/') || (!is_word(text) && file_exists(text));
}

/* --- in the store ----------------------------------------------------- */

static bool check_newest(struct backup_context *backups, const struct backup_list *backup_list,
                         struct error *err)
{
	struct backup_log backup_log;
	const char *contradiction;

	backup_log_ask(backups->context, &backup_log);
	contradiction = backup_log_contradicts(&backup_log, backup_list, backups->context->arena);
	return !contradiction || backup_log_refuse(contradiction, err);
}

static void say_unread(struct backup_context *backups, const char *id, const char *previous,
                       const struct error *why)
{
	struct reporter *reporter = backups->context->reporter;

	if (store_has_none(backups->store))
		event_debug(reporter, "the backup before %s is no longer there: %s", id, previous);
	else
		event_warning(reporter, "whether backup %s follows %s is not known: %s", id, previous, why->message);
}

/*
 * The manifest before it by its name: for those who may not list as well. What retention removed is no lie;
 * what cannot be read is said, as nothing is known then.
 */
bool backup_select_check_link(struct backup_context *backups, const struct backup_entry *entry,
                              struct error *err)
{
	const char *previous = entry->manifest.previous.id;
	const char *sha256 = entry->manifest.previous.sha256;
	struct backup_entry before;
	struct error why;

	if (!previous || !sha256)
		return true;
	if (!is_backup_id(str_of(previous)))
		return true;
	if (!entry_load(backups->store, entry->manifest.database, previous, &backups->trusted,
	                backups->context->arena, &before, &why)) {
		if (why.kind == ERROR_CANCELLED)
			return error_set(err, ERROR_CANCELLED, "%s", why.message);
		say_unread(backups, entry->id, previous, &why);
		return true;
	}
	return strcmp(before.sha256, sha256) == 0 ||
	       error_set(err, ERROR_STORAGE, "the manifest of %s is not the one that %s followed", previous,
	                 entry->id);
}

bool backup_select_find(struct backup_context *backups, const char *text, struct backup_entry *out,
                        struct error *err)
{
	struct backup_list backup_list;
	const struct backup_entry *entry = NULL;

	if (is_backup_id(str_of(text)) && backups->database)
		return backup_context_open_store(backups, err) &&
		       entry_load(backups->store, backups->database, text, &backups->trusted, backups->context->arena,
		                  out, err);
	if (!backup_context_load(backups, &backup_list, err) ||
	    !backup_list_find(&backup_list, text, &entry, err) ||
	    (strcmp(text, "latest") == 0 && !check_newest(backups, &backup_list, err)))
		return false;
	*out = *entry;
	return true;
}

/* Plus one, since 0 would mean any size. */
static void follow_manifest(const struct manifest *manifest, struct restore_options *options)
{
	options->is_sealed = strcmp(manifest->encryption, "none") != 0;
	options->most_size = (uint64_t)manifest->expanded_size + 1;
}

bool backup_select_fetch(struct context *context, const struct backup_entry *entry,
                         struct backup_selection *out, struct error *err)
{
	const bool allow_unsigned = option_is_given(context, "--allow-unsigned");

	if (!entry_check_trust(entry, allow_unsigned, err))
		return false;
	if (!entry->has_object)
		return error_set(err, ERROR_STORAGE, "cannot read backup %s: its object is not in the store",
		                 entry->id);
	if (entry->trust != TRUST_SIGNED)
		event_warning(context->reporter, "no trusted key signed backup %s%s%s", entry->id,
		              entry->trouble ? ": " : "", entry->trouble ? entry->trouble : "");
	if (!backup_context_restore_options(&out->backups, &out->options, err) ||
	    !spool_fetch(out->backups.store, entry, context->reporter, context->arena, &out->spool, err))
		return false;
	out->entry = *entry;
	out->options.id = entry->id;
	follow_manifest(&entry->manifest, &out->options);
	return true;
}

/* --- a file ----------------------------------------------------------- */

/* Only decrypting runs nothing that is in the file. */
static bool only_decrypts(const struct context *context)
{
	return option_is_offered(context, "--raw") && option_is_given(context, "--raw");
}

/* Who takes a file unsigned takes its manifest so as well: it tells a file that is damaged or another. */
static void accept_unsigned(struct context *context, struct backup_selection *it,
                            const struct backup_entry *beside)
{
	event_warning(context->reporter, "no trusted key signed \"%s\"", it->path);
	if (beside && (beside->trust == TRUST_CHANGED || beside->trust == TRUST_UNREADABLE))
		event_warning(context->reporter,
		              "the manifest beside it is not used, so its size and hash are not compared: %s",
		              beside->trouble);
	else if (beside)
		it->entry = *beside;
}

/* A file lies beside its manifest and signature, or somebody says aloud that it may be trusted. */
static bool check_file_trust(struct context *context, struct backup_selection *it, struct error *err)
{
	struct backup_entry entry;
	const bool is_known = entry_find_beside(it->path, &it->backups.trusted, context->arena, &entry);

	if (only_decrypts(context))
		return true;
	if (is_known && entry.trust == TRUST_SIGNED) {
		it->entry = entry;
		return true;
	}
	if (option_is_given(context, "--allow-unsigned")) {
		accept_unsigned(context, it, is_known ? &entry : NULL);
		return true;
	}
	if (is_known && entry.trust != TRUST_UNSIGNED) {
		if (entry_check_trust(&entry, false, err))
			return true;
		return error_hint(err, "Use --allow-unsigned to use the file \"%s\" without it.", it->path);
	}
	error_set(err, ERROR_USAGE, "the file \"%s\" is not signed", it->path);
	return error_hint(err, "Use --allow-unsigned if you know where it comes from, or put its signed manifest "
	                       "(ID.json, ID.json.minisig) beside it.");
}

static bool open_file(struct backup_selection *out, struct error *err)
{
	struct context *context = out->backups.context;

	if (!backup_context_restore_options(&out->backups, &out->options, err) ||
	    !spool_open_file(out->path, context->arena, &out->spool, err))
		return false;
	out->options.is_sealed = str_ends(str_of(out->path), ".age");
	out->options.may_be_script = strstr(path_name(out->path), ".sql") != NULL;
	if (!out->entry.id)
		return true;
	out->options.id = out->entry.id;
	follow_manifest(&out->entry.manifest, &out->options);
	return spool_compare(out->spool, &out->entry, context->reporter, err);
}

/* --- both ------------------------------------------------------------- */

/* What cannot be had from the store may have been meant as a file. */
static bool find_in_store(struct backup_selection *out, const char *text, struct error *err)
{
	if (backup_select_find(&out->backups, text, &out->entry, err))
		return true;
	if (strcmp(text, "latest") != 0 && !is_backup_id(str_of(text)) && !*err->detail)
		return error_detail(err, "There is no file of that name either.");
	return false;
}

bool backup_select_look(struct context *context, const char *text, struct backup_selection *out,
                        struct error *err)
{
	if (!out->backups.context && !backup_context_open(context, BACKUP_READS, &out->backups, err))
		return false;
	if (!is_file(text))
		return find_in_store(out, text, err);
	out->path = text;
	return check_file_trust(context, out, err);
}

bool backup_select_take(struct context *context, struct backup_selection *selection, struct error *err)
{
	const struct backup_entry entry = selection->entry;

	return selection->path ? open_file(selection, err) : backup_select_fetch(context, &entry, selection, err);
}

bool backup_select_open(struct context *context, const char *text, struct backup_selection *out,
                        struct error *err)
{
	return backup_select_look(context, text, out, err) && backup_select_take(context, out, err);
}
