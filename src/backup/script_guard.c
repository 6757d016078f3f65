/*
 * The states are those of psql's lexer. Two of its ways decide here: a literal
 * continued on the next line is two literals, as psql lexes each line by
 * itself; and COPY data begins on the line after the statement, while psql
 * would come back to the rest of the statement's own line behind the data.
 */
#include "backup/script_guard.h"

#include <string.h>

#include "backup/script_refusal.h"
#include "sql/lexer.h"

enum { LONGEST_TEXT = 256 };

enum state {
	IN_CODE,
	IN_LINE_COMMENT,
	IN_COMMENT,
	IN_STRING,
	IN_ESCAPE_STRING,
	BEHIND_ESCAPE,      /* the character after a backslash in E'' */
	BEHIND_ESCAPE_STOP, /* a quote that ends E'', unless another follows */
	IN_NAME,
	IN_DOLLAR_TAG,
	IN_DOLLAR_STRING,
	IN_COMMAND,  /* from a backslash to the end of its line */
	BEHIND_COPY, /* the rest of the line */
	IN_COPY_DATA,
};

enum word_kind { NO_WORD, WORD, NUMBER };

/* Of a statement, or of a part of a body that a semicolon ends. */
struct part {
	size_t word_count; /* outside parentheses */
	bool is_prepare;
	bool is_copy;
	bool has_direction; /* FROM or TO was seen */
	bool wants_source;  /* the next word says from where */
	bool copies_in;
};

struct guard {
	struct sink sink;
	struct sink *next;
	struct arena arena;
	enum state state;
	unsigned long long line; /* from 0 */
	size_t bom_len;
	bool is_line_begin;
	bool has_own_line; /* the command */
	struct lexer_nesting nesting;
	struct part part;
	char before;     /* the byte before, in code, where it may begin a comment */
	bool is_dotted;  /* a dot came last: what follows is part of a name */
	bool is_minused; /* 1E-: another minus begins a comment for some */
	bool has_return; /* a carriage return wants its newline */
	size_t depth;    /* of comments */
	enum word_kind word_kind;
	size_t len; /* of what is in `text` */
	size_t matched;
	char text[LONGEST_TEXT]; /* a word, a dollar tag or a command, whichever is open */
};

static bool refuse(const struct guard *it, struct error *err, const char *what)
{
	return script_refuse(it->line + 1, what, err);
}

/* --- words ------------------------------------------------------------ */

static bool is_one_of(struct str word, const char *const *names)
{
	for (; *names; names++)
		if (str_is_folded(word, *names))
			return true;
	return false;
}

static bool check_first_word(struct guard *it, struct str word, struct error *err)
{
	static const char *const always[] = {"begin", "start", "commit", "rollback", "abort", NULL};
	const bool is_body = it->nesting.begin_depth > 0;

	if (is_one_of(word, always) || (!is_body && str_is_folded(word, "end")))
		return script_refuse_transaction(it->line + 1, word, err);
	if (is_body && str_is_folded(word, "copy"))
		return refuse(it, err, "a COPY in the body of a function");
	it->part.is_prepare = str_is_folded(word, "prepare");
	it->part.is_copy = str_is_folded(word, "copy");
	return true;
}

/* Only the first FROM or TO says where the data comes from; another may be in a condition. */
static void follow_copy(struct part *part, struct str word)
{
	if (part->wants_source) {
		part->copies_in = str_is_folded(word, "stdin") || str_is_folded(word, "stdout");
		part->wants_source = false;
	} else if (!part->has_direction) {
		part->wants_source = str_is_folded(word, "from");
		part->has_direction = part->wants_source || str_is_folded(word, "to");
	}
}

static bool note_word(struct guard *it, struct error *err)
{
	const struct str word = {it->text, it->len};
	struct part *part = &it->part;

	if (it->nesting.paren_depth > 0)
		return true;
	if (part->word_count == 0 && !check_first_word(it, word, err))
		return false;
	if (part->word_count == 1 && part->is_prepare && str_is_folded(word, "transaction"))
		return script_refuse_transaction(it->line + 1, STR("PREPARE TRANSACTION"), err);
	if (part->word_count > 0 && part->is_copy && !it->is_dotted)
		follow_copy(part, word);
	part->word_count++;
	lexer_note_word(&it->nesting, word);
	return true;
}

