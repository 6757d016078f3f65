#include "message.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"

/* Written without the lexer that is on trial. */
static size_t comment_len(struct str text)
{
	size_t depth = 0;
	size_t at = 0;

	if (str_starts(text, "--"))
		return str_index(text, '\n');
	if (!str_starts(text, "/*"))
		return 0;
	do {
		const struct str rest = str_slice(text, at, text.len);
		const bool opens = str_starts(rest, "/*");
		const bool closes = str_starts(rest, "*/");

		depth += opens;
		depth -= closes;
		at += opens || closes ? 2 : 1;
	} while (depth > 0 && at < text.len);
	return at;
}

static struct str without_start(struct str text)
{
	for (;;) {
		text = str_trim(text);
		const size_t len = str_starts(text, ";") ? 1 : comment_len(text);
		if (len == 0)
			return text;
		text = str_slice(text, len, text.len);
	}
}

static bool is_dropped(const struct buffer *out, char c, bool is_copy)
{
	const char before = out->len ? out->text[out->len - 1] : '\0';

	if (is_copy && char_is_space(c))
		return true;
	return (c == '\n' && before == '\n') || (before == ';' && (c == ';' || char_is_space(c)));
}

static void trim_end(struct buffer *out)
{
	while (out->len > 0 && char_is_space(out->text[out->len - 1]))
		out->len--;
}

static struct str normalize(struct str text, struct arena *arena)
{
	struct buffer out = {.arena = arena};
	const bool is_copy = str_starts(text, "COPY ");

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.text[i];

		if (c == ';')
			trim_end(&out);
		if (!is_dropped(&out, c, is_copy))
			buffer_char(&out, c);
	}
	trim_end(&out);
	while (out.len > 0 && out.text[out.len - 1] == ';')
		out.len--;
	trim_end(&out);
	return buffer_str(&out);
}

static void print(char type, struct str text)
{
	printf("%c %zu\n", type, text.len);
	fwrite(text.text, 1, text.len, stdout);
	putchar('\n');
}

void message_print_query(struct str text)
{
	scoped_arena struct arena arena = {0};

	text = normalize(without_start(text), &arena);
	if (text.len > 0)
		print('Q', text);
}

void message_print_data(struct str data)
{
	static const char *const ends[] = {"\\.\n", "\\.\r\n", "\\."};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (str_ends(data, ends[i])) {
			data.len -= strlen(ends[i]);
			break;
		}
	print('D', data);
}
