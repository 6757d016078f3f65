/*
 * Each way to name a migration is a row of `ways`, the strictest first. A way
 * that fits one migration ends the search; one that fits several is refused,
 * since a looser one would only fit more.
 *
 * The order of the ways keeps what scripts rely on: a number or a whole name means the same whatever files
 * are added later, or is refused, and only what fits none of these is taken for the beginning or a part of
 * a name. Digits alone are always a number, or, from six on, the beginning of a timestamp, so that a
 * mistyped 4 does not find 40.
 *
 * Candidates come from the files and the history together, since people also name what is applied and has
 * no file.
 */
#include "plan/lookup.h"

#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/file.h"

enum {
	LEAST_PART = 3,   /* shorter parts are typing errors more often than names */
	LEAST_NUMBER = 6, /* digits that may begin a longer number: a day of a timestamp, not a mistyped 4 */
	MOST_NAMED = 8,   /* candidates told of */
};

/* What was typed. */
struct typed {
	struct str text; /* without directory, "rollback_" and ".sql" */
	size_t digits;   /* it begins with */
};

static size_t count_digits(struct str text)
{
	size_t digits = 0;

	while (digits < text.len && char_is_digit(text.text[digits]))
		digits++;
	return digits;
}

/* "06_cache" is "cache" after its number. */
static struct str label_of(struct str name)
{
	const size_t digits = count_digits(name);
	const bool has_underscore = digits < name.len && name.text[digits] == '_';

	return str_slice(name, digits + has_underscore, name.len);
}

static struct typed typed_of(const char *text)
{
	struct str typed = str_of(path_name(text));

	if (str_starts(typed, "rollback_"))
		typed = str_slice(typed, strlen("rollback_"), typed.len);
	if (str_ends(typed, ".sql"))
		typed.len -= strlen(".sql");
	return (struct typed){typed, count_digits(typed)};
}

/* --- the ways --------------------------------------------------------- */

static bool is_same(struct str a, struct str b)
{
	return a.len == b.len && a.len > 0 && strncasecmp(a.text, b.text, a.len) == 0;
}

static bool begins(struct str text, struct str with)
{
	return with.len > 0 && is_same(str_slice(text, 0, with.len), with);
}

static bool holds(struct str text, struct str part)
{
	for (size_t at = 0; at + part.len <= text.len; at++)
		if (begins(str_slice(text, at, text.len), part))
			return true;
	return false;
}

static bool fits_number(const struct typed *typed, const struct called *called)
{
	const struct str rest = str_slice(typed->text, typed->digits, typed->text.len);
	unsigned long long number;

	if (!str_to_number(str_slice(typed->text, 0, typed->digits), INT64_MAX, &number) ||
	    (int64_t)number != called->number)
		return false;
	return rest.len == 0 || (rest.text[0] == '_' && (rest.len == 1 || begins(label_of(str_of(called->name)),
	                                                                         str_slice(rest, 1, rest.len))));
}

/* Digits alone are a number. */
static bool fits_name(const struct typed *typed, const struct called *called)
{
	if (typed->digits == typed->text.len)
		return false;
	return str_is(typed->text, called->name) || str_equal(typed->text, label_of(str_of(called->name)));
}

static bool fits_old_id(const struct typed *typed, const struct called *called)
{
	return called->old_id && is_same(typed->text, str_of(called->old_id));
}

/* A number begins a longer one or nothing: 2_users is no part of 12_users. */
static bool fits_beginning(const struct typed *typed, const struct called *called)
{
	const bool is_number = typed->digits == typed->text.len;

	return (!is_number || typed->text.len >= LEAST_NUMBER) &&
	       (begins(str_of(called->name), typed->text) ||
	        begins(label_of(str_of(called->name)), typed->text) ||
	        (called->old_id && begins(str_of(called->old_id), typed->text)));
}

static bool fits_part(const struct typed *typed, const struct called *called)
{
	if (typed->text.len < LEAST_PART)
		return false;
	if (typed->digits)
		return fits_beginning(typed, called);
	return holds(str_of(called->name), typed->text) ||
	       (called->old_id && holds(str_of(called->old_id), typed->text));
}

