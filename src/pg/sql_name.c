/*
 * Text that becomes part of SQL: names, literals, arrays, and the words of our own queries that stand for
 * them. Names are always quoted, so that none is taken for a keyword or folded; a literal with a backslash
 * is written as E'', which means the same under either setting of standard_conforming_strings.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "pg/query.h"

static char *quote_with(struct arena *arena, const char *text, char quote)
{
	struct buffer quoted = {.arena = arena};

	buffer_char(&quoted, quote);
	for (; *text; text++) {
		if (*text == quote)
			buffer_char(&quoted, quote);
		buffer_char(&quoted, *text);
	}
	buffer_char(&quoted, quote);
	return buffer_cstr(&quoted);
}

const char *unquote_name(struct arena *arena, const char *name)
{
	const size_t len = strlen(name);

	if (len < 2 || name[0] != '"')
		return name;
	char *out = arena_alloc(arena, len + 1);
	size_t at = 0;
	for (size_t i = 1; i + 1 < len; i++) {
		out[at++] = name[i];
		i += name[i] == '"';
	}
	return out;
}

char *quote_name(struct arena *arena, const char *name)
{
	return quote_with(arena, name, '"');
}

char *array_text(const char *const *items, size_t count, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	buffer_char(&text, '{');
	for (size_t i = 0; i < count; i++) {
		buffer_text(&text, i ? ",\"" : "\"");
		for (const char *c = items[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				buffer_char(&text, '\\');
			buffer_char(&text, *c);
		}
		buffer_char(&text, '"');
	}
	buffer_char(&text, '}');
	return buffer_cstr(&text);
}

char *name_with_tail(struct arena *arena, const char *head, const char *tail)
{
	size_t len = strlen(head);

	if (len + strlen(tail) > NAME_MOST_LEN)
		for (len = NAME_MOST_LEN - strlen(tail); len > 0 && ((unsigned char)head[len] & 0xC0) == 0x80;)
			len--;
	return arena_printf(arena, "%.*s%s", (int)len, head, tail);
}

char *quote_literal(struct arena *arena, const char *text)
{
	if (!text)
		return arena_strdup(arena, "NULL");
	if (!strchr(text, '\\'))
		return quote_with(arena, text, '\'');

	/* Safe under either setting of standard_conforming_strings. */
	struct buffer escaped = {.arena = arena};
	for (const char *c = text; *c; c++) {
		if (*c == '\\')
			buffer_char(&escaped, '\\');
		buffer_char(&escaped, *c);
	}
	return arena_printf(arena, " E%s", quote_with(arena, buffer_cstr(&escaped), '\''));
}

/* Reads one identifier as the server would: folded unless quoted. */
static bool read_name(struct str *rest, struct arena *arena, char **out)
{
	struct buffer name = {.arena = arena};
	size_t i = 0;

	if (rest->len && rest->text[0] == '"') {
		for (i = 1; i < rest->len; i++) {
			if (rest->text[i] == '"' && !(i + 1 < rest->len && rest->text[i + 1] == '"'))
				break;
			i += rest->text[i] == '"';
			buffer_char(&name, rest->text[i]);
		}
		if (i++ >= rest->len)
			return false;
	} else {
		while (i < rest->len && rest->text[i] != '.' && rest->text[i] != '"')
			buffer_char(&name, char_fold(rest->text[i++]));
	}
	*rest = str_slice(*rest, i, rest->len);
	*out = buffer_cstr(&name);
	return name.len > 0;
}

bool qualified_name_parse(const char *text, struct arena *arena, struct qualified_name *out,
                          struct error *err)
{
	struct str rest = str_of(text);
	char *first = NULL;
	char *second = NULL;

	if (read_name(&rest, arena, &first) && rest.len == 0) {
		*out = (struct qualified_name){"public", first};
		return true;
	}
	if (first && *first && rest.len && rest.text[0] == '.') {
		rest = str_slice(rest, 1, rest.len);
		if (read_name(&rest, arena, &second) && rest.len == 0) {
			*out = (struct qualified_name){first, second};
			return true;
		}
	}
	return error_set(err, ERROR_CONFIG, "\"%s\" is not a table name; expected schema.table",
	                 text ? text : "");
}

char *qualified_name_quote(struct arena *arena, const struct qualified_name *name)
{
	return arena_printf(arena, "%s.%s", quote_name(arena, name->schema), quote_name(arena, name->name));
}

static const struct query_word *find_word(const struct query_word *words, size_t count, struct str word)
{
	for (size_t i = 0; i < count; i++)
		if (str_equal(word, str_of(words[i].word)))
			return &words[i];
	return NULL;
}

static size_t word_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyz_");
}

char *query_fill(struct arena *arena, const char *sql, const struct query_word *words, size_t count)
{
	struct buffer filled = {.arena = arena};
	const char *colon;

	for (; (colon = strchr(sql, ':')); sql = colon) {
		const bool is_cast = colon[1] == ':';
		const struct str word = {colon + 1, is_cast ? 0 : word_length(colon + 1)};
		const struct query_word *found = find_word(words, count, word);

		buffer_add(&filled, (struct str){sql, (size_t)(colon - sql)});
		if (found)
			buffer_text(&filled, found->text);
		else
			buffer_add(&filled, (struct str){colon, is_cast ? 2 : 1});
		colon += found ? 1 + word.len : is_cast ? 2 : 1;
	}
	buffer_text(&filled, sql);
	return buffer_cstr(&filled);
}
