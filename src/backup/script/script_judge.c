/*
 * Most of what is refused here is harmless in itself; it is refused because psql and the lexer, or two
 * versions of psql, could disagree on where it ends. COPY data is told from SQL by the words of its
 * statement; the server tells it by its grammar, and both must come to the same (follow_copy()). A body
 * of a function is told by BEGIN ATOMIC after CREATE FUNCTION; psql asks for less, so a statement that
 * only looks like one is refused.
 *
 * The judge sees every token once, in order, and keeps no text: what it needs to remember of a statement
 * is in its two structs, which a semicolon resets. One semicolon inside a body ends a part, not the
 * statement.
 *
 * Where in doubt, refuse: a dump of pg_dump has none of these, and a script that is refused can still be
 * run by hand. What passes wrongly runs with the rights of anyone who restores.
 */
#include "backup/script/script_judge.h"

#include <string.h>

#include "backup/script/script_refusal.h"

/* The shortest variable that psql sets itself: HOST, PORT, USER, ECHO. */
enum { NAME_OF_PSQL = 4 };

static bool refuse(const struct script_judge *it, struct error *err, const char *what)
{
	return script_refuse(it->line + 1, what, err);
}

static unsigned long long count_lines(struct str text)
{
	unsigned long long count = 0;

	for (size_t at = str_index(text, '\n'); at < text.len; at = str_index(text, '\n')) {
		text = str_slice(text, at + 1, text.len);
		count++;
	}
	return count;
}

static void pass(struct script_judge *it, struct str text)
{
	if (text.len == 0)
		return;
	it->line += count_lines(text);
	it->is_inside_line = text.text[text.len - 1] != '\n';
}

/* --- words ------------------------------------------------------------ */

static bool is_one_of(struct str word, const char *const *names)
{
	for (; *names; names++)
		if (str_is_folded(word, *names))
			return true;
	return false;
}

static bool check_first_word(struct script_judge *it, struct str word, bool is_body, struct error *err)
{
	static const char *const always[] = {"begin", "start", "commit", "rollback", "abort", NULL};

	if (is_one_of(word, always) || (!is_body && str_is_folded(word, "end")))
		return script_refuse_transaction(it->line + 1, word, err);
	if (is_body && str_is_folded(word, "copy"))
		return refuse(it, err, "a COPY in the body of a function");
	it->part.is_prepare = str_is_folded(word, "prepare");
	it->part.is_copy = str_is_folded(word, "copy");
	it->part.is_set = str_is_folded(word, "set");
	return true;
}

/* Only the first FROM or TO says where the data comes from; another may be in a condition. */
static void follow_copy(struct script_part *part, struct str word)
{
	if (part->wants_source) {
		part->copies_in = str_is_folded(word, "stdin") || str_is_folded(word, "stdout");
		part->wants_source = false;
	} else if (!part->has_direction) {
		part->wants_source = str_is_folded(word, "from");
		part->has_direction = part->wants_source || str_is_folded(word, "to");
	}
}

static bool note_word(struct script_judge *it, struct str word, bool is_body, struct error *err)
{
	struct script_part *part = &it->part;

	if (it->lexer->nesting.paren_depth > 0)
		return true;
	if (part->word_count == 0 && !check_first_word(it, word, is_body, err))
		return false;
	if (part->word_count == 1 && part->is_prepare && str_is_folded(word, "transaction"))
		return script_refuse_transaction(it->line + 1, STR("PREPARE TRANSACTION"), err);
	if (part->word_count > 0 && part->is_copy && !it->is_dotted)
		follow_copy(part, word);
	part->word_count++;
	return true;
}

/* --- bodies ----------------------------------------------------------- */

