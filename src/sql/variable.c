#include "sql/variable.h"

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

const char *variable_find(const struct variable_set *set, struct str name)
{
	const struct variable *variable = find(set, name);

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

const char *variable_expand(const struct variable_set *set, struct str reference, struct arena *arena)
{
	const char *value = variable_find(set, variable_reference_name(reference));

	return form_of(reference)->expand(value, arena);
}
