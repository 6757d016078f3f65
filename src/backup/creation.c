#include "backup/restoring.h"

#include <string.h>
#include <strings.h>

#include "base/buffer.h"

static void add_literal(struct buffer *sql, const char *word, const char *value)
{
	if (value && *value)
		buffer_printf(sql, " %s %s", word, quote_literal(sql->arena, value));
}

static void add_locale(struct buffer *sql, const struct database_facts *database)
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

bool creation_make(struct restoring *it, struct error *err)
{
	const struct proof *proof = it->proof;
	struct buffer sql = {.arena = it->arena};

	buffer_printf(&sql, "CREATE DATABASE %s TEMPLATE template0", quote_name(it->arena, it->options->into));
	if (proof->has_facts) {
		add_locale(&sql, &proof->facts.database);
		if (!it->options->no_owner && proof->facts.database.owner)
			buffer_printf(&sql, " OWNER %s", quote_name(it->arena, proof->facts.database.owner));
	}
	if (proof->has_facts && proof->facts.database.tablespace && !it->no_tablespaces)
		buffer_printf(&sql, " TABLESPACE %s", quote_name(it->arena, proof->facts.database.tablespace));
	it->is_created = execute(it->beside, buffer_cstr(&sql), NO_PARAMS, err);
	return it->is_created || error_context(err, "while creating the database \"%s\"", it->options->into);
}

/* --- what is not in an archive ---------------------------------------- */

/* These hold lists whose parts are quoted already. */
static bool is_list_setting(const char *name)
{
	static const char *const names[] = {"search_path", "temp_tablespaces", "session_preload_libraries",
	                                    "local_preload_libraries"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

/* "app.name" is two words, each a name of its own. */
static const char *quote_setting(struct arena *arena, const char *name)
{
	const char *dot = strchr(name, '.');

	if (!dot)
		return quote_name(arena, name);
	return arena_printf(arena, "%s.%s", quote_name(arena, arena_strndup(arena, name, (size_t)(dot - name))),
	                    quote_name(arena, dot + 1));
}

static void add_settings(struct buffer *sql, const struct facts *facts, const char *database)
{
	struct arena *arena = sql->arena;

	for (size_t i = 0; i < facts->setting_count; i++) {
		const struct setting_facts *setting = &facts->settings[i];
		const char *value =
		    is_list_setting(setting->name) ? setting->value : quote_literal(arena, setting->value);

		if (setting->role)
			buffer_printf(sql, "ALTER ROLE %s IN DATABASE %s SET %s TO %s;\n",
			              quote_name(arena, setting->role), database, quote_setting(arena, setting->name),
			              value);
		else
			buffer_printf(sql, "ALTER DATABASE %s SET %s TO %s;\n", database,
			              quote_setting(arena, setting->name), value);
	}
}

static void add_privileges(struct buffer *sql, const struct facts *facts, const char *database)
{
	if (facts->database.has_privileges)
		buffer_printf(sql, "REVOKE ALL ON DATABASE %s FROM PUBLIC;\n", database);
	for (size_t i = 0; i < facts->privilege_count; i++) {
		const struct privilege_facts *privilege = &facts->privileges[i];

		buffer_printf(sql, "GRANT %s ON DATABASE %s TO %s%s;\n", privilege->privilege, database,
		              *privilege->grantee ? quote_name(sql->arena, privilege->grantee) : "PUBLIC",
		              privilege->is_grantable ? " WITH GRANT OPTION" : "");
	}
}

bool creation_dress(struct restoring *it, struct error *err)
{
	const struct facts *facts = &it->proof->facts;
	const char *database = quote_name(it->arena, it->options->into);
	struct buffer sql = {.arena = it->arena};

	if (!it->proof->has_facts)
		return true;
	add_settings(&sql, facts, database);
	if (facts->database.connection_limit >= 0)
		buffer_printf(&sql, "ALTER DATABASE %s CONNECTION LIMIT %lld;\n", database,
		              (long long)facts->database.connection_limit);
	if (facts->database.comment)
		buffer_printf(&sql, "COMMENT ON DATABASE %s IS %s;\n", database,
		              quote_literal(it->arena, facts->database.comment));
	if (!it->options->no_acl)
		add_privileges(&sql, facts, database);
	return sql.len == 0 || execute_simple(it->beside, buffer_cstr(&sql), NULL, NULL, err) ||
	       error_context(err, "while setting up the database \"%s\"", it->options->into);
}
