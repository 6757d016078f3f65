/*
 * A name that is nearly right is the danger. That "6-cache.sql" or "V6__cache.sql" was never applied is
 * noticed when something needs it. So a name is taken apart into prefix, digits, rest and suffix whatever
 * it looks like, and the parts are judged by a list of rules; the first that is broken gives the advice,
 * which is why the more telling ones stand first. Only what nobody can have meant (no digits, or other
 * letters before them) is left alone.
 *
 * Whatever name_build() makes must pass name_parse(), so a template that would make files we then ignore is
 * an error when it is used, not a mystery afterwards.
 *
 * Slugs are ASCII although names may hold any UTF-8: they are typed again at other people's keyboards.
 * Letters with accents lose them by a table of two blocks (U+00C0 to U+017F); a library for transliteration
 * would make the result depend on the locale.
 */
#include "migration/name.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"

/* 18 digits always fit an int64_t and PostgreSQL's bigint. */
enum { MAX_DIGITS = 18, TIMESTAMP_DIGITS = 14 };

/* "rollback_06_cache.sql" as "rollback_", "06", "_cache", ".sql". */
struct parts {
	struct str prefix;
	struct str digits;
	struct str rest;
	struct str suffix;
};

static bool is_any_of(struct str s, const char *const *endings)
{
	for (; *endings; endings++)
		if (str_ends(s, *endings))
			return true;
	return false;
}

static bool is_backup(struct str name)
{
	static const char *const endings[] = {"~",    ".swp", ".swo",  ".orig", ".bak", ".rej",
	                                      ".tmp", ".old", ".save", "#",     NULL};

	return str_starts(name, ".") || str_starts(name, "#") || is_any_of(name, endings);
}

/* Position of the last ".sql" in any case, or the length when there is none. */
static size_t suffix_position(struct str name)
{
	for (size_t at = name.len; at-- > 0;)
		if (str_starts_folded(str_slice(name, at, name.len), ".sql"))
			return at;
	return name.len;
}

static struct parts dissect(struct str name)
{
	const size_t suffix = suffix_position(name);
	size_t from = 0;

	while (from < suffix && !char_is_digit(name.text[from]))
		from++;
	size_t to = from;
	while (to < suffix && char_is_digit(name.text[to]))
		to++;
	return (struct parts){
	    .prefix = str_slice(name, 0, from),
	    .digits = str_slice(name, from, to),
	    .rest = str_slice(name, to, suffix),
	    .suffix = str_slice(name, suffix, name.len),
	};
}

static bool is_of_flyway(const struct parts *p)
{
	return p->prefix.len == 1 && (char_fold(p->prefix.text[0]) == 'v' || char_fold(p->prefix.text[0]) == 'u');
}

static bool is_badly_prefixed(const struct parts *p)
{
	return p->prefix.len > 0 && !str_is(p->prefix, "rollback_");
}

static bool lacks_number(const struct parts *p)
{
	return p->digits.len == 0;
}

static bool has_long_number(const struct parts *p)
{
	return p->digits.len > MAX_DIGITS;
}

static bool lacks_name(const struct parts *p)
{
	return p->rest.len == 0 || str_is(p->rest, "_");
}

static bool lacks_underscore(const struct parts *p)
{
	return !str_starts(p->rest, "_");
}

static bool is_of_other_tools(const struct parts *p)
{
	static const char *const endings[] = {".up", ".down", ".do", ".undo", ".rollback", NULL};

	return is_any_of(p->rest, endings);
}

static bool is_badly_ended(const struct parts *p)
{
	return !str_is(p->suffix, ".sql");
}

/* What psql's \ir would want quoted, and what would garble a line of output. */
static bool has_odd_characters(const struct parts *p)
{
	for (size_t i = 0; i < p->rest.len; i++)
		if ((unsigned char)p->rest.text[i] <= ' ' || strchr("'\"\\\x7F", p->rest.text[i]))
			return true;
	return utf8_check(p->rest) < p->rest.len;
}

