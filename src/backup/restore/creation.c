/*
 * template0 and not template1, because what was added to template1 would collide with the archive, and
 * because only template0 can be copied with another encoding or locale (PostgreSQL's manual, "Template
 * Databases").
 *
 * A restore can be killed at any point and leaves a database that looks like a good one. So its first
 * statement after creation is a comment that says it is not whole, and the recorded comment, or none,
 * replaces it as the very last. creation_check_absent() reads it to tell such an incomplete database from one
 * in use.
 *
 * What the backup says of roles, settings and privileges was chosen by the owner of the old database.
 * Names and values are quoted, words that cannot be quoted are looked up in a list, and each statement
 * goes by itself through the extended protocol, which takes no second one.
 */
#include "backup/restore/restore_internal.h"

#include <string.h>

#include "backup/rights/setting.h"
#include "base/buffer.h"
#include "base/clock.h"

static void add_literal(struct buffer *sql, const char *word, const char *value)
{
	if (value && *value)
		buffer_printf(sql, " %s %s", word, quote_literal(sql->arena, value));
}

static void add_locale(struct buffer *sql, const struct database_basics *database)
{
	add_literal(sql, "ENCODING", database->encoding);
	add_literal(sql, "LC_COLLATE", database->collate);
	add_literal(sql, "LC_CTYPE", database->ctype);
	if (database->provider && strcmp(database->provider, "i") == 0) {
		buffer_text(sql, " LOCALE_PROVIDER icu");
		add_literal(sql, "ICU_LOCALE", database->locale);
		add_literal(sql, "ICU_RULES", database->rules);
	} else if (database->provider && strcmp(database->provider, "b") == 0) {
		buffer_text(sql, " LOCALE_PROVIDER builtin");
		add_literal(sql, "BUILTIN_LOCALE", database->locale);
	}
}

/* --- whole or not ------------------------------------------------------ */

static const char unfinished[] = "A restore by rung is not finished";

static bool comment(struct restoring *it, const char *text, struct error *err)
{
	return execute(it->beside,
	               arena_printf(it->arena, "COMMENT ON DATABASE %s IS %s",
	                            quote_name(it->arena, it->options->into),
	                            text ? quote_literal(it->arena, text) : "NULL"),
	               NO_PARAMS, err);
}

/* Anyone who finds it after we were killed can tell it from a good one. */
static bool mark(struct restoring *it, struct error *err)
{
	const char *id = it->options->id;

	return comment(it,
	               arena_printf(it->arena, "%s: %s%s, begun %s", unfinished, id ? "backup " : "a file",
	                            id ? id : "", clock_timestamp(it->arena)),
	               err);
}

/* The columns of restore_exists.sql. */
enum {
	EXISTING_NAME,
	EXISTING_COMMENT,
};

bool creation_check_absent(struct session *beside, const char *name, struct arena *arena, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!query(beside, SQL_restore_exists, PARAMS(name), &rows, err))
		return false;
	if (rows_count(rows) == 0)
		return true;
	error_set(err, ERROR_USAGE, "cannot restore into \"%s\": a database of that name exists", name);
	const char *said = rows_text(rows, 0, EXISTING_COMMENT);
	if (!said || !str_starts(str_of(said), unfinished))
		return error_hint(
		    err,
		    "A restore creates a new database: choose another name, and use --swap to replace the old one.");
	error_detail(err, "It was left by a restore that did not finish. %s.", said);
	return error_hint(err, "Unless that restore is still running, this removes it: DROP DATABASE %s;",
	                  quote_name(arena, name));
}

