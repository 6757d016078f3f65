/*
 * A net below the care that others take (config/safe_url.c), which know what a
 * text is and show only what cannot be a secret. Here all is shown but
 *
 *	scheme://user:HIDDEN@host    up to the last @ of the word
 *	user:HIDDEN@host             the same without a scheme
 *	password=HIDDEN              up to a blank or "&", or the closing quote
 */
#include "report/mask.h"

#include <string.h>

#include "base/buffer.h"
#include "base/str.h"

#define HIDDEN "***"

static bool is_in_name(char c)
{
	return char_is_digit(c) || (char_fold(c) >= 'a' && char_fold(c) <= 'z') || (c && strchr("_.-+%$~", c));
}

/* Where the part before the password begins: after the scheme, or after a quote or an "option=". */
static size_t user_start(struct str word, size_t at)
{
	const char *scheme = memmem(word.text, at, "//", 2);
	size_t start = 0;

	if (scheme)
		return (size_t)(scheme - word.text) + 2;
	for (size_t i = 0; i < at && word.text[i] != ':'; i++)
		if (!is_in_name(word.text[i]))
			start = i + 1;
	return start;
}

static size_t last_at(struct str word)
{
	size_t at = word.len;

	while (at > 0 && word.text[at - 1] != '@')
		at--;
	return at ? at - 1 : word.len;
}

/* What is hidden of a word: from the colon after a user to the "@" before a host. */
static bool find_userinfo(struct str word, size_t *from, size_t *to)
{
	const size_t at = last_at(word);
	const size_t start = at < word.len ? user_start(word, at) : word.len;
	const size_t colon = start < at ? start + str_index(str_slice(word, start, at), ':') : at;

	if (colon + 1 >= at || at + 1 >= word.len || (!is_in_name(word.text[at + 1]) && word.text[at + 1] != '['))
		return false;
	*from = colon + 1;
	*to = at;
	return true;
}

static void add_word(struct buffer *out, struct str word)
{
	size_t from;
	size_t to;

	if (find_userinfo(word, &from, &to)) {
		buffer_add(out, str_slice(word, 0, from));
		buffer_text(out, HIDDEN);
		buffer_add(out, str_slice(word, to, word.len));
	} else {
		buffer_add(out, word);
	}
}

static const char *mask_userinfo(struct arena *arena, const char *text)
{
	struct buffer out = {.arena = arena};

	while (*text) {
		const size_t len = strcspn(text, " \t\r\n");

		add_word(&out, (struct str){text, len});
		text += len;
		if (*text)
			buffer_char(&out, *text++);
	}
	return buffer_cstr(&out);
}

/* The length of a value that begins here, quoted or not. */
static size_t value_len(const char *value)
{
	const char *end = *value == '\'' ? strchr(value + 1, '\'') : NULL;

	return end ? (size_t)(end - value) + 1 : strcspn(value, " \t\r\n&\"");
}

/* After the '=' and its blanks, where that is what follows; else NULL. */
static const char *value_of(const char *text)
{
	text += strspn(text, " \t");
	return *text == '=' ? text + 1 + strspn(text + 1, " \t") : NULL;
}

static const char *mask_named(struct arena *arena, const char *text)
{
	static const char word[] = "password";
	struct buffer out = {.arena = arena};
	const char *found;

	while ((found = strcasestr(text, word))) {
		const char *behind = found + strlen(word);
		const char *value = value_of(behind);
		const size_t len = value ? value_len(value) : 0;

		buffer_add(&out, (struct str){text, (size_t)((len ? value : behind) - text)});
		if (len)
			buffer_text(&out, HIDDEN);
		text = len ? value + len : behind;
	}
	buffer_text(&out, text);
	return buffer_cstr(&out);
}

const char *mask_passwords(struct arena *arena, const char *text)
{
	if (strchr(text, '@') && strchr(text, ':'))
		text = mask_userinfo(arena, text);
	return strcasestr(text, "password") ? mask_named(arena, text) : text;
}
