#include "store/http_header.h"

#include <string.h>

#include "test.h"

TEST(uri_encoding_is_by_the_table)
{
	static const struct {
		const char *text;
		enum uri_slash slash;
		const char *encoded;
	} rows[] = {
	    {"AZaz09-._~", URI_ENCODE_SLASH, "AZaz09-._~"},
	    {"a/b", URI_ENCODE_SLASH, "a%2Fb"},
	    {"a/b", URI_KEEP_SLASH, "a/b"},
	    {"a b+c=d&e", URI_KEEP_SLASH, "a%20b%2Bc%3Dd%26e"},
	    {"%41", URI_KEEP_SLASH, "%2541"},
	    {"\xc3\xa4", URI_KEEP_SLASH, "%C3%A4"},
	    {"!*'();:@$,?#[]", URI_KEEP_SLASH, "%21%2A%27%28%29%3B%3A%40%24%2C%3F%23%5B%5D"},
	    {"", URI_KEEP_SLASH, ""},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *back;

		CHECK_STR(uri_encode(&arena, str_of(rows[i].text), rows[i].slash), rows[i].encoded);
		CHECK_ROW(i, uri_decode(&arena, str_of(rows[i].encoded), &back));
		CHECK_STR(back, rows[i].text);
	}
}

TEST(uri_decoding_refuses_half_escapes)
{
	static const char *const texts[] = {"%", "a%4", "%4g", "%00", "%-1"};
	scoped_arena struct arena arena = {0};
	char *out;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		CHECK_ROW(i, !uri_decode(&arena, str_of(texts[i]), &out));
}

TEST(query_is_sorted_by_encoded_name_then_value)
{
	scoped_arena struct arena arena = {0};
	struct http_header_list query = {0};

	CHECK_STR(uri_query(&arena, &query), "");
	http_header_add(&query, &arena, "uploads", "");
	http_header_add(&query, &arena, "a", "2 ");
	http_header_add(&query, &arena, "a", "1/");
	http_header_add(&query, &arena, "Z", "+");
	CHECK_STR(uri_query(&arena, &query), "Z=%2B&a=1%2F&a=2%20&uploads=");
}

TEST(header_is_found_whatever_its_case)
{
	scoped_arena struct arena arena = {0};
	struct http_header_list headers = {0};

	http_header_add(&headers, &arena, "ETag", "x");
	CHECK_STR(http_header_find(&headers, "etag"), "x");
	CHECK(!http_header_find(&headers, "date"));
}
