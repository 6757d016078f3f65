/*
 * Values given from outside can be passwords, so no value is ever written down; and still a migration
 * that stopped must not continue with another tenant's name. A digest tells whether two values are the same.
 * It is an HMAC keyed with the migration's number and the variable's name, so that equal values in two
 * places do not look equal, and 16 bytes of it, which is enough to tell values apart.
 *
 * When the same value is required follows from what it has done. A rollback has to name what the way up
 * made. A migration that continues needs it for what has run, and not for a variable that is first used
 * after that point; in the middle of a batch the statement at hand counts as run.
 *
 * "unset" cannot be mistaken for a digest: those are hexadecimal. The list is split at commas and the
 * first "=", which names of psql's variables cannot contain.
 */
#include "apply/step/given_variables.h"

#include <inttypes.h>
#include <string.h>

#include "apply/run.h"
#include "base/buffer.h"
#include "base/digest.h"
#include "migration/batch_directive.h"

enum { KEPT_BYTES = 16 };

static const char unset[] = "unset";

static const char *digest_text(const struct script_variable *use, int64_t version, struct arena *arena)
{
	uint8_t digest[DIGEST_SIZE];

	if (!use->value)
		return unset;
	digest_hmac(str_of(arena_printf(arena, "%" PRId64 " %s", version, use->name)), str_of(use->value),
	            digest);
	return hex_text(arena, digest, KEPT_BYTES);
}

const char *given_variables_text(const struct script *script, int64_t version, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (size_t i = 0; i < script->use_count; i++)
		buffer_printf(&text, "%s%s=%s", i ? "," : "", script->uses[i].name,
		              digest_text(&script->uses[i], version, arena));
	return script->use_count ? buffer_cstr(&text) : NULL;
}

/* "tenant=3f2a..." off the front. */
static bool next_recorded(struct str *rest, struct str *name, struct str *digest)
{
	struct str part;

	if (!str_split_next(rest, ',', &part))
		return false;
	const size_t equals = str_index(part, '=');
	*name = str_slice(part, 0, equals);
	*digest = str_slice(part, equals + 1, part.len);
	return true;
}

const char *given_variables_names(const char *text, struct arena *arena)
{
	struct buffer names = {.arena = arena};
	struct str rest = str_of(text ? text : "");
	struct str name;
	struct str digest;

	while (next_recorded(&rest, &name, &digest))
		buffer_printf(&names, "%s%.*s", names.len ? ", " : "", STR_ARGS(name));
	return names.len ? buffer_cstr(&names) : NULL;
}

static const struct script_variable *find_use(const struct script *script, struct str name)
{
	for (size_t i = 0; i < script->use_count; i++)
		if (str_is(name, script->uses[i].name))
			return &script->uses[i];
	return NULL;
}

static bool refuse(const struct step *step, struct str name, const char *how, struct error *err)
{
	const bool is_rollback = step->action == STEP_ROLLBACK;

	error_set(err, ERROR_CONFIG, "\"%s\" was %s with %s of the variable \"%.*s\"", step_name(step),
	          is_rollback && step->record->state == RECORD_APPLIED ? "applied" : "begun", how,
	          STR_ARGS(name));
	return error_hint(err,
	                  "Give the same value again: --set %.*s=VALUE, or the environment variable that the "
	                  "file reads. Only a digest of it was kept.",
	                  STR_ARGS(name));
}

/* An edited file, or the other one of a pair, need not use what was used. */
static bool must_use(const struct step *step)
{
	const struct migration *migration = step->migration;

	return step->action == STEP_RESUME && migration && step->record->checksum &&
	       strcmp(migration->checksum, step->record->checksum) == 0;
}

/* A stopped migration continues with other values than those that what is done has used, or is in the middle
 * of. */
static bool is_still_free(const struct step *step, const struct script *script,
                          const struct script_variable *use)
{
	const size_t done = (size_t)step->record->statements_done;

	if (step->action != STEP_RESUME || use->first < done)
		return false;
	return use->first > done || done >= script->count || !batch_is_wanted(&script->statements[done]);
}

static bool check_one(const struct step *step, const struct script *script, struct str name,
                      struct str digest, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const struct script_variable *use = find_use(script, name);

	if (use && is_still_free(step, script, use))
		return true;
	if (!use && must_use(step) && !str_is(digest, unset))
		return refuse(step, name, "a value", err);
	if (!use || str_is(digest, digest_text(use, step->record->version, &arena)))
		return true;
	if (str_is(digest, unset))
		return refuse(step, name, "no value", err);
	return refuse(step, name, use->value ? "another value" : "a value", err);
}

bool given_variables_check(const struct step *step, const struct script *script, struct error *err)
{
	struct str rest = str_of(step->record && step->record->variables ? step->record->variables : "");
	struct str name;
	struct str digest;

	if (step_runs_again(step))
		return true;
	while (next_recorded(&rest, &name, &digest))
		if (!check_one(step, script, name, digest, err))
			return false;
	return true;
}
