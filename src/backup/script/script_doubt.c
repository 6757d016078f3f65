/*
 * psql replaces all but the first byte of a character by 0xFF before it reads
 * a line in such an encoding, and looks at the first byte only for how many
 * there are (in GB18030 at the second, too). So all four kinds are followed at
 * once, each from the beginning of the line. A byte that is taken along matters
 * when it could have ended what it is in.
 */
#include "backup/script/script_doubt.h"

#include <string.h>

enum { SJIS, GB18030, JOHAB }; /* and the rest, whose characters have two bytes */

static const char encoding_words[] = "text whose reading depends on the client encoding";
static const char strings_words[] = "a literal whose end depends on standard_conforming_strings";

static bool is_word_char(char c)
{
	return char_is_digit(c) || (char_fold(c) >= 'a' && char_fold(c) <= 'z') || c == '_' || c == '$';
}

/* Whether it makes a difference that psql does not see this byte. */
static bool matters(char c, struct token token, enum lexer_open open)
{
	static const char *const closing[] = {
	    [OPEN_STRING] = "'\\",      [OPEN_ESCAPE_STRING] = "'\\", [OPEN_NAME] = "\"",
	    [OPEN_DOLLAR_STRING] = "$", [OPEN_COMMENT] = "*/",
	};

	if ((unsigned char)c >= 0x80 || c == '\n')
		return false;
	if (open != OPEN_NOTHING)
		return strchr(closing[open], c) != NULL;
	return token.kind != TOKEN_COMMENT && !(token.kind == TOKEN_WORD && is_word_char(c));
}

/* Of the character that begins with this byte, those after it. */
static void begin_character(struct script_doubt *doubt, size_t encoding, unsigned char c)
{
	if (encoding == SJIS && c >= 0xA1 && c <= 0xDF)
		return;
	doubt->taken[encoding] = encoding == JOHAB && c == 0x8F ? 2 : 1;
	if (encoding == GB18030)
		doubt->may_be_four = true;
}

/* True when a byte was taken along that matters. */
static bool follow_byte(struct script_doubt *doubt, char c, struct token token, enum lexer_open open)
{
	bool differs = false;

	if (doubt->may_be_four) {
		doubt->taken[GB18030] = (uint8_t)(char_is_digit(c) ? 3 : 1);
		doubt->may_be_four = false;
	}
	for (size_t i = 0; i < SCRIPT_ENCODINGS; i++) {
		if (c == '\n') {
			doubt->taken[i] = 0;
		} else if (doubt->taken[i]) {
			doubt->taken[i]--;
			differs |= matters(c, token, open);
		} else if ((unsigned char)c >= 0x80) {
			begin_character(doubt, i, (unsigned char)c);
		}
	}
	return differs;
}

static bool is_ascii(const struct script_doubt *doubt, struct str text)
{
	static const uint8_t none[SCRIPT_ENCODINGS];

	if (memcmp(doubt->taken, none, sizeof(none)) != 0)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.text[i] >= 0x80)
			return false;
	return true;
}

/* After the first difference, or text.len when there is none. */
static size_t follow_encodings(struct script_doubt *doubt, struct token token, enum lexer_open open)
{
	size_t first = token.text.len;

	if (is_ascii(doubt, token.text))
		return first;
	for (size_t i = 0; i < token.text.len; i++)
		if (follow_byte(doubt, token.text.text[i], token, open) && first == token.text.len)
			first = i;
	return first;
}

/* A quote after an odd number of backslashes ends the literal, or is part of it. */
static size_t find_escaped_quote(struct str text)
{
	for (size_t i = str_index(text, '\\'); i < text.len; i++) {
		size_t count = 0;

		while (i < text.len && text.text[i] == '\\') {
			count++;
			i++;
		}
		if (count % 2 == 1 && i < text.len && text.text[i] == '\'')
			return i;
	}
	return text.len;
}

