/*
 * The lexer wants text to look ahead in, so bytes are gathered until they end
 * with a line, as psql reads line by line itself. A line that is longer than
 * all there is room for is cut where no token and no pair of characters that
 * belong together can be: after a blank, or deep inside a literal.
 *
 * COPY data begins on the line after the statement, while psql would come back
 * to the rest of the statement's own line after the data.
 *
 * psql 17.12 and 18.6 pass over whatever follows an empty statement after the
 * data, up to the next end of data, and say nothing: no such script is restored.
 */
#include "backup/script/script_guard.h"

#include <string.h>

#include "backup/script/script_judge.h"
#include "backup/script/script_refusal.h"
#include "base/child.h"

enum {
	ROOM_SIZE = 64 * 1024,
	LONGEST_TAG = 256,
	LONGEST_COMMAND = 256,
};

enum state { IN_SQL, IN_LINE_COMMENT, BEHIND_COPY, IN_COPY_DATA };

struct guard {
	struct sink sink;
	struct sink *next;
	struct arena arena;
	struct script_judge judge;
	enum state state;
	struct lexer lexer;
	char tag[LONGEST_TAG];
	char room[ROOM_SIZE];
	size_t at; /* in `room`: what was not looked at yet */
	size_t len;
	bool is_started;
	bool has_ended;      /* no more bytes will come */
	size_t matched;      /* of the mark that ends COPY data */
	bool is_behind_data; /* no statement has begun since */
};

static bool refuse(const struct guard *it, struct error *err, const char *what)
{
	return script_refuse(it->judge.line + 1, what, err);
}

/* --- commands ------------------------------------------------------------ */

static bool continues_key(char c)
{
	return char_is_digit(c) || (char_fold(c) >= 'a' && char_fold(c) <= 'z') || c == '_';
}

/* All but the word and one key of letters and digits could be further commands, or backquotes. */
static bool is_restriction(struct str line)
{
	struct str word;

	if (line.len > LONGEST_COMMAND || !str_split_next(&line, ' ', &word) ||
	    !(str_is(word, "\\restrict") || str_is(word, "\\unrestrict")))
		return false;
	line = str_ends(line, "\r") ? str_slice(line, 0, line.len - 1) : line;
	for (size_t i = 0; i < line.len; i++)
		if (!continues_key(line.text[i]))
			return false;
	return line.len > 0;
}

/* A command that is let pass is left out, but for its newline. */
static bool take_command(struct guard *it, size_t *written, struct error *err)
{
	const struct str text = it->lexer.text;
	const size_t from = it->lexer.at - 1;
	struct str line = str_slice(text, from, text.len);

	line.len = str_index(line, '\n');
	const bool is_whole = from + line.len < text.len || it->has_ended;
	if (it->judge.is_inside_line || it->judge.part.word_count > 0 || !is_whole || !is_restriction(line))
		return script_refuse_command(it->judge.line + 1, line, err);
	it->lexer.at = from + line.len;
	if (!sink_write(it->next, str_slice(text, *written, from), err))
		return false;
	*written = it->lexer.at;
	it->judge.before = TOKEN_SPACE;
	return true;
}

/* --- where a text may be cut --------------------------------------------- */

/* The last place with `wanted` bytes around it, all but one before it, that end and escape nothing; or 0. */
static size_t find_plain(struct str text, size_t wanted)
{
	size_t plain = 0;

	for (size_t at = text.len; at > 0; at--) {
		plain = strchr("'\"\\$*/", text.text[at - 1]) ? 0 : plain + 1;
		if (plain == wanted)
			return at + wanted - 2;
	}
	return 0;
}

/* Inside a literal, a name or a comment; 0 where there is none. The end of a dollar quote is a long one. */
static size_t cut_inside(const struct guard *it, struct str text)
{
	for (size_t wanted = 2; wanted <= LONGEST_TAG + 1;) {
		struct lexer trial = it->lexer;

		trial.text = str_slice(text, 0, find_plain(text, wanted));
		trial.at = 0;
		while (lexer_next(&trial).kind != TOKEN_END)
			continue;
		if (trial.open != OPEN_DOLLAR_STRING || trial.dollar_tag.len < wanted)
			return trial.open == OPEN_NOTHING ? 0 : trial.text.len;
		wanted = trial.dollar_tag.len + 1;
	}
	return 0;
}