static const struct {
	bool (*is_broken)(const struct parts *p);
	const char *advice;
} rules[] = {
    {lacks_number, "The number is missing: rollback_NN_name.sql."},
    {is_of_flyway,
     "This is how Flyway names files; here it would be NN_name.sql (\"rung import flyway\" does that)."},
    {is_badly_prefixed, "A rollback is named rollback_NN_name.sql, a migration NN_name.sql."},
    {has_long_number, "The number may have up to 18 digits."},
    {lacks_name, "The name after the number is missing: NN_name.sql."},
    {lacks_underscore, "Number and name are joined by an underscore: NN_name.sql."},
    {is_of_other_tools, "Up and down are a pair of files here: NN_name.sql and rollback_NN_name.sql."},
    {is_badly_ended, "The name ends in \".sql\", in lower case."},
    {has_odd_characters, "Spaces, quotes and invalid UTF-8 are not allowed in the name."},
};

static const char *advice_for(const struct parts *p)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].is_broken(p))
			return rules[i].advice;
	return NULL;
}

static bool is_only_too_long(const struct parts *p)
{
	bool others = false;

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		others |= rules[i].is_broken != has_long_number && rules[i].is_broken(p);
	return has_long_number(p) && !others;
}

static bool is_punctuation(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((char_fold(s.text[i]) >= 'a' && char_fold(s.text[i]) <= 'z') || s.text[i] & 0x80)
			return false;
	return true;
}

/* Whether the writer may have meant a migration: "helper2.sql" was never meant as one. */
static bool is_near_ours(const struct parts *p)
{
	if (str_starts_folded(p->prefix, "rollback"))
		return true;
	return p->digits.len > 0 && (is_punctuation(p->prefix) || is_of_flyway(p));
}

static enum name_role role_of(const struct name *name)
{
	if (name->advice)
		return NAME_ALMOST;
	if (name->number == 0)
		return NAME_MASTER;
	return name->is_rollback ? NAME_ROLLBACK : NAME_MIGRATION;
}

struct name name_parse(const char *file_name)
{
	const struct str whole = str_of(file_name);
	const struct parts p = dissect(whole);
	unsigned long long number = 0;

	if (is_backup(whole) || p.suffix.len == 0)
		return (struct name){.role = NAME_IGNORED};
	if (!is_near_ours(&p))
		return (struct name){.role = str_is(p.suffix, ".sql") ? NAME_UNNUMBERED : NAME_IGNORED};
	(void)!str_to_number(p.digits, INT64_MAX, &number);

	struct name name = {
	    .is_rollback = str_starts_folded(p.prefix, "rollback"),
	    .number = (int64_t)number,
	    .width = (int)p.digits.len,
	    .is_too_long = is_only_too_long(&p),
	    .stem = str_slice(whole, p.prefix.len, whole.len - p.suffix.len),
	    .label = str_slice(p.rest, 1, p.rest.len),
	    .advice = advice_for(&p),
	};
	name.role = role_of(&name);
	return name;
}

