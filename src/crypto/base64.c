#include "crypto/base64.h"

#include <sodium.h>

static const int variants[] = {
    [BASE64_BARE] = sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
    [BASE64_PADDED] = sodium_base64_VARIANT_ORIGINAL,
};

/* libsodium's decoder takes every byte above ASCII for a "/": a second way to write the same bytes. */
static bool is_ascii(struct str text)
{
	char all = 0;

	for (size_t i = 0; i < text.len; i++)
		all |= text.text[i];
	return (all & 0x80) == 0;
}

bool base64_decode(struct str text, enum base64_form form, uint8_t *out, size_t size, size_t *len)
{
	return is_ascii(text) &&
	       sodium_base642bin(out, size, text.text, text.len, NULL, len, NULL, variants[form]) == 0;
}

bool base64_decode_exactly(struct str text, enum base64_form form, uint8_t *out, size_t size)
{
	size_t len;

	return base64_decode(text, form, out, size, &len) && len == size;
}

char *base64_encode(const uint8_t *bytes, size_t size, enum base64_form form, char *out)
{
	return sodium_bin2base64(out, BASE64_SIZE(size), bytes, size, variants[form]);
}
