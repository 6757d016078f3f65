/*
 * Whatever is said to be base64, decoding it ends within the room there is,
 * and a text that is taken is the only one for its bytes. Built by make fuzz.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "crypto/base64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_arena struct arena arena = {0};
	const struct str text = {(const char *)data, size};

	for (int form = BASE64_BARE; form <= BASE64_PADDED; form++) {
		uint8_t *bytes = arena_alloc(&arena, size + 1);
		char *again = arena_alloc(&arena, BASE64_SIZE(size));
		size_t len = 0;

		if (base64_decode(text, (enum base64_form)form, bytes, size, &len)) {
			assert(len <= size);
			assert(str_is(text, base64_encode(bytes, len, (enum base64_form)form, again)));
			assert(base64_decode_exactly(text, (enum base64_form)form, bytes, len));
			assert(len == 0 || !base64_decode(text, (enum base64_form)form, bytes, len - 1, &len));
		}
		base64_encode(data, size, (enum base64_form)form, again);
		assert(base64_decode(str_of(again), (enum base64_form)form, bytes, size, &len) && len == size &&
		       memcmp(bytes, data, size) == 0);
	}
	return 0;
}