static void note_beginning(struct script_beginning *beginning, struct str word)
{
	static const char *const routines[] = {"function", "procedure", NULL};
	const bool is_routine = is_one_of(word, routines);
	const size_t place = beginning->word_count;

	beginning->may_be_one |= is_routine;
	if (beginning->is_over)
		return;
	beginning->is_routine |= (place == 1 || place == 3) && is_routine;
	beginning->is_over = !is_routine && place == 0   ? !str_is_folded(word, "create")
	                     : !is_routine && place == 1 ? !str_is_folded(word, "or")
	                                                 : is_routine || !str_is_folded(word, "replace");
	beginning->word_count++;
}

/* `was_body`: before this token. */
static bool check_body(struct script_judge *it, struct token token, bool was_body, struct error *err)
{
	struct script_beginning *beginning = &it->beginning;
	const bool is_word = token.kind == TOKEN_WORD;
	const bool begins =
	    is_word && str_is_folded(token.text, "begin") && !was_body && it->lexer->nesting.paren_depth == 0;

	if (beginning->wants_atomic && !(is_word && str_is_folded(token.text, "atomic")))
		return refuse(it, err, "BEGIN in a statement without ATOMIC");
	beginning->wants_atomic = begins && beginning->is_routine;
	if (begins && !beginning->is_routine && beginning->may_be_one)
		return refuse(it, err, "BEGIN in what only looks like CREATE FUNCTION");
	if (is_word)
		note_beginning(beginning, token.text);
	else
		beginning->is_over = true;
	return true;
}

/* --- tokens ----------------------------------------------------------- */

static enum lexer_open open_of(struct token token, enum lexer_open before)
{
	const char first = token.text.text[0];

	if (before != OPEN_NOTHING)
		return before;
	switch (token.kind) {
	case TOKEN_STRING:
		return first == '$' ? OPEN_DOLLAR_STRING : char_fold(first) == 'e' ? OPEN_ESCAPE_STRING : OPEN_STRING;
	case TOKEN_NAME:
		return OPEN_NAME;
	case TOKEN_COMMENT:
		return first == '/' ? OPEN_COMMENT : OPEN_NOTHING;
	case TOKEN_END:
	case TOKEN_SPACE:
	case TOKEN_WORD:
	case TOKEN_NUMBER:
	case TOKEN_OPERATOR:
	case TOKEN_PUNCTUATION:
	case TOKEN_SEMICOLON:
	case TOKEN_VARIABLE:
	case TOKEN_BACKSLASH:
		break;
	}
	return OPEN_NOTHING;
}

static bool check_doubt(const struct script_judge *it, bool is_harmful, struct error *err)
{
	return !is_harmful || script_refuse_reading(it->doubt.line + 1, it->doubt.what, err);
}

/* For a psql that nothing restricts. */
static bool check_reading(struct script_judge *it, struct token token, enum lexer_open before,
                          struct error *err)
{
	if (it->psql_is_restricted)
		return true;
	const char *what = before == OPEN_NOTHING && it->lexer->open == OPEN_NOTHING
	                       ? script_doubt_setting(&it->doubt, token, it->part.is_set)
	                       : NULL;

	if (what)
		return script_refuse_reading(it->line + 1, what, err);
	return check_doubt(
	    it, script_doubt_follow(&it->doubt, token, open_of(token, before), before != OPEN_NOTHING, it->line),
	    err);
}

static bool check_nul(const struct script_judge *it, struct str text, struct error *err)
{
	const size_t at = str_index(text, '\0');

	return at == text.len ||
	       script_refuse(it->line + count_lines(str_slice(text, 0, at)) + 1, "a NUL byte", err);
}

static bool check_space(const struct script_judge *it, struct str space, struct error *err)
{
	for (size_t i = str_index(space, '\r'); i < space.len; i++)
		if (space.text[i] == '\r' &&
		    (i + 1 < space.len ? space.text[i + 1] != '\n' : it->lexer->at < it->lexer->text.len))
			return refuse(it, err, "a carriage return without its newline");
	return true;
}

