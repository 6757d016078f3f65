/*
 * A comment belongs to what is before it on its line, and to what follows where nothing is: as people write
 * them. Those before a statement are its directives already (sql/script.h); one that stands behind the
 * semicolon on the same line is the next statement's there, or nobody's at the end of a file, and is read
 * from the file.
 *
 * One rename at a time, and the catalog read again after each: the columns of a renamed table are found by
 * its new name, and every definition that mentions it has been written anew by the server, which no one else
 * can do.
 */
#include "generate/rename_hint.h"

#include <string.h>

#include "base/buffer.h"
#include "generate/change_plan_internal.h"
#include "generate/rename_place.h"
#include "pg/query.h"

static const char word[] = "renamed-from";

/* --- comments -------------------------------------------------------------------- */

/* What is behind "renamed-from"; false where a comment says something else. */
static bool take_word(struct str text, struct str *old)
{
	if (!str_starts_folded(text, word) || text.len <= strlen(word) || !char_is_space(text.text[strlen(word)]))
		return false;
	*old = str_trim(str_slice(text, strlen(word), text.len));
	return true;
}

/* "-- rung: ..." of a line comment. */
static bool take_directive(struct str comment, struct str *text)
{
	if (!str_starts(comment, "--"))
		return false;
	const struct str rest = str_trim(str_slice(comment, 2, comment.len));
	if (!str_starts_folded(rest, "rung"))
		return false;
	const struct str tail = str_trim(str_slice(rest, 4, rest.len));
	if (!str_starts(tail, ":"))
		return false;
	*text = str_trim(str_slice(tail, 1, tail.len));
	return true;
}

static bool is_first_on_line(struct str text, size_t at)
{
	while (at && text.text[at - 1] != '\n' && char_is_space(text.text[at - 1]))
		at--;
	return at == 0 || text.text[at - 1] == '\n';
}

/* Where the token is that the comment from `at` to `end` is about. */
static size_t target_of(struct str statement, size_t at, size_t end)
{
	struct lexer lexer = {.text = statement, .at = end};

	if (is_first_on_line(statement, at)) {
		const struct token next = lexer_next_significant(&lexer);

		return (size_t)(next.text.text - statement.text);
	}
	while (at && (char_is_space(statement.text[at - 1]) || statement.text[at - 1] == ','))
		at--;
	return at ? at - 1 : 0;
}

static bool add_hint(const struct statement *statement, struct str old, size_t target, struct arena *arena,
                     struct rename_hints *out, struct error *err)
{
	struct rename_hint hint = {.path = statement->source->path, .line = statement->line};
	const char *parts[3];

	if (!rename_place_find(statement->text, target, arena, &hint))
		return error_set(err, ERROR_FILES, "%s:%zu: \"renamed-from\" is at nothing that has a name",
		                 hint.path, hint.line);
	const size_t count = rename_name_parse(old, arena, parts, 3);
	const bool is_value = strcmp(hint.kind, "value") == 0;
	if (!count && !is_value)
		return error_set(err, ERROR_FILES, "%s:%zu: \"renamed-from %.*s\" is no name", hint.path, hint.line,
		                 STR_ARGS(old));
	hint.old = is_value ? rename_literal_parse(old, arena) : parts[count - 1];
	*ARENA_PUSH(arena, out->items, out->count) = hint;
	return true;
}

static bool read_inner(const struct statement *statement, struct arena *arena, struct rename_hints *out,
                       struct error *err)
{
	struct lexer lexer = {.text = statement->text};

	for (struct token token; (token = lexer_next(&lexer)).kind != TOKEN_END;) {
		const size_t at = (size_t)(token.text.text - statement->text.text);
		struct str text;
		struct str old;

		if (token.kind == TOKEN_COMMENT && take_directive(token.text, &text) && take_word(text, &old) &&
		    !add_hint(statement, old, target_of(statement->text, at, at + token.text.len), arena, out, err))
			return false;
	}
	return true;
}

/* What is left of its last line behind a statement, where it stands in the file as it is. */
static struct str rest_of_line(const struct statement *statement)
{
	const struct str file = statement->source->file.text;
	const struct str rest = str_slice(file, statement->offset + statement->text.len, file.len);

	return statement->piece_count ? (struct str){0} : str_slice(rest, 0, str_index(rest, '\n'));
}

static bool read_behind(const struct statement *statement, struct arena *arena, struct rename_hints *out,
                        struct error *err)
{
	struct lexer lexer = {.text = rest_of_line(statement)};
	struct str text;
	struct str old;

