/* Waiting, the servers' times and documents, profiles: what the object store decides without a server. */
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "store/bucket.h"
#include "store/credentials.h"
#include "store/multipart.h"
#include "store/retry.h"
#include "test.h"

TEST(retry_waits_longer_each_time_and_as_long_as_the_server_asks)
{
	static const struct {
		int tries;
		int64_t first_ms;
		const char *after;
		int64_t least_ms, most_ms;
	} rows[] = {
	    {1, 0, NULL, 0, 500},
	    {2, 0, NULL, 0, 1000},
	    {5, 0, NULL, 0, 8000},
	    {50, 0, NULL, 0, RETRY_LONGEST_MS},
	    {1, 20, NULL, 0, 20},
	    {1, 20, "3", 3000, 3000},
	    {1, 20, "999999", RETRY_LONGEST_AFTER_MS, RETRY_LONGEST_AFTER_MS},
	    {1, 20, "Fri, 24 May 2013 00:00:00 GMT", 0, 20},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct http_header after = {"Retry-After", rows[i].after};
		const struct http_answer answer = {.headers = {&after, rows[i].after ? 1 : 0}};

		for (int again = 0; again < 50; again++) {
			const int64_t wait = retry_wait_ms(rows[i].tries, rows[i].first_ms, &answer);

			CHECK_ROW(i, wait >= rows[i].least_ms && wait <= rows[i].most_ms + 1);
		}
	}
}

TEST(retry_is_for_what_passes)
{
	static const struct {
		struct http_answer answer;
		bool is_due;
	} rows[] = {
	    {{.status = 0, .trouble = "reset"}, true},
	    {{.status = 0, .trouble = "certificate", .is_hopeless = true}, false},
	    {{.status = 200, .trouble = "cut short"}, true},
	    {{.status = 408}, true},
	    {{.status = 429}, true},
	    {{.status = 500}, true},
	    {{.status = 501}, false},
	    {{.status = 503}, true},
	    {{.status = 200}, false},
	    {{.status = 403}, false},
	    {{.status = 412}, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, retry_is_due(&rows[i].answer) == rows[i].is_due);
}

TEST(multipart_size_keeps_below_the_most_parts)
{
	static const struct {
		uint64_t expected, size;
	} rows[] = {
	    {0, 16 << 20},
	    {1, 16 << 20},
	    {134217728000, 16 << 20},
	    {134217736000, 17 << 20},
	    {1ULL << 40, 132ULL << 20},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK_ROW(i, multipart_size(rows[i].expected) == rows[i].size);
		CHECK_ROW(i, rows[i].expected / rows[i].size < MULTIPART_MOST_PARTS);
	}
}

TEST(bucket_reads_both_kinds_of_time)
{
	CHECK_INT(bucket_time("Fri, 24 May 2013 00:00:00 GMT"), 1369353600);
	CHECK_INT(bucket_time("2013-05-24T00:00:00.000Z"), 1369353600);
	CHECK_INT(bucket_time("tomorrow"), 0);
	CHECK_INT(bucket_time(""), 0);
}

TEST(xml_yields_texts_and_rows)
{
	scoped_arena struct arena arena = {0};
	struct xml_document document;

	CHECK(xml_read(
	    STR("<?xml version=\"1.0\"?><List xmlns=\"http://x/\"><More>true</More>"
	        "<Row><Key>a&amp;b</Key><Owner><ID>deep</ID></Owner></Row><Row><Key>c</Key></Row></List>"),
	    &arena, &document));
	CHECK_STR(document.root, "List");
	CHECK_STR(http_header_find(&document.fields, "More"), "true");
	CHECK_INT(document.row_count, 2);
	CHECK_STR(http_header_find(&document.rows[0].fields, "Key"), "a&b");
	CHECK_STR(http_header_find(&document.rows[1].fields, "Key"), "c");
}

/* `depth` elements, each in the one before. */
static struct str nested(int depth, struct arena *arena)
{
	struct buffer text = {.arena = arena};

	for (int i = 0; i < depth; i++)
		buffer_text(&text, "<a>");
	for (int i = 0; i < depth; i++)
		buffer_text(&text, "</a>");
	return buffer_str(&text);
}

TEST(xml_is_not_nested_without_end)
{
	scoped_arena struct arena arena = {0};
	struct xml_document document;

	CHECK(xml_read(nested(16, &arena), &arena, &document));
	CHECK(!xml_read(nested(17, &arena), &arena, &document));
}

TEST(xml_refuses_halves_and_document_types)
{
	static const char *const texts[] = {
	    "", "<a>", "<a><b>1</b>", "plain", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
	};
	scoped_arena struct arena arena = {0};
	struct xml_document document;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		CHECK_ROW(i, !xml_read(str_of(texts[i]), &arena, &document));
}

TEST(xml_escapes)
{
	scoped_arena struct arena arena = {0};

	CHECK_STR(xml_escape(&arena, "\"a\"<&>"), "&quot;a&quot;&lt;&amp;&gt;");
}

TEST(credentials_come_from_the_profile_and_no_other)
{
	static const char text[] =
	    "# comment\n[default]\naws_access_key_id=A\n\n[ profile ci ]\r\n"
	    "aws_access_key_id = B = b\naws_secret_access_key\t= S\n; region = no\nregion = eu\n";
	scoped_arena struct arena arena = {0};
	struct sigv4_key key = {0};

	credentials_take(str_of(text), "ci", &arena, &key);
	CHECK_STR(key.access_key, "B = b");
	CHECK_STR(key.secret_key, "S");
	CHECK_STR(key.region, "eu");
	CHECK(!key.session_token);

	key = (struct sigv4_key){0};
	credentials_take(str_of(text), "nobody", &arena, &key);
	CHECK(!key.access_key);
}

TEST(http_is_for_this_machine)
{
	static const struct {
		const char *url;
		bool is_fine;
	} rows[] = {
	    {"https://backups.example/x", true}, {"http://localhost", true},
	    {"http://127.0.0.1:9000/x", true},   {"http://[::1]/", true},
	    {"http://backups.example", false},   {"http://localhost.example", false},
	    {"http://localhost@evil/", false},   {"http://localhost:x@evil/", false},
	    {"https://u:p@host/", false},        {"ftp://host/", false},
	    {"http://127.0.0.1.evil/", false},   {"HTTPS://host/", true},
	};

	unsetenv("RUNG_BACKUP_ALLOW_HTTP");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = {0};

		CHECK_ROW(i, http_check_url(rows[i].url, &err) == rows[i].is_fine);
		CHECK_ROW(i, !strstr(err.message, "u:p"));
	}
}