static size_t find_last(struct str text, const char *of)
{
	while (text.len > 0 && !strchr(of, text.text[text.len - 1]))
		text.len--;
	return text.len;
}

/* How much can be looked at by itself; 0 when more must come first. */
static size_t piece_len(const struct guard *it, struct str text)
{
	const size_t lines = find_last(text, "\n");

	if (it->has_ended || lines > 0)
		return it->has_ended ? text.len : lines;
	if (text.len < sizeof(it->room))
		return 0;
	const size_t blank = find_last(text, " \t,;(");
	return blank > 0 ? blank : cut_inside(it, text);
}

/* --- states ------------------------------------------------------------- */

/* psql passes over the mark that some editors put before a text, where it takes the text for UTF-8. */
static bool skip_byte_order_mark(struct guard *it, struct error *err)
{
	if (it->is_started || !str_starts(it->lexer.text, "\xEF\xBB\xBF"))
		return true;
	it->lexer.at = 3;
	return it->judge.psql_is_restricted ||
	       script_refuse_reading(1, "a byte order mark, which psql skips in some encodings only", err);
}

/* The lexer's own looks into text that goes. */
static bool keep_tag(struct guard *it, struct error *err)
{
	struct str *tag = &it->lexer.dollar_tag;

	if (it->lexer.open != OPEN_DOLLAR_STRING || tag->text == it->tag)
		return true;
	if (tag->len > sizeof(it->tag))
		return refuse(it, err, "a dollar quote with an overlong tag");
	memcpy(it->tag, tag->text, tag->len);
	tag->text = it->tag;
	return true;
}

static bool next_token(struct guard *it, size_t *written, bool *is_end, struct error *err)
{
	const enum lexer_open open = it->lexer.open;
	const bool was_body = it->lexer.nesting.begin_depth > 0;
	const struct token token = lexer_next(&it->lexer);

	*is_end = token.kind == TOKEN_END;
	if (*is_end)
		return true;
	if (token.kind == TOKEN_BACKSLASH)
		return take_command(it, written, err);
	if (it->is_behind_data && token.kind == TOKEN_SEMICOLON)
		return refuse(it, err,
		              "an empty statement after the data of a COPY, which makes psql skip what follows");
	if (token.kind != TOKEN_SPACE && token.kind != TOKEN_COMMENT)
		it->is_behind_data = false;
	if (!script_judge_token(&it->judge, token, open, was_body, err))
		return false;
	if (token.kind == TOKEN_COMMENT && open == OPEN_NOTHING && str_starts(token.text, "--") &&
	    it->lexer.at == it->lexer.text.len)
		it->state = IN_LINE_COMMENT;
	else if (token.kind == TOKEN_SEMICOLON && it->judge.data_follows)
		it->state = BEHIND_COPY;
	return keep_tag(it, err);
}

static bool take_sql(struct guard *it, struct str text, size_t *taken, struct error *err)
{
	size_t written = 0;
	bool is_end = false;

	text.len = piece_len(it, text);
	if (text.len == 0)
		return it->len - it->at < sizeof(it->room) || refuse(it, err, "an overlong word or number");
	it->lexer.text = text;
	it->lexer.at = 0;
	if (!skip_byte_order_mark(it, err))
		return false;
	it->is_started = true;
	while (it->state == IN_SQL && !is_end)
		if (!next_token(it, &written, &is_end, err))
			return false;
	*taken = it->lexer.at;
	return sink_write(it->next, str_slice(text, written, *taken), err);
}

static bool pass_raw(struct guard *it, struct str text, size_t *taken, struct error *err)
{
	*taken = text.len;
	return script_judge_bytes(&it->judge, text, err) && sink_write(it->next, text, err);
}