	for (struct token token; (token = lexer_next(&lexer)).kind != TOKEN_END;)
		if (token.kind == TOKEN_COMMENT && take_directive(token.text, &text) && take_word(text, &old) &&
		    !add_hint(statement, old, statement->text.len, arena, out, err))
			return false;
	return true;
}

/* Whether it was read as what is behind the statement before. */
static bool is_behind(const struct statement *statement, const struct directive_text *directive)
{
	const size_t end = statement->offset + statement->text.len;

	return directive->offset > end && directive->offset < end + rest_of_line(statement).len;
}

static bool read_before(const struct script *script, size_t index, struct arena *arena,
                        struct rename_hints *out, struct error *err)
{
	const struct statement *statement = &script->statements[index];
	const struct statement *last = index ? &script->statements[index - 1] : NULL;

	for (size_t i = 0; i < statement->directive_count; i++) {
		const struct directive_text *directive = &statement->directives[i];
		struct str old;

		if (last && last->source == statement->source && is_behind(last, directive))
			continue;
		if (take_word(directive->text, &old) && !add_hint(statement, old, 0, arena, out, err))
			return false;
	}
	return true;
}

bool rename_hints_read(const struct script *script, struct arena *arena, struct rename_hints *out,
                       struct error *err)
{
	for (size_t i = 0; i < script->count; i++)
		if (!read_before(script, i, arena, out, err) ||
		    !read_inner(&script->statements[i], arena, out, err) ||
		    !read_behind(&script->statements[i], arena, out, err))
			return false;
	return true;
}

/* --- kinds --------------------------------------------------------------------------- */

static const struct {
	const char *kind;
	enum object_kind_number objects[5]; /* ends with 0, which is a schema and stands first or not at all */
} kinds[] = {
    {"schema", {OBJECT_SCHEMA}},
    {"table", {OBJECT_TABLE, OBJECT_FOREIGN_TABLE}},
    {"view", {OBJECT_VIEW, OBJECT_MATERIALIZED_VIEW}},
    {"index", {OBJECT_INDEX}},
    {"function", {OBJECT_FUNCTION, OBJECT_PROCEDURE}},
    {"type", {OBJECT_ENUM, OBJECT_DOMAIN, OBJECT_COMPOSITE_TYPE, OBJECT_RANGE_TYPE}},
    {"value", {OBJECT_ENUM}},
    {"sequence", {OBJECT_SEQUENCE}},
    {"column", {OBJECT_COLUMN}},
    {"attribute", {OBJECT_ATTRIBUTE}},
    {"constraint", {OBJECT_CONSTRAINT}},
    {"policy", {OBJECT_POLICY}},
    {"trigger", {OBJECT_TRIGGER}},
    {"rule", {OBJECT_RULE}},
};

static bool is_kind(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return true;
	return false;
}

/* --- the command line ---------------------------------------------------------------- */

static bool refuse(const char *text, struct error *err)
{
	error_set(err, ERROR_USAGE, "\"%s\" is not KIND:OLD=NEW", text);
	return error_hint(err, "For example --rename table:app.clients=customers, or "
	                       "--rename column:app.customers.name=full_name.");
}

static bool has_parent(const char *kind)
{
	static const char *const parts[] = {"column", "constraint", "attribute", "value",
	                                    "policy", "trigger",    "rule",      NULL};

	return str_is_among(str_of(kind), parts);
}

bool rename_hint_parse(const char *text, struct arena *arena, struct rename_hints *out, struct error *err)
{
	const struct str whole = str_of(text);
	const size_t colon = str_index(whole, ':');
	const struct str pair = str_slice(whole, colon + 1, whole.len);
	const size_t equals = str_index(pair, '=');
	struct rename_hint hint = {.kind = str_copy(arena, str_slice(whole, 0, colon))};
	const char *old[3];
	const char *new[3];

	const size_t old_count = rename_name_parse(str_slice(pair, 0, equals), arena, old, 3);
	const size_t new_count = rename_name_parse(str_slice(pair, equals + 1, pair.len), arena, new, 3);
	const size_t own = has_parent(hint.kind) ? 2 : 1;
	if (!is_kind(hint.kind) || colon == whole.len || equals == pair.len || !new_count || old_count < own)
		return refuse(text, err);
	hint.old = old[old_count - 1];
	hint.name = new[new_count - 1];
	hint.parent = own == 2 ? old[old_count - 2] : NULL;
	hint.schema = old_count > own ? old[0] : NULL;
	*ARENA_PUSH(arena, out->items, out->count) = hint;
	return true;
}

/* --- statements --------------------------------------------------------------------- */

