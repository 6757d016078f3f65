/*
 * Lists as the catalogs' queries write them: "name=value" of storage parameters, "name 'value'" of
 * foreign-data options, joined by ", ". A value of the second kind is a literal, which may hold anything; one
 * of the first is a number or a word.
 */
#include <string.h>

#include "generate/change_plan_internal.h"
#include "pg/query.h"

static size_t name_length(struct str item)
{
	bool is_quoted = false;

	for (size_t i = 0; i < item.len; i++) {
		is_quoted ^= item.text[i] == '"';
		if (!is_quoted && (item.text[i] == '=' || item.text[i] == ' '))
			return i;
	}
	return item.len;
}

bool option_list_next(struct str *rest, struct str *name, struct str *value)
{
	struct str item;

	if (!item_list_next(rest, &item))
		return false;
	const size_t at = name_length(item);
	*name = str_slice(item, 0, at);
	*value = str_slice(item, at + (at < item.len), item.len);
	return true;
}

struct str option_list_find(const char *list, struct str name)
{
	struct str rest = str_of(list ? list : "");
	struct str found;
	struct str value;

	while (option_list_next(&rest, &found, &value))
		if (str_equal(found, name))
			return value;
	return (struct str){0};
}

/* --- changes of lists --------------------------------------------------------- */

const char *options_set(struct arena *arena, const char *before, const char *after, const char *prefix)
{
	struct buffer text = {.arena = arena};
	struct str rest = str_of(after ? after : "");
	struct str name;
	struct str value;

	while (option_list_next(&rest, &name, &value)) {
		const struct str had = option_list_find(before, name);

		if (had.text && str_equal(had, value))
			continue;
		buffer_printf(&text, "%s%s%.*s = %s", text.len ? ", " : "", prefix, STR_ARGS(name),
		              quote_literal(arena, str_copy(arena, value)));
	}
	return text.len ? buffer_cstr(&text) : NULL;
}

const char *options_reset(struct arena *arena, const char *before, const char *after, const char *prefix)
{
	struct buffer text = {.arena = arena};
	struct str rest = str_of(before ? before : "");
	struct str name;
	struct str value;

	while (option_list_next(&rest, &name, &value))
		if (!option_list_find(after, name).text)
			buffer_printf(&text, "%s%s%.*s", text.len ? ", " : "", prefix, STR_ARGS(name));
	return text.len ? buffer_cstr(&text) : NULL;
}

const char *foreign_options_change(struct arena *arena, const char *before, const char *after)
{
	struct buffer text = {.arena = arena};
	struct str rest = str_of(after ? after : "");
	struct str name;
	struct str value;

	while (option_list_next(&rest, &name, &value)) {
		const struct str had = option_list_find(before, name);

		if (!had.text || !str_equal(had, value))
			buffer_printf(&text, "%s%s %.*s %.*s", text.len ? ", " : "", had.text ? "SET" : "ADD",
			              STR_ARGS(name), STR_ARGS(value));
	}
	rest = str_of(before ? before : "");
	while (option_list_next(&rest, &name, &value))
		if (!option_list_find(after, name).text)
			buffer_printf(&text, "%sDROP %.*s", text.len ? ", " : "", STR_ARGS(name));
	return text.len ? buffer_cstr(&text) : "";
}
