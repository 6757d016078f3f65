/*
 * What pg_dumpall wrote is SQL of roles, of which only some are wanted, and those without passwords and
 * grantors. It is split into statements by the lexer that reads migrations, as a name may hold a semicolon
 * or a quote; what a statement is about is then told by its first words, which pg_dumpall always writes
 * alike.
 *
 * All roles come before any membership: a role may be granted to one that is created later in the text. A
 * role that was not recorded is created bare, so that what it owns has an owner.
 */
#include "backup/restore/globals.h"

#include <string.h>

#include "pg/query.h"
#include "sql/script.h"

/* pg_dumpall quotes names only where it must. */
struct role_name {
	const char *plain;
	const char *quoted;
};

static const char *find(struct str text, const char *word)
{
	return memmem(text.text, text.len, word, strlen(word));
}

static bool is_said_of(struct str text, const char *before, const char *name)
{
	const size_t len = strlen(before);
	const size_t end = len + strlen(name);

	return text.len >= end && memcmp(text.text, before, len) == 0 &&
	       memcmp(text.text + len, name, end - len) == 0 && (text.len == end || text.text[end] == ' ');
}

static bool names(struct str text, const char *before, const struct role_name *role)
{
	return is_said_of(text, before, role->plain) || is_said_of(text, before, role->quoted);
}

/* Settings in one database are that database's: they are restored with it. */
static bool makes(struct str text, const struct role_name *role)
{
	return names(text, "CREATE ROLE ", role) ||
	       (names(text, "ALTER ROLE ", role) && !find(text, " IN DATABASE "));
}

static bool makes_member(struct str text, const struct role_name *role)
{
	if (!str_starts(text, "GRANT "))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (names(str_slice(text, i, text.len), " TO ", role))
			return true;
	return false;
}

/* Who granted it then may be nobody here. */
static struct str without_grantor(struct str text)
{
	const char *end = find(text, " GRANTED BY ");

	return end ? str_slice(text, 0, (size_t)(end - text.text)) : text;
}

static bool add(const struct script *script, const char *role,
                bool (*wanted)(struct str, const struct role_name *), struct buffer *sql)
{
	const struct role_name name = {role, quote_name(sql->arena, role)};
	bool found = false;

	for (size_t i = 0; i < script->count; i++) {
		const struct str text = script->statements[i].text;

		if (!wanted(text, &name))
			continue;
		found = true;
		buffer_add(sql, without_grantor(text));
		buffer_text(sql, ";\n");
	}
	return found;
}

bool globals_roles(const char *globals, const char *const *roles, size_t count, struct buffer *sql,
                   struct error *err)
{
	scoped_script struct script script = {0};
	const struct script_options options = {0};

	if (!script_parse(str_of(globals ? globals : ""), "the recorded roles", &options, sql->arena, &script,
	                  err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!add(&script, roles[i], makes, sql))
			buffer_printf(sql, "CREATE ROLE %s;\n", quote_name(sql->arena, roles[i]));
	for (size_t i = 0; i < count; i++)
		(void)!add(&script, roles[i], makes_member, sql);
	return true;
}
