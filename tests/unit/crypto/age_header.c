#include "crypto/age_header.h"

#include <string.h>

#include "backup/forge.h"

#define LINE_OF_64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define MAC "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const char bad_argument[] =
    "the file's header is damaged: a recipient has an empty or unreadable argument";
static const char bad_body[] =
    "the file's header is damaged: the key of a recipient is not in canonical base64";
static const char bad_mac[] = "the file's header is damaged: its last line is not in canonical base64";
static const char bad_line[] = "the file's header is damaged: a line is neither a recipient nor the end";

TEST(header_grammar_is_the_specifications)
{
	/* What is after the version line; NULL where the specification allows it. */
	static const struct {
		const char *text;
		const char *refusal;
	} rows[] = {
	    {"-> a\nAAAA\n--- " MAC "\n", NULL},
	    {"-> a b ~!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}\n\n--- " MAC "\n", NULL}, /* any visible character */
	    {"-> a\n" LINE_OF_64 "\n\n--- " MAC "\n", NULL},                      /* ends in an empty line */
	    {"-> a\n" LINE_OF_64 "\n" LINE_OF_64 "\nAA\n-> b\n\n--- " MAC "\n", NULL},
	    {"--- " MAC "\n", "the file's header is damaged: it names no recipient"},
	    {"->\nAAAA\n--- " MAC "\n", bad_line},
	    {"-> \nAAAA\n--- " MAC "\n", bad_argument},
	    {"->a\nAAAA\n--- " MAC "\n", bad_line},
	    {"-> a  b\nAAAA\n--- " MAC "\n", bad_argument},
	    {"-> a \nAAAA\n--- " MAC "\n", bad_argument},
	    {"->  a\nAAAA\n--- " MAC "\n", bad_argument},
	    {"-> a\tb\nAAAA\n--- " MAC "\n", bad_argument},
	    {"-> a\r\nAAAA\n--- " MAC "\n", bad_argument},
	    {"-> \xC3\xA9\nAAAA\n--- " MAC "\n", bad_argument},
	    {"-> a\nAAAA\r\n--- " MAC "\n", bad_body},
	    {"-> a\nAAA=\n--- " MAC "\n", bad_body},
	    {"-> a\nAAAB=\n--- " MAC "\n", bad_body},
	    {"-> a\nAAB\n--- " MAC "\n", bad_body}, /* bits that mean nothing */
	    {"-> a\nA\n--- " MAC "\n", bad_body},
	    {"-> a\nAA-_\n--- " MAC "\n", bad_body},
	    {"-> a\n AAAA\n--- " MAC "\n", bad_body},
	    {"-> a\n" LINE_OF_64 "AAAA\n--- " MAC "\n", bad_body},
	    {"-> a\n" LINE_OF_64 "\n--- " MAC "\n", bad_body}, /* no short line at the end */
	    {"-> a\nAAAA\nAAAA\n--- " MAC "\n", bad_line},     /* two short lines */
	    {"-> a\n\n\n--- " MAC "\n", bad_line},
	    {"-> a\n--- " MAC "\n", bad_body}, /* no body */
	    {"-> a\nAAAA\n--- \n", bad_mac},
	    {"-> a\nAAAA\n---\n", bad_mac},
	    {"-> a\nAAAA\n---" MAC "\n", bad_mac},
	    {"-> a\nAAAA\n---  " MAC "\n", bad_mac},
	    {"-> a\nAAAA\n--- " MAC " \n", bad_mac},
	    {"-> a\nAAAA\n--- " MAC "\r\n", bad_mac},
	    {"-> a\nAAAA\n--- " MAC "=\n", bad_mac},
	    {"-> a\nAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n", bad_mac},
	    {"-> a\nAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", bad_mac},
	    {"-> a\nAAAA\n---- " MAC "\n", bad_mac},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const char *text = arena_printf(&arena, "age-encryption.org/v1\n%s", rows[i].text);
		struct age_header header;
		struct error err = {0};

		CHECK_ROW(i, age_header_parse(str_of(text), &arena, &header, &err) == !rows[i].refusal);
		CHECK_ROW(i, !rows[i].refusal || strcmp(err.message, rows[i].refusal) == 0);
	}
}

