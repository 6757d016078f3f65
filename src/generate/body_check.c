/*
 * What the body of a function names is not known to anybody: it is a string. The server looks into it when
 * the function is made and refuses what is not there yet, unless that check is off; pg_dump turns it off for
 * everything, we only where a body has a word that is made further behind. That may be the name of something
 * else, or no name at all: then the check is off without need, and the functions are the same.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "generate/change_plan_internal.h"

static const char check_off[] = "SET check_function_bodies = off";
static const char check_again[] = "RESET check_function_bodies";

/* A name, and where in the script the last one of that name is made. */
struct made_name {
	const char *word;
	size_t place;
};

struct made_names {
	struct made_name *items;
	size_t count;
};

/* --- words ------------------------------------------------------------------ */

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The next run of letters from `*text` on, as a folded copy; NULL at the end. */
static const char *next_word(const char **text, struct arena *arena)
{
	const char *begin = *text;

	while (*begin && !is_word_char(*begin))
		begin++;
	const char *end = begin;
	while (is_word_char(*end))
		end++;
	*text = end;
	if (end == begin)
		return NULL;
	char *word = arena_strndup(arena, begin, (size_t)(end - begin));
	for (char *c = word; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return word;
}

static int compare_words(const void *a, const void *b)
{
	return strcmp(((const struct made_name *)a)->word, ((const struct made_name *)b)->word);
}

static int compare_names(const void *a, const void *b)
{
	const struct made_name *left = a;
	const struct made_name *right = b;
	const int order = compare_words(a, b);

	return order ? order : (left->place < right->place) - (left->place > right->place);
}

/* --- what is made ------------------------------------------------------------- */

static bool makes_name(const struct plan_statement *statement)
{
	const enum object_kind_number kind = object_kind_number(node_object(statement->node)->kind);

	return statement->role == ROLE_CREATE && ((kind >= OBJECT_BASE_TYPE && kind <= OBJECT_AGGREGATE) ||
	                                          (kind >= OBJECT_SEQUENCE && kind <= OBJECT_COLUMN));
}

/* Of a name that is several words, in quotes or with a dollar, the first stands for it. */
static struct made_names names_made(const struct change_plan *plan, struct arena *arena)
{
	struct made_names names = {0};

	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct plan_statement *statement = &plan->statements[plan->order[i]];
		const char *name = node_object(statement->node)->name;
		const char *word = makes_name(statement) ? next_word(&name, arena) : NULL;

		if (word)
			*ARENA_PUSH(arena, names.items, names.count) = (struct made_name){word, i};
	}
	if (!names.count)
		return names;
	qsort(names.items, names.count, sizeof(*names.items), compare_names);
	size_t count = 1;
	for (size_t i = 1; i < names.count; i++)
		if (compare_words(&names.items[count - 1], &names.items[i]) != 0)
			names.items[count++] = names.items[i];
	names.count = count;
	return names;
}

static bool is_made_behind(const struct made_names *names, const char *word, size_t place)
{
	const struct made_name wanted = {word, 0};
	const struct made_name *found =
	    names->count ? bsearch(&wanted, names->items, names->count, sizeof(*names->items), compare_words)
	                 : NULL;

	return found && found->place > place;
}

static bool is_ahead(const struct made_names *names, const char *sql, size_t place)
{
	scoped_arena struct arena arena = {0};
	const char *word;

	while ((word = next_word(&sql, &arena)))
		if (is_made_behind(names, word, place))
			return true;
	return false;
}

void plan_find_bodies_ahead(const struct change_plan *plan, const size_t *parts, bool *out)
{
	scoped_arena struct arena arena = {0};
	const struct made_names names = names_made(plan, &arena);

	for (size_t i = 0; i < plan->statement_count; i++) {
		const struct plan_statement *statement = &plan->statements[plan->order[i]];

		if (statement->has_body && !statement->is_alone && !out[parts[i]])
			out[parts[i]] = is_ahead(&names, statement->public.sql, i);
	}
}

/* --- scripts -------------------------------------------------------------------- */

static void add(struct change_script *out, const char *sql, const struct change_statement *beside)
{
	out->statements[out->count++] =
	    (struct change_statement){.sql = sql, .object = beside->object, .part = beside->part};
}

void script_skip_bodies(struct change_script *script, const bool *parts, struct arena *arena)
{
	struct change_script out = *script;

	out.statements = arena_array(arena, struct change_statement, script->count + 2 * script->part_count + 1);
	out.count = 0;
	for (size_t i = 0; i < script->count; i++) {
		const struct change_statement *statement = &script->statements[i];

		if (parts[statement->part] && (!i || statement[-1].part != statement->part))
			add(&out, check_off, statement);
		out.statements[out.count++] = *statement;
		if (parts[statement->part] && (i + 1 == script->count || statement[1].part != statement->part))
			add(&out, check_again, statement);
	}
	*script = out;
}

static bool is_routine(const struct change_statement *statement)
{
	const struct object *object = statement->object;

	return object->kind == &object_kinds[OBJECT_FUNCTION] || object->kind == &object_kinds[OBJECT_PROCEDURE];
}

bool change_statement_is_setting(const struct change_statement *statement)
{
	return strcmp(statement->sql, check_off) == 0 || strcmp(statement->sql, check_again) == 0;
}

bool change_script_skips_bodies(const struct change_script *script, size_t part)
{
	for (size_t i = 0; i < script->count; i++)
		if (script->statements[i].part == part && strcmp(script->statements[i].sql, check_off) == 0)
			return true;
	return false;
}

void change_script_skip_bodies(struct change_script *script, struct arena *arena)
{
	bool *parts = arena_array(arena, bool, script->part_count + 1);

	for (size_t i = 0; i < script->count; i++)
		parts[script->statements[i].part] |= is_routine(&script->statements[i]);
	for (size_t i = 0; i < script->part_count; i++)
		parts[i] = parts[i] && !change_script_skips_bodies(script, i);
	script_skip_bodies(script, parts, arena);
}