bool creation_make(struct restoring *it, struct error *err)
{
	const struct proof *proof = it->proof;
	struct buffer sql = {.arena = it->arena};

	buffer_printf(&sql, "CREATE DATABASE %s TEMPLATE template0", quote_name(it->arena, it->options->into));
	if (proof->has_summary) {
		add_locale(&sql, &proof->summary.database);
		if (!it->options->no_owner && proof->summary.database.owner)
			buffer_printf(&sql, " OWNER %s", quote_name(it->arena, proof->summary.database.owner));
	}
	if (proof->has_summary && proof->summary.database.tablespace && !it->no_tablespaces)
		buffer_printf(&sql, " TABLESPACE %s", quote_name(it->arena, proof->summary.database.tablespace));
	it->is_created = execute(it->beside, buffer_cstr(&sql), NO_PARAMS, err);
	return (it->is_created && mark(it, err)) ||
	       error_context(err, "while creating the database \"%s\"", it->options->into);
}

/* --- what is not in an archive ---------------------------------------- */

/* Each by itself: what one of them holds cannot become another statement. */
static bool dress(struct restoring *it, const char *sql, struct error *err)
{
	return execute(it->beside, sql, NO_PARAMS, err) ||
	       error_context(err, "while setting up the database \"%s\"", it->options->into);
}

static bool dress_setting(struct restoring *it, const struct setting_summary *setting, struct error *err)
{
	struct arena *arena = it->arena;
	const char *database = quote_name(arena, it->options->into);
	const char *value = setting_value_sql(setting->name, setting->value, arena);
	const char *whose = setting->role ? arena_printf(arena, "ROLE %s IN DATABASE %s",
	                                                 quote_name(arena, setting->role), database)
	                                  : arena_printf(arena, "DATABASE %s", database);

	if (!value) {
		event_warning(it->options->reporter, "the setting %s is left out, \"%s\" is not a list of names",
		              setting->name, setting->value);
		return true;
	}
	return dress(
	    it,
	    arena_printf(arena, "ALTER %s SET %s TO %s", whose, setting_name_sql(setting->name, arena), value),
	    err);
}

static bool dress_settings(struct restoring *it, struct error *err)
{
	const struct database_summary *summary = &it->proof->summary;

	for (size_t i = 0; i < summary->setting_count; i++)
		if (!(it->rights.skipped_settings && it->rights.skipped_settings[i]) &&
		    !dress_setting(it, &summary->settings[i], err))
			return false;
	return true;
}

static bool dress_limit(struct restoring *it, struct error *err)
{
	const long long limit = it->proof->summary.database.connection_limit;

	return limit < 0 || dress(it,
	                          arena_printf(it->arena, "ALTER DATABASE %s CONNECTION LIMIT %lld",
	                                       quote_name(it->arena, it->options->into), limit),
	                          err);
}

static bool is_privilege(const char *word)
{
	static const char *const words[] = {"CREATE", "CONNECT", "TEMPORARY"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

/*
 * A new database grants CONNECT and TEMPORARY to PUBLIC by itself; where the old one had privileges of
 * its own, that must go first.
 */
static bool dress_privileges(struct restoring *it, struct error *err)
{
	struct arena *arena = it->arena;
	const struct database_summary *summary = &it->proof->summary;
	const char *database = quote_name(arena, it->options->into);

	if (it->options->no_acl)
		return true;
	if (summary->database.has_privileges &&
	    !dress(it, arena_printf(arena, "REVOKE ALL ON DATABASE %s FROM PUBLIC", database), err))
		return false;
	for (size_t i = 0; i < summary->privilege_count; i++) {
		const struct privilege_summary *privilege = &summary->privileges[i];
		const char *grantee = *privilege->grantee ? quote_name(arena, privilege->grantee) : "PUBLIC";

		if (is_privilege(privilege->privilege) &&
		    !dress(it,
		           arena_printf(arena, "GRANT %s ON DATABASE %s TO %s%s", privilege->privilege, database,
		                        grantee, privilege->is_grantable ? " WITH GRANT OPTION" : ""),
		           err))
			return false;
	}
	return true;
}

/* The comment last: until then it says that this is not whole. */
bool creation_dress(struct restoring *it, struct error *err)
{
	return (!it->proof->has_summary ||
	        (dress_settings(it, err) && dress_limit(it, err) && dress_privileges(it, err))) &&
	       (comment(it, it->proof->summary.database.comment, err) ||
	        error_context(err, "while setting up the database \"%s\"", it->options->into));
}