static bool is_of_kind(const struct object *object, const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].kind, kind) != 0)
			continue;
		for (size_t j = 0; j < 5 && (j == 0 || kinds[i].objects[j]); j++)
			if (object->kind == &object_kinds[kinds[i].objects[j]])
				return true;
	}
	return false;
}

static bool is_named(const char *quoted, const char *name, struct arena *arena)
{
	return quoted && strcmp(unquote_name(arena, quoted), name) == 0;
}

static bool fits(const struct object *object, const struct rename_hint *hint, const char *name,
                 struct arena *arena)
{
	const struct object *whole = hint->parent && strcmp(hint->kind, "value") != 0 ? object->parent : object;
	const char *own = strcmp(hint->kind, "value") == 0 ? hint->parent : name;

	return is_of_kind(object, hint->kind) && is_named(object->name, own, arena) && whole &&
	       (whole == object || is_named(whole->name, hint->parent, arena)) &&
	       (!hint->schema || is_named(whole->schema, hint->schema, arena));
}

/* The first that fits, and below the same parent or schema where that is given. */
static const struct object *find(const struct catalog *catalog, const struct rename_hint *hint,
                                 const char *name, const struct object *beside, struct arena *arena)
{
	for (size_t i = 0; i < catalog->count; i++) {
		const struct object *object = catalog->objects[i];

		if (fits(object, hint, name, arena) &&
		    (!beside || !object->schema || !beside->schema || strcmp(object->schema, beside->schema) == 0))
			return object;
	}
	return NULL;
}

static bool has_label(const struct object *type, const char *label, struct arena *arena)
{
	const char *labels = type ? object_attribute(type, "values") : NULL;
	struct str rest = str_of(labels ? labels : "");
	struct str item;
	struct str none;
	const char *quoted = quote_literal(arena, label);

	while (option_list_next(&rest, &item, &none))
		if (str_is(item, quoted))
			return true;
	return false;
}

static const char *value_sql(const struct object *type, const char *old, const char *new, struct arena *arena)
{
	return arena_printf(arena, "ALTER TYPE %s RENAME VALUE %s TO %s", type->identity,
	                    quote_literal(arena, old), quote_literal(arena, new));
}

static bool rename_value(const struct rename_hint *hint, const struct object *from, const struct object *to,
                         struct arena *arena, struct rename_step *out)
{
	if (!from || !to || !has_label(from, hint->old, arena) || has_label(from, hint->name, arena) ||
	    has_label(to, hint->old, arena) || !has_label(to, hint->name, arena))
		return false;
	*out = (struct rename_step){.sql = value_sql(from, hint->old, hint->name, arena),
	                            .back = value_sql(from, hint->name, hint->old, arena),
	                            .object = to};
	return true;
}

static const char *rename_object(const struct object *old, const struct object *new, struct arena *arena)
{
	switch (object_kind_number(old->kind)) {
	case OBJECT_COLUMN:
		return arena_printf(arena, "ALTER %s RENAME COLUMN %s TO %s", object_reference(old->parent, arena),
		                    old->name, new->name);
	case OBJECT_ATTRIBUTE:
		return arena_printf(arena, "ALTER TYPE %s RENAME ATTRIBUTE %s TO %s", old->parent->identity,
		                    old->name, new->name);
	case OBJECT_CONSTRAINT:
		return arena_printf(arena, "ALTER %s RENAME CONSTRAINT %s TO %s",
		                    object_reference(old->parent, arena), old->name, new->name);
	default:
		return arena_printf(arena, "ALTER %s RENAME TO %s", object_reference(old, arena), new->name);
	}
}

static bool rename_one(const struct rename_hint *hint, const struct catalog *from, const struct catalog *to,
                       struct arena *arena, struct rename_step *out)
{
	const struct object *new = find(to, hint, hint->name, NULL, arena);

	if (strcmp(hint->kind, "value") == 0)
		return rename_value(hint, find(from, hint, hint->name, new, arena), new, arena, out);
	const struct object *old = new ? find(from, hint, hint->old, new, arena) : NULL;
	if (!old || find(from, hint, hint->name, new, arena) || find(to, hint, hint->old, new, arena))
		return false;
	*out = (struct rename_step){.hint = hint,
	                            .sql = rename_object(old, new, arena),
	                            .back = rename_object(new, old, arena),
	                            .object = new};
	return true;
}

bool rename_next(const struct rename_hints *hints, const struct catalog *from, const struct catalog *to,
                 struct arena *arena, struct rename_step *out)
{
	for (size_t i = 0; i < hints->count; i++)
		if (rename_one(&hints->items[i], from, to, arena, out)) {
			out->hint = &hints->items[i];
			return true;
		}
	return false;
}
