/*
 * Both are names between dots, quoted where SQL needs it, so both are read alike; in an identity nothing is
 * folded or wild. A pattern is held against the names from the left, and what is left of the identity belongs
 * to the object that was meant. A function's arguments are no names: they end the last one.
 *
 * Where a star may be any number of letters, only the last one has to be tried again: it can take whatever an
 * earlier one could have taken.
 */
#include "catalog/object_pattern.h"

#include <stddef.h>
#include <string.h>

/* A letter of a name: what stands there, and whether it was within quotes. */
struct letter {
	char value;
	bool is_quoted;
};

struct name {
	const char *at; /* within the text; NULL: no such name */
	bool is_quoted; /* what follows is within quotes */
	bool is_pattern;
};

/* False at the end of the name: a dot, the arguments of a function, the end of the text. */
static bool next_letter(struct name *name, struct letter *out)
{
	if (*name->at == '"' && name->is_quoted && name->at[1] == '"')
		name->at++;
	else if (*name->at == '"') {
		name->is_quoted = !name->is_quoted;
		name->at++;
		return next_letter(name, out);
	}
	if (!*name->at || (!name->is_quoted && (*name->at == '.' || *name->at == '(')))
		return false;
	*out = (struct letter){*name->at++, name->is_quoted};
	if (name->is_pattern && !out->is_quoted && out->value >= 'A' && out->value <= 'Z')
		out->value = (char)(out->value - 'A' + 'a');
	return true;
}

static bool is_wild(const struct letter *letter, char sign)
{
	return !letter->is_quoted && letter->value == sign;
}

static bool name_matches(struct name pattern, struct name name)
{
	struct name star = {0};
	struct name rest = {0};
	struct letter wanted, found;

	for (;;) {
		const bool has_wanted = next_letter(&pattern, &wanted);

		if (has_wanted && is_wild(&wanted, '*')) {
			star = pattern;
			rest = name;
			continue;
		}
		const bool has_found = next_letter(&name, &found);
		if (!has_wanted && !has_found)
			return true;
		if (has_wanted && has_found && (is_wild(&wanted, '?') || wanted.value == found.value))
			continue;
		if (!star.at || !next_letter(&rest, &found))
			return false;
		pattern = star;
		name = rest;
	}
}

/* The name behind this one, `at` NULL where there is none. */
static struct name behind(struct name name)
{
	struct letter ignored;

	while (next_letter(&name, &ignored))
		;
	name.at = *name.at == '.' ? name.at + 1 : NULL;
	return name;
}

bool object_pattern_matches(const char *pattern, const char *identity)
{
	struct name wanted = {.at = pattern, .is_pattern = true};
	struct name found = {.at = identity};

	if (!behind(wanted).at && behind(found).at)
		found = behind(found); /* one name is one in any schema */
	for (; wanted.at; wanted = behind(wanted), found = behind(found))
		if (!found.at || !name_matches(wanted, found))
			return false;
	return true;
}

bool object_patterns_match(const char *const *patterns, const char *identity)
{
	for (; patterns && *patterns; patterns++)
		if (object_pattern_matches(*patterns, identity))
			return true;
	return false;
}