/* --- code ------------------------------------------------------------- */

static void keep(struct guard *it, char c)
{
	if (it->len < sizeof(it->text))
		it->text[it->len++] = c;
}

static bool is_letter(char c)
{
	const char folded = char_fold(c);

	return (folded >= 'a' && folded <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool continues_tag(char c)
{
	return is_letter(c) || char_is_digit(c);
}

static void enter(struct guard *it, enum state state)
{
	it->state = state;
	it->before = '\0';
	it->is_dotted = false;
}

static void begin_word(struct guard *it, enum word_kind kind, char c)
{
	it->word_kind = kind;
	it->len = 0;
	keep(it, c);
}

static bool is_escape_prefix(const struct guard *it)
{
	return it->len == 1 && char_fold(it->text[0]) == 'e';
}

/* E'', B'', X'' and N'': no words of their own. */
static bool is_string_prefix(const struct guard *it)
{
	return it->len == 1 && strchr("ebxn", char_fold(it->text[0]));
}

static bool end_number(struct guard *it, char c, struct error *err)
{
	it->word_kind = NO_WORD;
	it->is_dotted = false;
	if (c == '\'' || c == '$')
		return refuse(it, err, "a number that a literal follows directly");
	it->is_minused = c == '-' && char_fold(it->text[it->len - 1]) == 'e';
	return true;
}

static bool end_word(struct guard *it, struct error *err)
{
	it->word_kind = NO_WORD;
	if (!note_word(it, err))
		return false;
	it->is_dotted = false;
	return true;
}

static void end_statement(struct guard *it)
{
	if (it->nesting.paren_depth > 0)
		return;
	const bool copies_in = it->part.copies_in;

	it->part = (struct part){0};
	if (it->nesting.begin_depth > 0)
		return;
	it->nesting.word_count = 0;
	if (copies_in)
		enter(it, BEHIND_COPY);
}

static void begin_command(struct guard *it)
{
	enter(it, IN_COMMAND);
	it->has_own_line = it->is_line_begin;
	it->len = 0;
	keep(it, '\\');
}

static bool open_comment(struct guard *it, char c, struct error *err)
{
	if (c == '-' && it->is_minused)
		return refuse(it, err, "a comment directly behind a number");
	it->depth = 1;
	it->state = c == '-' ? IN_LINE_COMMENT : IN_COMMENT;
	it->before = '\0';
	return true;
}

static void take_mark(struct guard *it, char c)
{
	switch (c) {
	case '\'':
		enter(it, IN_STRING);
		break;
	case '"':
		enter(it, IN_NAME);
		break;
	case '$':
		enter(it, IN_DOLLAR_TAG);
		it->len = 0;
		keep(it, c);
		break;
	case '(':
		it->nesting.paren_depth++;
		break;
	case ')':
		it->nesting.paren_depth -= it->nesting.paren_depth > 0;
		break;
	case ';':
		end_statement(it);
		break;
	case '\\':
		begin_command(it);
		break;
	default:
		break;
	}
}

static bool take_fresh(struct guard *it, char c, struct error *err)
{
	const char before = it->before;

	it->before = c;
	if ((c == '-' && before == '-') || (c == '*' && before == '/'))
		return open_comment(it, c, err);
	it->is_minused = it->is_minused && c == '-';
	if (char_is_space(c) || c == '-' || c == '/')
		return true;
	if (continues_tag(c)) {
		begin_word(it, is_letter(c) ? WORD : NUMBER, c);
		return true;
	}
	it->is_dotted = c == '.';
	take_mark(it, c);
	return true;
}

static bool take_code(struct guard *it, char c, struct error *err)
{
	const bool continues = continues_tag(c);

	if (it->word_kind == WORD && (continues || c == '$')) {
		keep(it, c);
		return true;
	}
	if (it->word_kind == NUMBER && (continues || c == '.')) {
		it->len -= it->len == sizeof(it->text);
		keep(it, c);
		return true;
	}
	if (it->word_kind == WORD && c == '\'' && is_string_prefix(it)) {
		it->word_kind = NO_WORD;
		enter(it, is_escape_prefix(it) ? IN_ESCAPE_STRING : IN_STRING);
		return true;
	}
	if (it->word_kind != NO_WORD) {
		it->before = '\0';
		if (!(it->word_kind == NUMBER ? end_number(it, c, err) : end_word(it, err)))
			return false;
	}
	return take_fresh(it, c, err);
}

/* --- what is not code ------------------------------------------------- */

static bool take_comment(struct guard *it, char c)
{
	const char before = it->before;
	const bool closes = before == '*' && c == '/';
	const bool opens = before == '/' && c == '*';

	it->before = closes || opens ? '\0' : c;
	it->depth += opens;
	it->depth -= closes;
	if (it->depth == 0)
		it->state = IN_CODE;
	return true;
}

/* What was no tag after all is a name: $e'x' is a dollar and an escape string. */
static bool take_tag(struct guard *it, char c, struct error *err)
{
	if (it->len == sizeof(it->text))
		return refuse(it, err, "a dollar quote with a tag beyond measure");
	if (c == '$') {
		keep(it, c);
		it->matched = 0;
		enter(it, IN_DOLLAR_STRING);
		return true;
	}
	if (it->len == 1 ? is_letter(c) : continues_tag(c)) {
		keep(it, c);
		return true;
	}
	it->state = IN_CODE;
	it->len--;
	memmove(it->text, it->text + 1, it->len);
	it->word_kind = it->len > 0 ? WORD : NO_WORD;
	return take_code(it, c, err);
}

/* A dollar is at both ends of a tag and nowhere else in it. */
static bool take_dollar_string(struct guard *it, char c)
{
	if (c == it->text[it->matched])
		it->matched++;
	else
		it->matched = c == '$';
	if (it->matched == it->len)
		enter(it, IN_CODE);
	return true;
}

/* All but the word and one key of letters and digits could be further commands, or backquotes. */
static bool is_restriction(const struct guard *it)
{
	struct str rest = {it->text, it->len};
	struct str word;

	if (it->len == sizeof(it->text) || !str_split_next(&rest, ' ', &word) ||
	    !(str_is(word, "\\restrict") || str_is(word, "\\unrestrict")))
		return false;
	rest = str_ends(rest, "\r") ? str_slice(rest, 0, rest.len - 1) : rest;
	for (size_t i = 0; i < rest.len; i++)
		if (!continues_tag(rest.text[i]) || (unsigned char)rest.text[i] >= 0x80)
			return false;
	return rest.len > 0;
}

static bool end_command(struct guard *it, struct error *err)
{
	if (!it->has_own_line || it->part.word_count > 0 || !is_restriction(it))
		return script_refuse_command(it->line + 1, (struct str){it->text, it->len}, err);
	it->state = IN_CODE;
	return true;
}

/* Line by line, as psql compares them with its mark for the end. */
static bool take_copy_data(struct guard *it, char c)
{
	static const char mark[] = "\\.";

	if (c == '\n') {
		it->state = it->matched == 2 || it->matched == 3 ? IN_CODE : IN_COPY_DATA;
		it->matched = 0;
	} else if ((it->matched < 2 && c == mark[it->matched]) || (it->matched == 2 && c == '\r')) {
		it->matched++;
	} else {
		it->matched = sizeof(it->text);
	}
	return true;
}

static bool take_rest_of_copy(struct guard *it, char c, struct error *err)
{
	if (!char_is_space(c))
		return refuse(it, err, "more on the line of a COPY whose data follows");
	if (c == '\n') {
		it->state = IN_COPY_DATA;
		it->matched = 0;
	}
	return true;
}

static bool take_escape_string(struct guard *it, char c)
{
	it->state = c == '\\' ? BEHIND_ESCAPE : c == '\'' ? BEHIND_ESCAPE_STOP : IN_ESCAPE_STRING;
	return true;
}

static bool take(struct guard *it, char c, struct error *err)
{
	switch (it->state) {
	case IN_CODE:
		return take_code(it, c, err);
	case IN_LINE_COMMENT:
		it->state = c == '\n' ? IN_CODE : IN_LINE_COMMENT;
		return true;
	case IN_COMMENT:
		return take_comment(it, c);
	case IN_STRING:
		it->state = c == '\'' ? IN_CODE : IN_STRING;
		return true;
	case IN_ESCAPE_STRING:
		return take_escape_string(it, c);
	case BEHIND_ESCAPE:
		it->state = IN_ESCAPE_STRING;
		return true;
	case BEHIND_ESCAPE_STOP:
		it->state = c == '\'' ? IN_ESCAPE_STRING : IN_CODE;
		return c == '\'' || take_code(it, c, err);
	case IN_NAME:
		it->state = c == '"' ? IN_CODE : IN_NAME;
		return true;
	case IN_DOLLAR_TAG:
		return take_tag(it, c, err);
	case IN_DOLLAR_STRING:
		return take_dollar_string(it, c);
	case IN_COMMAND:
		if (c == '\n')
			return end_command(it, err);
		keep(it, c);
		return true;
	case BEHIND_COPY:
		return take_rest_of_copy(it, c, err);
	case IN_COPY_DATA:
		return take_copy_data(it, c);
	}
	return true;
}

/* --- the stage -------------------------------------------------------- */

/* psql passes over the mark that some editors put before a text. */
static bool is_byte_order_mark(struct guard *it, char c)
{
	static const char mark[] = "\xEF\xBB\xBF";

	if (it->bom_len < 3 && c == mark[it->bom_len]) {
		it->bom_len++;
		return true;
	}
	it->bom_len = 3;
	return false;
}

static bool wants_newline(const struct guard *it, char c)
{
	return c == '\r' && (it->state == IN_CODE || it->state == IN_LINE_COMMENT || it->state == BEHIND_COPY);
}

static bool follow(struct guard *it, char c, struct error *err)
{
	if (is_byte_order_mark(it, c))
		return true;
	if (c == '\0')
		return refuse(it, err, "a NUL byte");
	if (it->has_return && c != '\n')
		return refuse(it, err, "a carriage return without its newline");
	if (!take(it, c, err))
		return false;
	it->has_return = wants_newline(it, c);
	it->is_line_begin = c == '\n';
	it->line += c == '\n';
	return true;
}

/* Commands that were let pass are left out, but for their newline. */
static bool guard_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct guard *it = (struct guard *)sink;
	size_t from = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		const bool was_command = it->state == IN_COMMAND;

		if (!follow(it, bytes.text[i], err))
			return false;
		const bool is_command = it->state == IN_COMMAND;
		if (is_command && !was_command && !sink_write(it->next, str_slice(bytes, from, i), err))
			return false;
		if (is_command)
			from = i + 1;
		else if (was_command)
			from = i;
	}
	return sink_write(it->next, str_slice(bytes, from, bytes.len), err);
}

/* A last word or command may lack its newline. */
static bool guard_finish(struct sink *sink, struct error *err)
{
	struct guard *it = (struct guard *)sink;

	return take(it, '\n', err) && sink_finish(it->next, err);
}

static void guard_discard(struct sink *sink)
{
	sink_discard(((struct guard *)sink)->next);
}

static void guard_close(struct sink *sink)
{
	struct guard *it = (struct guard *)sink;
	struct arena arena = it->arena;

	sink_close(&it->next);
	arena_clear(&arena);
}

struct sink *script_guard_open(struct sink *next)
{
	static const struct sink_class class = {guard_write, guard_finish, guard_discard, guard_close};
	struct arena arena = {0};
	struct guard *it = arena_new(&arena, struct guard);

	*it = (struct guard){.sink.class = &class, .next = next, .arena = arena, .is_line_begin = true};
	return &it->sink;
}
