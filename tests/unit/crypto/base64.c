#include "crypto/base64.h"

#include <string.h>

#include "test.h"

TEST(base64_takes_its_own_characters_only)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t bytes[3];
	size_t len;

	for (int c = 0; c < 256; c++)
		for (size_t at = 0; at < 4; at++) {
			char text[] = "AAAA";

			text[at] = (char)c;
			CHECK_ROW(c, base64_decode((struct str){text, 4}, BASE64_BARE, bytes, sizeof(bytes), &len) ==
			                 (c && strchr(alphabet, c)));
		}
}

TEST(base64_is_canonical_or_nothing)
{
	/* How many bytes it comes to, without and with padding; -1: refused. */
	static const struct {
		const char *text;
		int bare;
		int padded;
	} rows[] = {
	    {"", 0, 0},         {"A", -1, -1},     {"AA", 1, -1},      {"AAA", 2, -1},    {"AAAA", 3, 3},
	    {"AA==", -1, 1},    {"AAA=", -1, 2},   {"AA=", -1, -1},    {"A===", -1, -1},  {"====", -1, -1},
	    {"AB", -1, -1},     {"AAB", -1, -1},   {"AQ", 1, -1},      {"AAE", 2, -1},    {"AB==", -1, -1},
	    {"AAB=", -1, -1},   {"AAAA=", -1, -1}, {"AA==AA", -1, -1}, {"AA AA", -1, -1}, {"AAAA\n", -1, -1},
	    {"AAAAAA", -1, -1}, /* more than there is room for */
	};
	uint8_t bytes[3];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (int form = BASE64_BARE; form <= BASE64_PADDED; form++) {
			const int expected = form == BASE64_BARE ? rows[i].bare : rows[i].padded;
			size_t len = 0;

			CHECK_ROW(i, base64_decode(str_of(rows[i].text), (enum base64_form)form, bytes, sizeof(bytes),
			                           &len) == (expected >= 0));
			CHECK_ROW(i, expected < 0 || len == (size_t)expected);
		}
}

TEST(base64_writes_what_it_reads)
{
	char text[BASE64_SIZE(4)];

	CHECK_STR(base64_encode((const uint8_t *)"\xff\xfe\xfd\xfc", 4, BASE64_BARE, text), "//79/A");
	CHECK_STR(base64_encode((const uint8_t *)"\xff\xfe\xfd\xfc", 4, BASE64_PADDED, text), "//79/A==");
	CHECK_STR(base64_encode(NULL, 0, BASE64_PADDED, text), "");
}
