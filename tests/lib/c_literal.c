#include "c_literal.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"

enum { MOST_BYTES = 16 * 1024 * 1024 };

struct reader {
	const char *at;
	size_t line;
};

static void step(struct reader *reader)
{
	reader->line += *reader->at == '\n';
	reader->at++;
}

static bool is_at(const struct reader *reader, const char *text)
{
	return strncmp(reader->at, text, strlen(text)) == 0;
}

static void skip_to(struct reader *reader, const char *end)
{
	while (*reader->at && !is_at(reader, end))
		step(reader);
}

/* Comments and blanks; also the line of an #include. */
static bool skip_nothing(struct reader *reader)
{
	if (is_at(reader, "//") || is_at(reader, "#include")) {
		skip_to(reader, "\n");
		return true;
	}
	if (is_at(reader, "/*")) {
		skip_to(reader, "*/");
		return true;
	}
	if (*reader->at && strchr(" \t\r\n", *reader->at)) {
		step(reader);
		return true;
	}
	return false;
}

/* A directive of printf becomes a name, and "%%" a per cent sign. */
static void add_directive(struct reader *reader, struct buffer *text)
{
	const size_t len = 1 + strspn(reader->at + 1, "-+ #0123456789.*lhzjt");
	const char conversion = reader->at[len];

	if (conversion == '%')
		buffer_char(text, '%');
	else if (conversion && strchr("diuxXc", conversion))
		buffer_text(text, "1");
	else if (conversion && strchr("sfg", conversion))
		buffer_text(text, "s.t");
	else
		buffer_char(text, '%');
	reader->at += conversion && strchr("%diuxXcsfg", conversion) ? len + 1 : 1;
}

static void read_literal(struct reader *reader, struct buffer *text)
{
	for (step(reader); *reader->at && *reader->at != '"';) {
		if (*reader->at == '%') {
			add_directive(reader, text);
			continue;
		}
		if (*reader->at == '\\')
			step(reader);
		buffer_char(text, *reader->at == 'n' && reader->at[-1] == '\\' ? '\n' : *reader->at);
		step(reader);
	}
	if (*reader->at)
		step(reader);
}

static void skip_character(struct reader *reader)
{
	for (step(reader); *reader->at && *reader->at != '\''; step(reader))
		if (*reader->at == '\\')
			step(reader);
	if (*reader->at)
		step(reader);
}

bool c_literals_read(const char *path,
                     void (*tell)(void *context, const char *file, size_t line, const char *text),
                     void *context)
{
	scoped_arena struct arena arena = {0};
	struct str file = {0};
	struct error err = {0};

	if (!file_read(path, MOST_BYTES, ERROR_FILES, &arena, &file, &err)) {
		printf("%s\n", err.message);
		return false;
	}
	struct reader reader = {str_copy(&arena, file), 1};
	while (*reader.at) {
		struct buffer text = {.arena = &arena};
		const size_t line = reader.line;

		while (*reader.at == '"' || (text.text && skip_nothing(&reader)))
			if (*reader.at == '"')
				read_literal(&reader, &text);
		if (text.text)
			tell(context, path, line, buffer_cstr(&text));
		else if (*reader.at == '\'')
			skip_character(&reader);
		else if (!skip_nothing(&reader))
			step(&reader);
	}
	return true;
}

/* Words for people begin with small letters, or with one capital; a keyword alone is no query. */
static const char *const beginnings[] = {
    "^[[:space:]]*(s\\.t|\\()?[[:space:]]*"
    "(select[[:space:](]|insert[[:space:]]+into|delete[[:space:]]+from|merge[[:space:]]+into|values[[:space:]"
    "]*\\(|"
    "update[[:space:]]+[^[:space:]]+[[:space:]]+set[[:space:]]|(call|do|execute)[[:space:]]+[$'s])",
    ("^[[:space:]]*with[[:space:]]+(recursive[[:space:]]+)?[^[:space:]]+[[:space:]]+as[[:space:]]+"
     "(materialized[[:space:]]+|not[[:space:]]+materialized[[:space:]]+)?\\("),
    "^[[:space:]]*(where|having|and|or|on|order by|group by)[[:space:]].*(=|<|>|\\$[0-9]|[a-z_]\\()",
};

/* What begins so without being sent: pg_dump writes it. */
static const char *const exceptions[] = {"SELECT pg_catalog.set_config("};

/* A cast to a type whose schema is not named. */
static bool casts_to_bare_type(const char *text)
{
	while ((text = strstr(text, "::"))) {
		text += strspn(text, ": ");
		if (*text >= 'a' && *text <= 'z' && strncmp(text, "pg_catalog.", strlen("pg_catalog.")) != 0)
			return true;
	}
	return false;
}

bool c_literal_looks_like_sql(const char *text)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(*exceptions); i++)
		if (strcmp(exceptions[i], text) == 0)
			return false;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		regex_t pattern;

		if (regcomp(&pattern, beginnings[i], REG_EXTENDED | REG_ICASE | REG_NOSUB) != 0)
			abort();
		const bool is_found = regexec(&pattern, text, 0, NULL, 0) == 0;

		regfree(&pattern);
		if (is_found)
			return true;
	}
	return casts_to_bare_type(text);
}
