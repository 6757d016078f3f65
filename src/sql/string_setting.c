/*
 * With standard_conforming_strings off a backslash escapes in '...', and the same text has its semicolons
 * elsewhere. psql is told of each change by the server; a file that is cut before it runs can only read the
 * statements. So SET, RESET, DISCARD and calls of set_config() are followed by their words, through the
 * transactions of the file: what is LOCAL ends with its transaction, what was set in one that is rolled
 * back is taken back.
 *
 * Not followed are ROLLBACK TO, functions that set it, and conditions around set_config(). That is no loss
 * of safety: the server reports the parameter, and where it turns out otherwise the file is read again from
 * there (known_strings in script.h), before the first literal for which it makes a difference.
 */
#include "sql/string_setting.h"

struct string_setting string_setting_usual(bool has_escapes)
{
	return (struct string_setting){has_escapes, has_escapes, has_escapes, has_escapes, false};
}

static bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && str_is_folded(token->text, word);
}

/* A name or a value, with or without quotes. */
static bool says(const struct token *token, const char *word)
{
	struct str text = token->text;

	if (token->kind == TOKEN_STRING || token->kind == TOKEN_NAME)
		text = str_slice(text, 1, text.len - 1);
	return str_is_folded(text, word);
}

static bool is_ours(const struct token *token)
{
	return says(token, "standard_conforming_strings");
}

/* Of the value, which a parameter that is a boolean may cut short. */
static bool means_off(const struct token *token)
{
	static const char *const offs[] = {"off", "of", "false", "fals", "fal", "fa", "f", "no", "n", "0"};

	for (size_t i = 0; i < sizeof(offs) / sizeof(*offs); i++)
		if (says(token, offs[i]))
			return true;
	return false;
}

static void assign(struct string_setting *setting, bool has_escapes, bool is_local)
{
	if (is_local && setting->is_outside)
		return;
	setting->now = has_escapes;
	if (!is_local)
		setting->kept = has_escapes;
}

/* SET [SESSION|LOCAL] name TO|= value */
static void follow_set(struct string_setting *setting, struct lexer *lexer)
{
	struct token token = lexer_next_significant(lexer);
	const bool is_local = is_word(&token, "local");

	if (is_local || is_word(&token, "session"))
		token = lexer_next_significant(lexer);
	if (!is_ours(&token))
		return;
	lexer_next_significant(lexer);
	token = lexer_next_significant(lexer);
	assign(setting, is_word(&token, "default") ? setting->usual : means_off(&token), is_local);
}

/* RESET name|ALL, DISCARD ALL */
static void follow_reset(struct string_setting *setting, struct lexer *lexer)
{
	const struct token token = lexer_next_significant(lexer);

	if (is_ours(&token) || is_word(&token, "all"))
		assign(setting, setting->usual, false);
}

/* SELECT ... set_config('name', 'value', is_local) ... */
static void follow_call(struct string_setting *setting, struct lexer *lexer)
{
	struct token token;

	while ((token = lexer_next_significant(lexer)).kind != TOKEN_END) {
		if (!is_word(&token, "set_config"))
			continue;
		lexer_next_significant(lexer);
		token = lexer_next_significant(lexer);
		if (!is_ours(&token))
			continue;
		lexer_next_significant(lexer);
		const struct token value = lexer_next_significant(lexer);
		lexer_next_significant(lexer);
		token = lexer_next_significant(lexer);
		assign(setting, means_off(&value), is_word(&token, "true"));
	}
}

static void follow_setting(struct string_setting *setting, struct lexer *lexer)
{
	const struct token first = lexer_next_significant(lexer);

	if (is_word(&first, "set"))
		follow_set(setting, lexer);
	else if (is_word(&first, "reset") || is_word(&first, "discard"))
		follow_reset(setting, lexer);
	else
		follow_call(setting, lexer);
}

void string_setting_follow(struct string_setting *setting, struct lexer lexer, struct statement_kind kind)
{
	switch (kind.class) {
	case STATEMENT_BEGIN:
		setting->at_begin = setting->kept;
		setting->is_outside = false;
		return;
	case STATEMENT_ROLLBACK:
	case STATEMENT_COMMIT:
		if (kind.class == STATEMENT_ROLLBACK && !setting->is_outside)
			setting->kept = setting->at_begin;
		setting->now = setting->at_begin = setting->kept;
		setting->is_outside = !kind.chains;
		return;
	case STATEMENT_OTHER:
	case STATEMENT_SAVEPOINT:
	case STATEMENT_COPY_IN:
	case STATEMENT_COPY_OUT:
	case STATEMENT_NONTRANSACTIONAL:
		if (kind.changes_session || kind.block == BLOCK_WANTED)
			follow_setting(setting, &lexer);
	}
}