/* One that is longer than all there is room for; the end of its line is code again. */
static bool take_line_comment(struct guard *it, struct str text, size_t *taken, struct error *err)
{
	text.len = str_index(text, '\n');
	text.len = str_index(text, '\r');
	if (text.len < it->len - it->at)
		it->state = IN_SQL;
	return pass_raw(it, text, taken, err);
}

static bool take_rest_of_copy(struct guard *it, struct str text, size_t *taken, struct error *err)
{
	const size_t end = str_index(text, '\n');

	text.len = end < text.len ? end + 1 : text.len;
	if (str_trim(text).len > 0)
		return refuse(it, err, "text after a COPY ... FROM STDIN on its line");
	if (end < text.len) {
		it->state = IN_COPY_DATA;
		it->matched = 0;
	}
	return pass_raw(it, text, taken, err);
}

/* Line by line, as psql compares them with its mark for the end. */
static bool take_copy_data(struct guard *it, struct str text, size_t *taken, struct error *err)
{
	static const char mark[] = "\\.";
	const size_t end = str_index(text, '\n');

	for (size_t i = 0; i < end && it->matched < sizeof(it->room); i++) {
		const char c = text.text[i];
		const bool fits = (it->matched < 2 && c == mark[it->matched]) || (it->matched == 2 && c == '\r');

		it->matched = fits ? it->matched + 1 : sizeof(it->room);
	}
	if (end < text.len) {
		it->is_behind_data = it->matched == 2 || it->matched == 3;
		it->state = it->is_behind_data ? IN_SQL : IN_COPY_DATA;
		it->matched = 0;
		text.len = end + 1;
	}
	return pass_raw(it, text, taken, err);
}

/* --- the stage -------------------------------------------------------- */

static bool look(struct guard *it, struct error *err)
{
	static bool (*const takers[])(struct guard * it, struct str text, size_t * taken, struct error * err) = {
	    [IN_SQL] = take_sql,
	    [IN_LINE_COMMENT] = take_line_comment,
	    [BEHIND_COPY] = take_rest_of_copy,
	    [IN_COPY_DATA] = take_copy_data,
	};

	while (it->at < it->len) {
		const enum state state = it->state;
		size_t taken = 0;

		if (!takers[state](it, (struct str){it->room + it->at, it->len - it->at}, &taken, err))
			return false;
		it->at += taken;
		if (taken == 0 && it->state == state)
			break;
	}
	memmove(it->room, it->room + it->at, it->len - it->at);
	it->len -= it->at;
	it->at = 0;
	return true;
}

static bool guard_write(struct sink *sink, struct str bytes, struct error *err)
{
	struct guard *it = (struct guard *)sink;

	while (bytes.len > 0) {
		const size_t room = sizeof(it->room) - it->len;
		const size_t len = bytes.len < room ? bytes.len : room;

		memcpy(it->room + it->len, bytes.text, len);
		it->len += len;
		bytes = str_slice(bytes, len, bytes.len);
		if (!look(it, err))
			return false;
	}
	return true;
}

/* A last line may lack its newline. */
static bool guard_finish(struct sink *sink, struct error *err)
{
	struct guard *it = (struct guard *)sink;

	it->has_ended = true;
	return look(it, err) && sink_finish(it->next, err);
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

struct sink *script_guard_open(bool psql_is_restricted, struct sink *next)
{
	static const struct sink_class class = {guard_write, guard_finish, guard_discard, guard_close};
	struct arena arena = {0};
	struct guard *it = arena_new(&arena, struct guard);

	it->sink.class = &class;
	it->next = next;
	it->arena = arena;
	it->judge.lexer = &it->lexer;
	it->judge.psql_is_restricted = psql_is_restricted;
	return &it->sink;
}

/* In the versions that have it, since August 2025. */
bool script_guard_probe(const char *psql, struct arena *arena, bool *is_restricted, struct error *err)
{
	const struct child_options child = {.argv = (const char *const[]){psql, "--help=commands", NULL},
	                                    .capture = true};
	struct child_result result;
	const struct str word = STR("\\restrict ");

	if (!child_must_run(&child, arena, &result, err))
		return false;
	*is_restricted = memmem(result.output.text, result.output.len, word.text, word.len) != NULL;
	return true;
}
