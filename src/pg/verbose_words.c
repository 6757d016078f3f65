#include "pg/verbose_words.h"

#include <string.h>

#include "base/buffer.h"
#include "base/str.h"

const char *verbose_words_code(const char *words)
{
	static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	while ((words = strstr(words, ":  "))) {
		words += strlen(":  ");
		if (strspn(words, signs) == SQLSTATE_LEN && strncmp(words + SQLSTATE_LEN, ": ", 2) == 0)
			return words;
	}
	return NULL;
}

bool verbose_words_have(const char *words, const char *sqlstate)
{
	while ((words = verbose_words_code(words)))
		if (strncmp(words, sqlstate, SQLSTATE_LEN) == 0)
			return true;
	return false;
}

static void add_without_codes(struct buffer *out, const char *line)
{
	for (const char *code; (code = verbose_words_code(line)); line = code + SQLSTATE_LEN + strlen(": "))
		buffer_add(out, (struct str){line, (size_t)(code - line)});
	buffer_text(out, line);
}

char *verbose_words_strip(const char *words, struct arena *arena)
{
	struct buffer out = {.arena = arena};

	while (*words) {
		const size_t len = strcspn(words, "\n");
		const struct str line = {words, len + (words[len] == '\n')};

		if (!str_starts(line, "LOCATION:  "))
			add_without_codes(&out, str_copy(arena, line));
		words += line.len;
	}
	return buffer_cstr(&out);
}