TEST(header_ends_where_it_ends)
{
	static const char text[] = "age-encryption.org/v1\n-> a\nAAAA\n--- " MAC "\n-> not this\n--- nor this\n";

	for (size_t piece = 1; piece < sizeof(text); piece++) {
		scoped_arena struct arena arena = {0};
		struct age_header_reader reader = {.text.arena = &arena};
		struct error err = {0};
		size_t left = 0;

		for (size_t at = 0; at < sizeof(text) - 1; at += piece) {
			struct str rest = str_slice(str_of(text), at, at + piece);

			CHECK_ROW(piece, age_header_take(&reader, &rest, &err));
			left += rest.len;
		}
		CHECK_ROW(piece, reader.is_complete && left == strlen("-> not this\n--- nor this\n"));
	}
}

static bool is_taken(const char *text, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct age_header_reader reader = {.text.arena = &arena};
	struct str rest = str_of(text);

	return age_header_take(&reader, &rest, err);
}

TEST(what_is_no_age_file_is_told_by_its_first_bytes)
{
	static const char no_file[] = "this is not a file encrypted with age";
	static const char no_version[] = "the file is of a version of age that is not supported, not v1";
	static const struct {
		const char *text;
		const char *refusal;
	} rows[] = {
	    {"a", NULL},
	    {"age-encryption.org/v", NULL},
	    {"PK", no_file},
	    {"age-encryption.com/v1\n", no_file},
	    {"age-encryption.org/v2\n", no_version},
	    {"age-encryption.org/v1\r\n", no_version},
	    {"age-encryption.org/v1 \n", no_version},
	    {"age-encryption.org/v10", no_version},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = {0};

		CHECK_ROW(i, is_taken(rows[i].text, &err) == !rows[i].refusal);
		CHECK_ROW(i, !rows[i].refusal || strcmp(err.message, rows[i].refusal) == 0);
	}
}

TEST(a_header_cannot_be_endless)
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};
	struct error err = {0};

	buffer_text(&text, "age-encryption.org/v1\n-> a\n");
	while (text.len < AGE_HEADER_LARGEST - 65)
		buffer_text(&text, LINE_OF_64 "\n");
	CHECK(is_taken(buffer_cstr(&text), &err));
	buffer_text(&text, LINE_OF_64 "\n");
	buffer_text(&text, LINE_OF_64 "\n");
	CHECK(!is_taken(buffer_cstr(&text), &err));
	CHECK_STR(err.message, "the file's header is larger than 1048576 bytes");
}

TEST(a_header_has_at_most_64_stanzas)
{
	for (int count = 64; count <= 65; count++) {
		scoped_arena struct arena arena = {0};
		struct buffer text = {.arena = &arena};
		struct age_header header;
		struct error err = {0};

		buffer_text(&text, "age-encryption.org/v1\n");
		for (int i = 0; i < count; i++)
			buffer_text(&text, "-> a\n\n");
		buffer_text(&text, "--- " MAC "\n");
		CHECK(age_header_parse(buffer_str(&text), &arena, &header, &err) == (count == 64));
	}
}

TEST(written_stanzas_are_wrapped_at_64_columns)
{
	static const struct {
		size_t size;
		const char *body;
	} rows[] = {
	    {0, "\n"},
	    {3, "AAAA\n"},
	    {47, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"},
	    {48, LINE_OF_64 "\n\n"},
	    {49, LINE_OF_64 "\nAA\n"},
	};
	static const uint8_t zeros[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		struct buffer text = {.arena = &arena};

		age_header_stanza(&text, "a", zeros, rows[i].size);
		CHECK_STR(buffer_cstr(&text), arena_printf(&arena, "-> a\n%s", rows[i].body));
	}
}
