#include "base/digest.h"

#include <string.h>

#include "test.h"

/* As sha256sum has it; each is given in pieces of several sizes, so that it grows large in all ways. */
TEST(digest_is_the_same_whichever_library_makes_it)
{
	static const struct {
		size_t len;
		const char *hex;
	} known[] = {
	    {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    {1023, "bc21b2851f3c650542fbce4c20c876064383e1c8ea1a5a385cea362df74e7f40"},
	    {1024, "2edc986847e209b4016e141a6dc8716d3207350f416969382d431539bf292e4a"},
	    {1025, "4a82297889eb505cf6b5cbdf69977afab4632d6557539782f657bd7dc78091a5"},
	    {4096, "c93eee2d0db02f10acc7460d9576e122dcf8cd53c4bf8dfcae1b3e74ebcfff5a"},
	};
	static const size_t pieces[] = {1, 7, 1000, 1024, 5000};
	char text[4096];
	uint8_t out[DIGEST_SIZE];
	char hex[DIGEST_HEX_LEN + 1];

	memset(text, 'a', sizeof(text));
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		for (size_t j = 0; j < sizeof(pieces) / sizeof(*pieces); j++) {
			scoped_digest struct digest *digest = digest_open();

			for (size_t at = 0; at < known[i].len; at += pieces[j])
				digest_add(digest, str_slice((struct str){text, known[i].len}, at, at + pieces[j]));
			digest_finish(digest, out);
			hex_write(out, sizeof(out), hex);
			CHECK_STR(hex, known[i].hex);
		}
}