static bool (*const ways[])(const struct typed *typed, const struct called *called) = {
    fits_name,
    fits_number,
    fits_old_id,
    fits_part,
};

/* --- what cannot be told ---------------------------------------------- */

static bool refuse_several(const char *text, const struct called *called, const size_t *found, size_t count,
                           struct arena *arena, struct error *err)
{
	struct buffer names = {.arena = arena};

	for (size_t i = 0; i < count && i < MOST_NAMED; i++)
		buffer_printf(&names, "%s%s", i ? ", " : "", called[found[i]].name);
	if (count > MOST_NAMED)
		buffer_printf(&names, " and %zu more", count - MOST_NAMED);
	error_set(err, ERROR_USAGE, "\"%s\" matches %zu migrations", text, count);
	error_detail(err, "They are %s.", buffer_cstr(&names));
	return error_hint(err, "Give a number or more of a name, such as \"%s\".", called[found[0]].name);
}

/* A whole name or a word first; a label or an old id where none of these is near. */
static const char *suggestion(const char *text, const struct called *called, size_t count,
                              struct arena *arena)
{
	static const char *const words[] = {"head", "heads", "base"}; /* target.c reads them */
	const char **wholes = arena_array(arena, const char *, count + 4);
	const char **others = arena_array(arena, const char *, count * 2 + 1);
	size_t whole_count = 0;
	size_t other_count = 0;

	for (size_t i = 0; i < count; i++) {
		const struct str label = label_of(str_of(called[i].name));

		wholes[whole_count++] = called[i].name;
		if (label.len)
			others[other_count++] = str_copy(arena, label);
		if (called[i].old_id)
			others[other_count++] = called[i].old_id;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		wholes[whole_count++] = words[i];
	const char *near = str_suggest(text, wholes);
	return near || strlen(text) < LEAST_PART ? near : str_suggest(text, others);
}

static bool refuse_unknown(const char *text, const struct called *called, size_t count, struct arena *arena,
                           struct error *err)
{
	const char *near = suggestion(text, called, count, arena);

	error_set(err, ERROR_USAGE, "there is no migration \"%s\"", text);
	if (near)
		return error_hint(err, "Did you mean \"%s\"?", near);
	return error_hint(err, "\"rung history\" lists them.");
}

/* --- looking ---------------------------------------------------------- */

bool lookup_name(const char *text, const struct called *called, size_t count, struct arena *arena,
                 size_t *out, struct error *err)
{
	const struct typed typed = typed_of(text);
	size_t *found = arena_array(arena, size_t, count);

	for (size_t way = 0; way < sizeof(ways) / sizeof(*ways); way++) {
		size_t found_count = 0;

		for (size_t i = 0; i < count; i++)
			if (ways[way](&typed, &called[i]))
				found[found_count++] = i;
		if (found_count > 1)
			return refuse_several(text, called, found, found_count, arena, err);
		if (found_count == 0)
			continue;
		*out = found[0];
		return true;
	}
	return refuse_unknown(text, called, count, arena, err);
}

bool lookup_entry(const char *text, const struct comparison *comparison, struct arena *arena, size_t *out,
                  struct error *err)
{
	struct called *called = arena_array(arena, struct called, comparison->count);

	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_entry *entry = &comparison->entries[i];

		called[i] = (struct called){
		    .number = entry->number,
		    .name = entry_name(entry, arena),
		    .old_id = entry->migration ? entry->migration->directives.old_id : NULL,
		};
	}
	return lookup_name(text, called, comparison->count, arena, out, err);
}

bool lookup_migration(const char *text, const struct tree *tree, struct arena *arena,
                      const struct migration **out, struct error *err)
{
	const struct history nothing = {0};
	struct comparison comparison;
	size_t i;

	comparison_build(tree, &nothing, arena, &comparison);
	if (!lookup_entry(text, &comparison, arena, &i, err))
		return false;
	*out = comparison.entries[i].migration;
	return true;
}