static void raise_doubt(struct script_doubt *doubt, const char *what, struct str before,
                        unsigned long long line)
{
	if (doubt->what)
		return;
	doubt->what = what;
	doubt->line = line;
	for (size_t i = 0; i < before.len; i++)
		doubt->line += before.text[i] == '\n';
}

/* Tags are compared as psql sees them, so two that differ may be one to it. */
static bool has_doubtful_tag(struct str text)
{
	for (size_t i = 1; text.len && text.text[0] == '$' && i < text.len && text.text[i] != '$'; i++)
		if ((unsigned char)text.text[i] >= 0x80)
			return true;
	return false;
}

bool script_doubt_follow(struct script_doubt *doubt, struct token token, enum lexer_open open,
                         bool is_continued, unsigned long long line)
{
	const bool was_doubtful = doubt->what != NULL;
	const struct str text = token.text;
	size_t from = follow_encodings(doubt, token, open);

	if (open == OPEN_DOLLAR_STRING && !is_continued && has_doubtful_tag(text))
		from = 0;
	if (from < text.len)
		raise_doubt(doubt, encoding_words, str_slice(text, 0, from), line);
	const size_t quote = open == OPEN_STRING ? find_escaped_quote(text) : text.len;
	if (quote < text.len)
		raise_doubt(doubt, strings_words, str_slice(text, 0, quote), line);
	from = was_doubtful ? 0 : from < quote ? from : quote;
	return script_doubt_is_harmful(doubt, str_slice(text, from, text.len));
}

bool script_doubt_is_harmful(const struct script_doubt *doubt, struct str text)
{
	return doubt->what && str_index(text, '\\') < text.len;
}

/* --- settings that are changed openly ---------------------------------- */

/* 'SQL_ASCII', "utf-8" and Utf8 are the letters and digits in them. */
static struct str plain_name(struct str text, char *room, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len && len < size; i++)
		if (is_word_char(text.text[i]) && text.text[i] != '_' && text.text[i] != '$')
			room[len++] = char_fold(text.text[i]);
	return (struct str){room, len};
}

/* In these no byte below 0x80 is part of another character. */
static bool is_harmless_encoding(struct str name)
{
	static const char *const beginnings[] = {"utf8",       "unicode",    "sqlascii", "latin",  "iso8859",
	                                         "koi8",       "win125",     "win866",   "win874", "windows125",
	                                         "windows866", "windows874", "euc",      "mule"};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (str_starts(name, beginnings[i]))
			return true;
	return false;
}

static const char *judge_value(struct script_doubt *doubt, struct str name)
{
	const bool is_encoding = doubt->setting == SETTING_ENCODING;

	if (str_is(name, "to"))
		return NULL;
	doubt->setting = SETTING_NONE;
	if (is_encoding ? is_harmless_encoding(name) : str_is(name, "on") || str_is(name, "true"))
		return NULL;
	return is_encoding ? "another client_encoding" : "another value of standard_conforming_strings than on";
}

const char *script_doubt_setting(struct script_doubt *doubt, struct token token, bool is_in_set)
{
	char room[32];
	const struct str name = plain_name(token.text, room, sizeof(room));

	if (str_index(token.text, '\n') < token.text.len ||
	    (token.kind != TOKEN_WORD && token.kind != TOKEN_NAME && token.kind != TOKEN_STRING &&
	     token.kind != TOKEN_NUMBER))
		return NULL;
	if (doubt->setting != SETTING_NONE)
		return judge_value(doubt, name);
	const bool is_strings = str_is(name, "standardconformingstrings");
	const bool is_encoding = str_is(name, "clientencoding");
	if ((is_strings || is_encoding) && token.kind == TOKEN_STRING)
		return "the name of a setting that changes how psql reads, as a value";
	if (is_strings)
		doubt->setting = SETTING_STRINGS;
	else if (is_encoding || (is_in_set && str_is(name, "names")))
		doubt->setting = SETTING_ENCODING;
	return NULL;
}
