#include "command/choice.h"

#include <string.h>

#include "base/file.h"
#include "command/witness.h"

void choice_clear(struct choice *choice)
{
	spool_close(&choice->spool);
	vault_clear(&choice->vault);
}

/* Whoever can put a file into the working directory must not choose in place of these words. */
static bool is_word(const char *text)
{
	return strcmp(text, "latest") == 0 || is_backup_id_beginning(str_of(text));
}

static bool is_file(const char *text)
{
	return strchr(text, '/') || (!is_word(text) && file_exists(text));
}

/* --- in the store ----------------------------------------------------- */

static bool check_newest(struct vault *vault, const struct catalogue *catalogue, struct error *err)
{
	struct witness witness;
	const char *contradiction;

	witness_ask(vault->context, &witness);
	contradiction = witness_contradicts(&witness, catalogue, vault->context->arena);
	return !contradiction || witness_refuse(contradiction, err);
}

/* The manifest before it by its name: for those who may not list as well. What retention removed is no lie.
 */
bool choice_check_link(struct vault *vault, const struct entry *entry, struct error *err)
{
	const char *previous = entry->manifest.previous.id;
	const char *sha256 = entry->manifest.previous.sha256;
	struct entry before;
	struct error why;

	if (!previous || !sha256)
		return true;
	if (!is_backup_id(str_of(previous)) ||
	    !entry_load(vault->store, entry->manifest.database, previous, &vault->trusted, vault->context->arena,
	                &before, &why)) {
		event_debug(vault->context->reporter, "the backup before %s is no longer there: %s", entry->id,
		            previous);
		return true;
	}
	return strcmp(before.sha256, sha256) == 0 ||
	       error_set(err, ERROR_STORAGE, "the manifest of %s is not the one that %s followed", previous,
	                 entry->id);
}

bool choice_find(struct vault *vault, const char *text, struct entry *out, struct error *err)
{
	struct catalogue catalogue;
	const struct entry *entry = NULL;

	if (is_backup_id(str_of(text)) && vault->database)
		return vault_open_store(vault, err) && entry_load(vault->store, vault->database, text,
		                                                  &vault->trusted, vault->context->arena, out, err);
	if (!vault_load(vault, &catalogue, err) || !catalogue_find(&catalogue, text, &entry, err) ||
	    (strcmp(text, "latest") == 0 && !check_newest(vault, &catalogue, err)))
		return false;
	*out = *entry;
	return true;
}

static void follow_manifest(const struct manifest *manifest, struct restore_options *options)
{
	options->is_sealed = strcmp(manifest->encryption, "none") != 0;
	options->most_size = (uint64_t)manifest->expanded_size + 1;
}

bool choice_fetch(struct context *context, const struct entry *entry, struct choice *out, struct error *err)
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
	if (!vault_restore_options(&out->vault, &out->options, err) ||
	    !spool_fetch(out->vault.store, entry, context->reporter, context->arena, &out->spool, err))
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
	const struct option_row *options = context->command->options;

	for (size_t i = 0; options[i].flag; i++)
		if (strcmp(options[i].flag, "--raw") == 0)
			return context->option_values[i] != NULL;
	return false;
}

/* Who takes a file unsigned takes its manifest so as well: it tells a file that is damaged or another. */
static void accept_unsigned(struct context *context, struct choice *it, const struct entry *beside)
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
static bool check_file_trust(struct context *context, struct choice *it, struct error *err)
{
	struct entry entry;
	const bool is_known = entry_find_beside(it->path, &it->vault.trusted, context->arena, &entry);

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
		return error_hint(err, "Use --allow-unsigned to take the file \"%s\" by itself.", it->path);
	}
	error_set(err, ERROR_USAGE, "the file \"%s\" is not signed", it->path);
	return error_hint(err,
	                  "Use --allow-unsigned when you know where it comes from; a signed manifest beside it "
	                  "(ID.json, ID.json.minisig) says so too.");
}

static bool open_file(struct choice *out, struct error *err)
{
	struct context *context = out->vault.context;

	if (!vault_restore_options(&out->vault, &out->options, err) ||
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
static bool find_in_store(struct choice *out, const char *text, struct error *err)
{
	if (choice_find(&out->vault, text, &out->entry, err))
		return true;
	if (strcmp(text, "latest") != 0 && !is_backup_id(str_of(text)) && !*err->detail)
		return error_detail(err, "There is no file of that name either.");
	return false;
}

bool choice_look(struct context *context, const char *text, struct choice *out, struct error *err)
{
	if (!out->vault.context && !vault_open(context, VAULT_READS, &out->vault, err))
		return false;
	if (!is_file(text))
		return find_in_store(out, text, err);
	out->path = text;
	return check_file_trust(context, out, err);
}

bool choice_take(struct context *context, struct choice *choice, struct error *err)
{
	const struct entry entry = choice->entry;

	return choice->path ? open_file(choice, err) : choice_fetch(context, &entry, choice, err);
}

bool choice_open(struct context *context, const char *text, struct choice *out, struct error *err)
{
	return choice_look(context, text, out, err) && choice_take(context, out, err);
}
