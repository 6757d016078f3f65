/*
 * A variable's value is text that psql puts in place of a reference, in one of four ways; the table `forms`
 * is the whole of it. Literals and names are quoted as libpq does (PQescapeLiteral, PQescapeIdentifier), so
 * that a value may hold anything.
 *
 * Three kinds live in one set. A file sets its own by \set. Those from outside (--set, the environment) are
 * marked as given, because what a migration made of them belongs to its record: the first use of each is
 * noted with the value it had, and so is asking whether it is set, where it is not. And those that psql has
 * by itself come from `usual`, hidden by any of the same name; some of them are set without a value that
 * could be known here.
 *
 * Sets hold a handful of names, so they are searched from the start.
 */
#include "sql/psql_variable.h"

#include <string.h>

#include "base/buffer.h"

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || char_is_digit(c) || c == '_' || (c & 0x80);
}

bool variable_name_is_valid(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_name_char(name.text[i]))
			return false;
	return name.len > 0;
}

static struct variable *find(const struct variable_set *set, struct str name)
{
	for (size_t i = 0; i < set->count; i++)
		if (str_is(name, set->items[i].name))
			return &set->items[i];
	return NULL;
}

static const struct variable *find_known(const struct variable_set *set, struct str name)
{
	for (size_t i = 0; i < set->known_count; i++)
		if (str_is(name, set->known[i].name))
			return &set->known[i];
	return NULL;
}

/* Anyone who sets or unsets a known or a usual one hides it. */
static const struct variable *look_up(const struct variable_set *set, struct str name)
{
	const struct variable *own = find(set, name);
	const struct variable *variable = own ? own : find_known(set, name);

	return variable || !set->usual ? variable : set->usual(name);
}

const char *variable_find(const struct variable_set *set, struct str name)
{
	const struct variable *variable = look_up(set, name);

	return variable ? variable->value : NULL;
}

void variable_assign(struct variable_set *set, struct str name, const char *value)
{
	struct variable *variable = find(set, name);

	if (!variable) {
		variable = ARENA_PUSH(set->arena, set->items, set->count);
		variable->name = str_copy(set->arena, name);
	}
	variable->value = value ? arena_strdup(set->arena, value) : NULL;
	variable->is_given = false;
}

void variable_give(struct variable_set *set, struct str name, const char *value)
{
	variable_assign(set, name, value);
	find(set, name)->is_given = true;
}

static void note_use(struct variable_set *set, struct str name, const char *value)
{
	for (size_t i = 0; i < set->use_count; i++)
		if (str_is(name, set->uses[i].name))
			return;
	*ARENA_PUSH(set->arena, set->uses, set->use_count) =
	    (struct variable){.name = str_copy(set->arena, name),
	                      .value = value,
	                      .first = set->statement_count ? *set->statement_count : 0,
	                      .is_given = true};
}

/* "o" could be either of "on" and "off", hence two letters at least of those. */
bool variable_parse_boolean(const char *text, bool *out)
{
	static const struct {
		const char *word;
		size_t min_len;
		bool meaning;
	} words[] = {
	    {"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false},
	    {"on", 2, true},   {"off", 2, false},   {"1", 1, true},   {"0", 1, false},
	};
	const size_t len = strlen(text);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (len >= words[i].min_len && str_is_folded(str_slice(str_of(words[i].word), 0, len), text)) {
			*out = words[i].meaning;
			return true;
		}
	return false;
}

static void add_doubling(struct buffer *out, const char *value, const char *doubled)
{
	for (; *value; value++) {
		if (strchr(doubled, *value))
			buffer_char(out, *value);
		buffer_char(out, *value);
	}
}

static const char *expand_bare(const char *value, struct arena *arena)
{
	(void)arena;
	return value;
}

/* The space before E keeps it from growing onto a word, and is what libpq does. */
static const char *expand_literal(const char *value, struct arena *arena)
{
	struct buffer out = {.arena = arena};

	if (!value)
		return NULL;
	buffer_text(&out, strchr(value, '\\') ? " E'" : "'");
	add_doubling(&out, value, "'\\");
	buffer_char(&out, '\'');
	return buffer_cstr(&out);
}

static const char *expand_name(const char *value, struct arena *arena)
{
	struct buffer out = {.arena = arena};

	if (!value)
		return NULL;
	buffer_char(&out, '"');
	add_doubling(&out, value, "\"");
	buffer_char(&out, '"');
	return buffer_cstr(&out);
}

static const char *expand_test(const char *value, struct arena *arena)
{
	(void)arena;
	return value ? "TRUE" : "FALSE";
}

/* The first form that fits; the bare one comes last because every reference begins like it. */
static const struct form {
	const char *before;
	size_t after_len;
	const char *(*expand)(const char *value, struct arena *arena);
} forms[] = {
    {":'", 1, expand_literal},
    {":\"", 1, expand_name},
    {":{?", 1, expand_test},
    {":", 0, expand_bare},
};

static const struct form *form_of(struct str reference)
{
	const struct form *form = forms;

	while (!str_starts(reference, form->before))
		form++;
	return form;
}

struct str variable_reference_name(struct str reference)
{
	const struct form *form = form_of(reference);

	return str_slice(reference, strlen(form->before), reference.len - form->after_len);
}

bool variable_reference_is_bare(struct str reference)
{
	return form_of(reference)->expand == expand_bare;
}

const struct variable *variable_find_unknown(const struct variable_set *set, struct str reference)
{
	const struct variable *variable = look_up(set, variable_reference_name(reference));

	return variable && variable->unknown && form_of(reference)->expand != expand_test ? variable : NULL;
}

/* Whether there is one is an answer too, which may be another one next time. */
const char *variable_expand(struct variable_set *set, struct str reference, struct arena *arena)
{
	const struct form *form = form_of(reference);
	const struct str name = variable_reference_name(reference);
	const struct variable *variable = look_up(set, name);
	const char *value = variable ? variable->value : NULL;

	if (variable && variable->unknown && form->expand == expand_test)
		value = variable->unknown;
	if (variable ? variable->is_given : form->expand == expand_test)
		note_use(set, name, value);
	return form->expand(value, arena);
}
