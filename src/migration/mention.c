/*
 * A renumbered file is mentioned elsewhere by its old number, and two places are sure enough to be changed
 * by a program: "requires", where a number is a number, and the comments of a head, where a whole word such
 * as "05_search" is a name. In SQL below the head "05_search" could be anything, a table or a value, and
 * stays.
 *
 * Words are compared whole and with the rest of their characters: "105_search" and "05_search_index" are
 * other names. A number keeps its width, so that "04, 07" does not become "4, 7".
 */
#include "migration/mention.h"

#include <inttypes.h>

#include "base/buffer.h"
#include "migration/directive.h"
#include "migration/head.h"

struct mentions {
	const struct renaming *renamings;
	size_t count;
	struct buffer out;
	bool has_any;
};

static bool is_name_character(char c)
{
	const char folded = char_fold(c);

	return char_is_digit(c) || (folded >= 'a' && folded <= 'z') || c == '_' || c & 0x80;
}

static size_t word_len(struct str rest)
{
	size_t len = 0;

	while (len < rest.len && is_name_character(rest.text[len]))
		len++;
	return len;
}

static const struct renaming *find_name(const struct mentions *mentions, struct str word)
{
	for (size_t i = 0; i < mentions->count; i++)
		if (str_is(word, mentions->renamings[i].from))
			return &mentions->renamings[i];
	return NULL;
}

static const struct renaming *find_number(const struct mentions *mentions, struct str word)
{
	unsigned long long number;

	if (!str_to_number(word, INT64_MAX, &number))
		return NULL;
	for (size_t i = 0; i < mentions->count; i++)
		if (mentions->renamings[i].from_number == (int64_t)number)
			return &mentions->renamings[i];
	return NULL;
}

static void add_number(struct mentions *mentions, struct str word)
{
	const struct renaming *renaming = find_number(mentions, word);

	mentions->has_any |= renaming != NULL;
	if (renaming)
		buffer_printf(&mentions->out, "%0*" PRId64, (int)word.len, renaming->to_number);
	else
		buffer_add(&mentions->out, word);
}

static void add_name(struct mentions *mentions, struct str word)
{
	const bool has_prefix = str_starts(word, "rollback_");
	const struct str stem = str_slice(word, has_prefix ? 9 : 0, word.len);
	const struct renaming *renaming = find_name(mentions, stem);

	mentions->has_any |= renaming != NULL;
	if (renaming && has_prefix)
		buffer_text(&mentions->out, "rollback_");
	if (renaming)
		buffer_text(&mentions->out, renaming->to);
	else
		buffer_add(&mentions->out, word);
}

/* Words one by one, and what is between them as it is. */
static void add_words(struct mentions *mentions, struct str text,
                      void (*add)(struct mentions *mentions, struct str word))
{
	while (text.len > 0) {
		const size_t len = word_len(text);

		if (len > 0)
			add(mentions, str_slice(text, 0, len));
		else
			buffer_char(&mentions->out, text.text[0]);
		text = str_slice(text, len ? len : 1, text.len);
	}
}

static void add_comment(struct mentions *mentions, struct str comment)
{
	struct str value;

	if (!directive_read(comment, "requires", &value)) {
		add_words(mentions, comment, add_name);
		return;
	}
	const size_t at = (size_t)(value.text - comment.text);
	buffer_add(&mentions->out, str_slice(comment, 0, at));
	add_words(mentions, value, add_number);
	buffer_add(&mentions->out, str_slice(comment, at + value.len, comment.len));
}

struct str mention_replace(struct str text, const struct renaming *renamings, size_t count,
                           struct arena *arena)
{
	struct mentions mentions = {renamings, count, {.arena = arena}, false};
	struct head head = head_of(text);
	struct str comment;
	size_t offset;
	size_t done = 0;

	while (head_next(&head, &comment, &offset)) {
		buffer_add(&mentions.out, str_slice(text, done, offset));
		add_comment(&mentions, comment);
		done = offset + comment.len;
	}
	buffer_add(&mentions.out, str_slice(text, done, text.len));
	return mentions.has_any ? buffer_str(&mentions.out) : text;
}
