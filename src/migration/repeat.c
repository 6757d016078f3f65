/*
 * A file that says "on-change: reapply" is run over what it made before. A grammar could not tell whether
 * that works, and the server can only by doing it; but most mistakes are a CREATE without its IF NOT
 * EXISTS, and those are seen in the words. So this is a list of what is sure to fail, and what it does not
 * know passes. The other way round, refusing what is not known to be harmless, would refuse most of SQL.
 *
 * Words inside parentheses do not count: a column named "if" or a default with "on conflict" in a literal
 * says nothing of the statement. DROP ... IF EXISTS before a CREATE makes it harmless, by the kind of
 * object only; whether it is the same object is not asked, again in favour of the file.
 */
#include "migration/repeat.h"

#include <string.h>

#include "sql/lexer.h"

/*
 * By its first words, what a statement needs somewhere to be harmless the
 * second time. "*" stands for the words between, as in CREATE OR REPLACE VIEW
 * or CREATE UNIQUE INDEX; the first row that fits decides.
 */
static const struct {
	const char *words;
	const char *needs; /* words in a row; NULL: no such clause exists */
} rows[] = {
    {"create * table", "if not exists"},
    {"create * index", "if not exists"},
    {"create schema", "if not exists"},
    {"create * sequence", "if not exists"},
    {"create extension", "if not exists"},
    {"create materialized view", "if not exists"},
    {"create statistics", "if not exists"},
    {"create * view", "or replace"},
    {"create * function", "or replace"},
    {"create * procedure", "or replace"},
    {"create * trigger", "or replace"},
    {"create * rule", "or replace"},
    {"create type", NULL},
    {"create domain", NULL},
    {"create policy", NULL},
    {"alter table * add constraint", NULL},
    {"alter table * add column", "if not exists"},
    {"alter type * add value", "if not exists"},
    {"alter * rename", NULL},
    {"drop", "if exists"},
    {"insert", "on conflict"},
};

/* The words of a statement outside parentheses, folded comparison left to the callers. */
struct words {
	struct str *items;
	size_t count;
};

static struct words words_of(const struct statement *statement, struct arena *arena)
{
	struct lexer lexer = statement_lexer(statement);
	struct words words = {0};
	size_t depth = 0;

	for (;;) {
		const struct token token = lexer_next_significant(&lexer);

		if (token.kind == TOKEN_END)
			return words;
		if (str_is(token.text, "("))
			depth++;
		else if (str_is(token.text, ")") && depth > 0)
			depth--;
		else if (depth == 0 && (token.kind == TOKEN_WORD || token.kind == TOKEN_NAME))
			*ARENA_PUSH(arena, words.items, words.count) = token.text;
	}
}

static bool word_at(const struct words *words, size_t i, struct str word)
{
	return i < words->count && words->items[i].len == word.len &&
	       strncasecmp(words->items[i].text, word.text, word.len) == 0;
}

static bool stands_at(const struct words *words, size_t i, const char *phrase)
{
	struct str rest = str_of(phrase);
	struct str word;

	while (str_split_next(&rest, ' ', &word))
		if (!word_at(words, i++, word))
			return false;
	return true;
}

static bool has_in_a_row(const struct words *words, const char *phrase)
{
	for (size_t i = 0; i < words->count; i++)
		if (stands_at(words, i, phrase))
			return true;
	return false;
}

static bool fits(const struct words *words, const char *pattern)
{
	struct str rest = str_of(pattern);
	struct str word;
	size_t i = 0;
	bool may_skip = false;

	while (str_split_next(&rest, ' ', &word)) {
		if (str_is(word, "*")) {
			may_skip = true;
			continue;
		}
		while (may_skip && i < words->count && !word_at(words, i, word))
			i++;
		if (!word_at(words, i++, word))
			return false;
		may_skip = false;
	}
	return true;
}

/* What was dropped, if it exists, just before may be created anew. */
static bool was_dropped(const struct words *all, size_t index)
{
	static const char *const kinds[] = {"table", "index", "view",   "function", "procedure",  "trigger",
	                                    "rule",  "type",  "domain", "policy",   "constraint", NULL};

	for (size_t before = 0; before < index; before++) {
		const struct words *earlier = &all[before];

		if (!has_in_a_row(earlier, "if exists") || !has_in_a_row(earlier, "drop"))
			continue;
		for (size_t i = 0; kinds[i]; i++)
			if (has_in_a_row(&all[index], kinds[i]) && has_in_a_row(earlier, kinds[i]))
				return true;
	}
	return false;
}

static bool cannot_run_again(const struct statement *statement, const char *needs, struct error *err)
{
	const struct place place = statement_place(statement, 0);

	error_set(err, ERROR_FILES, "the statement cannot run again, as \"on-change\" asks");
	if (needs)
		error_hint(err, "Write it with \"%s\", or drop what it makes before it, if that exists.", needs);
	else
		error_hint(err, "Drop what it makes before it, if that exists, or guard it in a DO block.");
	return error_at(err, &place);
}

static bool check_statement(const struct statement *statement, const struct words *all, size_t index,
                            struct error *err)
{
	const struct words *words = &all[index];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!fits(words, rows[i].words))
			continue;
		if ((rows[i].needs && has_in_a_row(words, rows[i].needs)) || was_dropped(all, index))
			return true;
		return cannot_run_again(statement, rows[i].needs, err);
	}
	return true;
}

bool repeat_check(const struct script *script, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct words *all = arena_array(&arena, struct words, script->count + 1);

	for (size_t i = 0; i < script->count; i++) {
		all[i] = words_of(&script->statements[i], &arena);
		if (!script->statements[i].echo && !check_statement(&script->statements[i], all, i, err))
			return false;
	}
	return true;
}
