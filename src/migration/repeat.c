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

enum { MOST_WORDS = 4096 };

/* The words of a statement outside parentheses, folded comparison left to the callers. */
struct words {
	struct str items[64];
	size_t count;
};

static void read_words(struct str text, struct words *words)
{
	struct lexer lexer = {.text = text};
	size_t depth = 0;

	words->count = 0;
	for (size_t seen = 0; seen < MOST_WORDS && words->count < sizeof(words->items) / sizeof(*words->items);
	     seen++) {
		const struct token token = lexer_next_significant(&lexer);

		if (token.kind == TOKEN_END)
			return;
		if (str_is(token.text, "("))
			depth++;
		else if (str_is(token.text, ")") && depth > 0)
			depth--;
		else if (depth == 0 && (token.kind == TOKEN_WORD || token.kind == TOKEN_NAME))
			words->items[words->count++] = token.text;
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
static bool was_dropped(const struct script *script, size_t index, const struct words *words)
{
	static const char *const kinds[] = {"table", "index", "view",   "function", "procedure",  "trigger",
	                                    "rule",  "type",  "domain", "policy",   "constraint", NULL};

	for (size_t before = 0; before < index; before++) {
		struct words earlier;

		read_words(script->statements[before].text, &earlier);
		if (!has_in_a_row(&earlier, "if exists") || !has_in_a_row(&earlier, "drop"))
			continue;
		for (size_t i = 0; kinds[i]; i++)
			if (has_in_a_row(words, kinds[i]) && has_in_a_row(&earlier, kinds[i]))
				return true;
	}
	return false;
}

static bool cannot_run_again(const struct statement *statement, const char *needs, struct error *err)
{
	const struct place place = statement_place(statement, 0);

	error_set(err, ERROR_FILES, "the statement cannot run again, as \"on-change: reapply\" asks");
	if (needs)
		error_hint(err, "Write it with \"%s\", or drop what it makes before it, if that exists.", needs);
	else
		error_hint(err, "Drop what it makes before it, if that exists, or guard it in a DO block.");
	return error_at(err, &place);
}

static bool check_statement(const struct script *script, size_t index, struct error *err)
{
	const struct statement *statement = &script->statements[index];
	struct words words;

	read_words(statement->text, &words);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!fits(&words, rows[i].words))
			continue;
		if ((rows[i].needs && has_in_a_row(&words, rows[i].needs)) || was_dropped(script, index, &words))
			return true;
		return cannot_run_again(statement, rows[i].needs, err);
	}
	return true;
}

bool repeat_check(const struct script *script, struct error *err)
{
	for (size_t i = 0; i < script->count; i++)
		if (!script->statements[i].echo && !check_statement(script, i, err))
			return false;
	return true;
}
