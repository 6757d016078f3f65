/*
 * pg_db_role_setting holds "name=value". For most settings the value is one literal; for a list of names
 * it is a list of literals, and '"a, b"' as one literal would be one schema called so. Which settings are
 * such lists is marked in the server's own table (GUC_LIST_QUOTE), which clients cannot ask for, so
 * pg_dump has a copy of the names and so have we. A later major may add one: compare when a major is
 * added.
 */
#include "backup/rights/setting.h"

#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "pg/query.h"

static bool is_list(const char *name)
{
	static const char *const names[] = {"local_preload_libraries",   "search_path",
	                                    "session_preload_libraries", "shared_preload_libraries",
	                                    "temp_tablespaces",          "unix_socket_directories"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t\n\r\f\v");
}

/* From after the opening quote to after the closing one; NULL when there is none. */
static const char *take_quoted(const char *at, struct buffer *element)
{
	for (;; at += 2) {
		const char *quote = strchr(at, '"');

		if (!quote)
			return NULL;
		buffer_add(element, (struct str){at, (size_t)(quote - at)});
		if (quote[1] != '"')
			return quote + 1;
		buffer_text(element, "\"");
		at = quote;
	}
}

static const char *take_plain(const char *at, struct buffer *element)
{
	const size_t len = strcspn(at, ", \t\n\r\f\v");

	buffer_add(element, (struct str){at, len});
	return len ? at + len : NULL;
}

/* Adds the element at `at` as a literal; after it, or NULL when it is none. */
static const char *take_element(const char *at, struct buffer *sql)
{
	struct buffer element = {.arena = sql->arena};

	at = *at == '"' ? take_quoted(at + 1, &element) : take_plain(at, &element);
	buffer_printf(sql, "%s%s", sql->len ? ", " : "", quote_literal(sql->arena, buffer_cstr(&element)));
	return at ? skip_blanks(at) : NULL;
}

static const char *list_sql(const char *value, struct arena *arena)
{
	struct buffer sql = {.arena = arena};
	const char *at = skip_blanks(value);

	if (!*at)
		return "''";
	for (;;) {
		at = take_element(at, &sql);
		if (!at || (*at && *at != ','))
			return NULL;
		if (!*at)
			return buffer_cstr(&sql);
		at = skip_blanks(at + 1);
	}
}

const char *setting_value_sql(const char *name, const char *value, struct arena *arena)
{
	return is_list(name) ? list_sql(value, arena) : quote_literal(arena, value);
}

const char *setting_name_sql(const char *name, struct arena *arena)
{
	const char *dot = strchr(name, '.');

	if (!dot)
		return quote_name(arena, name);
	return arena_printf(arena, "%s.%s", quote_name(arena, arena_strndup(arena, name, (size_t)(dot - name))),
	                    quote_name(arena, dot + 1));
}