/* Base letters of U+00C0 to U+017F; a blank is no letter. */
static const char latin_letters[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
                                    "aaaaaaaceeeeiiiidnooooo ouuuuyty"
                                    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii"
                                    "iijjkkkllllllllllnnnnnnnnnoooooooorrrrrrsssssssstttttt"
                                    "uuuuuuuuuuuuwwyyyzzzzzzs";

/*
 * Takes one character off `rest`: its letter or digit, '\0' for what vanishes, ' ' for what separates words.
 */
static char next_letter(struct str *rest)
{
	const unsigned char c = (unsigned char)rest->text[0];
	const unsigned next = rest->len > 1 ? (unsigned char)rest->text[1] : 0;
	const unsigned point = c >= 0xC2 && c < 0xE0 ? (c & 0x1FU) << 6 | (next & 0x3FU) : 0;
	size_t len = 1;
	char letter = ' ';

	if (char_is_digit((char)c) || (char_fold((char)c) >= 'a' && char_fold((char)c) <= 'z'))
		letter = char_fold((char)c);
	else if (c == '\'' || (point >= 0x300 && point < 0x370)) /* combining accents */
		letter = '\0';
	else if (point >= 0xC0 && point < 0x180)
		letter = latin_letters[point - 0xC0];
	else if (str_starts(*rest, "\xE2\x80\x99")) /* the typographic apostrophe */
		letter = '\0';
	while (len < rest->len && ((unsigned char)rest->text[len] & 0xC0) == 0x80)
		len++;
	*rest = str_slice(*rest, len, rest->len);
	return letter;
}

/* Shortens at the last underscore that leaves at least half of what is allowed. */
static void cut_slug(char *slug, size_t len, size_t max_len)
{
	if (len <= max_len)
		return;
	size_t end = max_len;
	while (end > max_len / 2 && slug[end] != '_')
		end--;
	if (slug[end] != '_')
		end = max_len;
	while (end > 0 && slug[end - 1] == '_')
		end--;
	slug[end] = '\0';
}

char *name_slug(struct arena *arena, const char *message, size_t max_len)
{
	struct str rest = str_of(message);
	char *slug = arena_alloc(arena, rest.len + 1);
	size_t len = 0;
	bool is_between = false;

	while (rest.len > 0) {
		const char letter = next_letter(&rest);

		is_between |= letter == ' ';
		if (letter == ' ' || letter == '\0')
			continue;
		if (is_between && len > 0)
			slug[len++] = '_';
		slug[len++] = letter;
		is_between = false;
	}
	slug[len] = '\0';
	cut_slug(slug, len, max_len);
	return slug;
}

static bool is_between(int64_t value, int64_t lowest, int64_t highest)
{
	return value >= lowest && value <= highest;
}

/*
 * A timestamp is only recognised, never required: numbers of 14 digits that are no date go up by one. A
 * second of 60 is a leap second.
 */
static bool is_timestamp(int64_t number)
{
	return is_between(number / 10000000000, 1970, 9999) && is_between(number / 100000000 % 100, 1, 12) &&
	       is_between(number / 1000000 % 100, 1, 31) && is_between(number / 10000 % 100, 0, 23) &&
	       is_between(number / 100 % 100, 0, 59) && is_between(number % 100, 0, 60);
}

static int64_t timestamp_of(int64_t seconds)
{
	const time_t now = (time_t)seconds;
	struct tm utc;

	gmtime_r(&now, &utc);
	return (((((utc.tm_year + 1900LL) * 100 + utc.tm_mon + 1) * 100 + utc.tm_mday) * 100 + utc.tm_hour) *
	            100 +
	        utc.tm_min) *
	           100 +
	       utc.tm_sec;
}

int64_t name_next_number(int64_t highest, int width, int64_t now)
{
	if (width == TIMESTAMP_DIGITS && is_timestamp(highest) && timestamp_of(now) > highest)
		return timestamp_of(now);
	return highest + 1;
}

static bool template_error(const char *template, const char *why, struct error *err)
{
	error_set(err, ERROR_CONFIG, "cannot name a file by the template \"%s\": %s", template, why);
	return error_hint(err, "The usual one is \"{number}_{slug}\".");
}

static bool is_migration_name(struct arena *arena, const char *stem, int64_t number)
{
	const struct name name = name_parse(arena_printf(arena, "%s.sql", stem));

	return name.role == NAME_MIGRATION && name.number == number;
}

bool name_build(const char *template, int64_t number, int width, const char *slug, struct arena *arena,
                const char **out, struct error *err)
{
	struct buffer stem = {.arena = arena};
	struct str rest = str_of(template ? template : "{number}_{slug}");

	while (rest.len > 0) {
		const size_t open = str_index(rest, '{');
		const struct str field =
		    str_slice(rest, open, open + str_index(str_slice(rest, open, rest.len), '}') + 1);

		buffer_add(&stem, str_slice(rest, 0, open));
		if (str_is(field, "{number}"))
			buffer_printf(&stem, "%0*" PRId64, width, number);
		else if (str_is(field, "{slug}"))
			buffer_text(&stem, slug);
		else if (field.len > 0)
			return template_error(template, "it knows {number} and {slug} only", err);
		rest = str_slice(rest, open + field.len, rest.len);
	}
	if (!is_migration_name(arena, buffer_cstr(&stem), number))
		return template_error(template ? template : "{number}_{slug}", "the result is not NN_name", err);
	*out = buffer_cstr(&stem);
	return true;
}

bool name_is_squash(const char *name, int64_t *from)
{
	static const char middle[] = "_squashed_from_";
	const char *at = name ? strstr(name, middle) : NULL;
	unsigned long long number;

	if (!at || !str_to_number(str_of(at + strlen(middle)), INT64_MAX, &number))
		return false;
	*from = (int64_t)number;
	return number > 0;
}