static bool check_number(const struct script_judge *it, struct str number, struct error *err)
{
	const char last = number.text[number.len - 1];

	if (last == '-' || last == '+')
		return refuse(it, err, "a number that ends with a sign");
	if (str_index(str_slice(number, 1, number.len), '$') < number.len - 1)
		return refuse(it, err, "a number that a dollar follows directly");
	return true;
}

/* psql leaves a reference as it is when it knows no such variable. */
static bool check_variable(const struct script_judge *it, struct str reference, struct error *err)
{
	size_t capitals = 0;

	if (str_starts(reference, ":{?"))
		return refuse(it, err, "a test of a variable of psql");
	for (size_t i = 1; i < reference.len; i++) {
		const char c = reference.text[i];

		if (char_fold(c) != c)
			capitals++;
		else if (c >= 'a' && c <= 'z')
			return true;
	}
	return capitals < NAME_OF_PSQL || refuse(it, err, "a variable into which psql puts a value of its own");
}

/* A colon's name ends where psql says, and a number where its version says. */
static bool check_neighbour(const struct script_judge *it, struct token token, struct error *err)
{
	if (!strchr("'\"$", token.text.text[0]))
		return true;
	if (it->before == TOKEN_NUMBER)
		return refuse(it, err, "a number that a literal follows directly");
	if (it->before == TOKEN_VARIABLE)
		return refuse(it, err, "a variable of psql that a literal follows directly");
	return true;
}

/* --- the end of statements ---------------------------------------------- */

static void end_part(struct script_judge *it, bool is_statement)
{
	const bool copies_in = it->part.copies_in;

	it->part = (struct script_part){0};
	it->doubt.setting = SETTING_NONE;
	if (!is_statement)
		return;
	it->beginning = (struct script_beginning){0};
	it->data_follows = copies_in;
}

static void take_mark(struct script_judge *it, struct str mark)
{
	it->is_dotted = str_is(mark, ".");
	if (str_is(mark, ";") && it->lexer->nesting.paren_depth == 0)
		end_part(it, false);
}

static bool take_token(struct script_judge *it, struct token token, bool was_body, struct error *err)
{
	switch (token.kind) {
	case TOKEN_SPACE:
		return check_space(it, token.text, err);
	case TOKEN_NUMBER:
		return check_number(it, token.text, err);
	case TOKEN_VARIABLE:
		return check_variable(it, token.text, err);
	case TOKEN_WORD:
		return note_word(it, token.text, was_body, err);
	case TOKEN_SEMICOLON:
		end_part(it, true);
		return true;
	case TOKEN_PUNCTUATION:
		take_mark(it, token.text);
		return true;
	case TOKEN_END:
	case TOKEN_COMMENT:
	case TOKEN_NAME:
	case TOKEN_STRING:
	case TOKEN_OPERATOR:
	case TOKEN_BACKSLASH:
		break;
	}
	return true;
}

bool script_judge_token(struct script_judge *it, struct token token, enum lexer_open open, bool was_body,
                        struct error *err)
{
	const bool is_significant = token.kind != TOKEN_SPACE && token.kind != TOKEN_COMMENT;

	if (!check_nul(it, token.text, err) || !check_neighbour(it, token, err) ||
	    !check_reading(it, token, open, err) ||
	    (is_significant && open == OPEN_NOTHING && !check_body(it, token, was_body, err)) ||
	    !take_token(it, token, was_body, err))
		return false;
	it->before = token.kind;
	if (is_significant && token.kind != TOKEN_PUNCTUATION)
		it->is_dotted = false;
	pass(it, token.text);
	return true;
}

bool script_judge_bytes(struct script_judge *it, struct str text, struct error *err)
{
	const bool is_harmful = !it->psql_is_restricted && script_doubt_is_harmful(&it->doubt, text);

	if (!check_nul(it, text, err) || !check_doubt(it, is_harmful, err))
		return false;
	if (str_index(text, '\n') < text.len)
		memset(it->doubt.taken, 0, sizeof(it->doubt.taken));
	pass(it, text);
	return true;
}
