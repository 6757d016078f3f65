#include "crypto/bech32.h"

#include <string.h>

#include "test.h"

static const char recipient[] = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
static const char identity[] = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

TEST(bech32_reads_and_writes_the_specifications_example)
{
	uint8_t expected[BECH32_KEY_SIZE], key[BECH32_KEY_SIZE];
	char text[BECH32_TEXT_SIZE];

	memset(expected, 0x42, sizeof(expected));
	CHECK(bech32_decode(str_of(identity), "AGE-SECRET-KEY-", key));
	CHECK(memcmp(key, expected, sizeof(key)) == 0);
	CHECK_STR(bech32_encode(key, "AGE-SECRET-KEY-", text), identity);
	CHECK(bech32_decode(str_of(recipient), "age", key));
	CHECK_STR(bech32_encode(key, "age", text), recipient);
}

TEST(bech32_refuses_whatever_is_not_canonical)
{
	static const char *const rows[] = {
	    "",
	    "age1",
	    "Age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", /* mixed case */
	    "age1Zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
	    "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ",  /* capitals */
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwk",  /* checksum */
	    "age1vzkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",  /* swapped */
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73epp9g8nq",  /* a bit too many */
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73esfj526",   /* short */
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73eqqhruuh4", /* long */
	    "agf1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73eq5w9aqe",  /* other prefix */
	    "age1bvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",  /* no such character */
	    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj ",
	    " age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujw",
	};
	uint8_t key[BECH32_KEY_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, !bech32_decode(str_of(rows[i]), "age", key));
}

TEST(bech32_notices_every_single_wrong_character)
{
	uint8_t key[BECH32_KEY_SIZE];
	char text[sizeof(identity)];

	for (size_t i = 0; i < sizeof(identity) - 1; i++)
		for (int c = ' '; c < 127; c++) {
			memcpy(text, identity, sizeof(text));
			text[i] = (char)c;
			CHECK_ROW(i, bech32_decode(str_of(text), "AGE-SECRET-KEY-", key) == (identity[i] == c));
		}
}
