#include "crypto/armor.h"

#include <string.h>

#include "base/buffer.h"
#include "test.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define END "-----END AGE ENCRYPTED FILE-----"
#define FULL "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpBQkNERUZHSElKS0xNTk9QUVJTVFVW"
#define FULL_TEXT "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUV"

static bool dearmor(struct str text, size_t piece, struct buffer *out, struct error *err)
{
	scoped_sink struct sink *sink = armor_open(memory_open(out, 4096));

	for (size_t at = 0; at < text.len; at += piece)
		if (!sink_write(sink, str_slice(text, at, at + piece), err))
			return false;
	return sink_finish(sink, err);
}

TEST(armor_is_strict)
{
	/* The content, or NULL where it is refused. */
	static const struct {
		const char *text;
		const char *content;
	} rows[] = {
	    {BEGIN "\nYWdl\n" END "\n", "age"},
	    {BEGIN "\nYWdl\n" END, "age"}, /* no last line end */
	    {BEGIN "\r\nYWdl\r\n" END "\r\n", "age"},
	    {"\n\r   \t\n" BEGIN "\nYWdl\n" END "\n\r   \t\n", "age"}, /* white space outside */
	    {BEGIN "\n" FULL "\n" END "\n", FULL_TEXT},                /* a full last line */
	    {BEGIN "\n" FULL "\nYWdlZQ==\n" END "\n", FULL_TEXT "agee"},
	    {BEGIN "\n" FULL "\nYWdlZWU=\n" END "\n", FULL_TEXT "ageee"},
	    {"age", "age"}, /* binary */
	    {"", ""},
	    {"x" BEGIN "\nYWdl\n" END "\n", "x" BEGIN "\nYWdl\n" END "\n"}, /* binary, for the next to refuse */
	    {"-" BEGIN "\nYWdl\n" END "\n", NULL},
	    {" " BEGIN "\nYWdl\n" END "\n", NULL},
	    {BEGIN " \nYWdl\n" END "\n", NULL},
	    {"----- BEGIN AGE ENCRYPTED FILE -----\nYWdl\n" END "\n", NULL},
	    {"-----BEGIN age encrypted file-----\nYWdl\n" END "\n", NULL},
	    {"-----BEGIN AGE FILE-----\nYWdl\n" END "\n", NULL},
	    {"-----BEGIN\n", NULL},
	    {"\n\n", NULL},
	    {BEGIN "\n", NULL},
	    {BEGIN "\nYWdl\n", NULL},
	    {BEGIN "\nYWdl\n-----END AGE ENCRYPTED FILE----\n", NULL},
	    {BEGIN "\nYWdl\n " END "\n", NULL},
	    {BEGIN "\nYWdl\n" END "\nx", NULL},
	    {BEGIN "\nYWdl\n" END "\n" BEGIN "\nYWdl\n" END "\n", NULL},
	    {BEGIN "\nYWdl\nYWdl\n" END "\n", NULL}, /* a short line in the middle */
	    {BEGIN "\nYWdl\n\n" END "\n", NULL},
	    {BEGIN "\n\nYWdl\n" END "\n", NULL},
	    {BEGIN "\n" FULL "\n\n" END "\n", NULL},
	    {BEGIN "\nVersion: 1\n\nYWdl\n" END "\n", NULL}, /* headers */
	    {BEGIN "\nYWdl\n=ab12\n" END "\n", NULL},        /* a checksum */
	    {BEGIN "\n" FULL "YWdl\n" END "\n", NULL},       /* a long line */
	    {BEGIN "\nYWdlZQ\n" END "\n", NULL},             /* no padding */
	    {BEGIN "\nYWdlZQ=\n=\n" END "\n", NULL},         /* a line end inside it */
	    {BEGIN "\nYWdlZR==\n" END "\n", NULL},           /* bits that mean nothing */
	    {BEGIN "\nYWd*\n" END "\n", NULL},
	    {BEGIN "\n YWdl\n" END "\n", NULL},
	    {BEGIN "\nYWdl \n" END "\n", NULL},
	    {BEGIN "\nYWdl\r\r\n" END "\n", NULL},
	    {BEGIN "\nYW\rdl\n" END "\n", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t piece = 1; piece <= strlen(rows[i].text) + 1; piece++) {
			scoped_arena struct arena arena = {0};
			struct buffer content = {.arena = &arena};
			struct error err = {0};

			CHECK_ROW(i, dearmor(str_of(rows[i].text), piece, &content, &err) == (rows[i].content != NULL));
			CHECK_ROW(i, rows[i].content ? strcmp(buffer_cstr(&content), rows[i].content) == 0
			                             : content.len == 0);
		}
}

TEST(armor_has_bounded_patience)
{
	static const struct {
		size_t before;
		size_t behind;
		bool is_good;
	} rows[] = {{1024, 1024, true}, {1025, 0, false}, {0, 1025, false}};
	char spaces[2048];

	memset(spaces, '\n', sizeof(spaces));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct buffer content = {.arena = &arena};
		const char *text = arena_printf(&arena, "%.*s" BEGIN "\nYWdl\n" END "\n%.*s", (int)rows[i].before,
		                                spaces, (int)rows[i].behind, spaces);
		struct error err = {0};

		CHECK_ROW(i, dearmor(str_of(text), 100, &content, &err) == rows[i].is_good);
	}
}
