/*
 * base64.h - bytes as text, in the one canonical way
 *
 * Decoding refuses foreign characters, white space, wrong padding and bits
 * that mean nothing, so that a text and its bytes are the same thing. Takes
 * the same time whatever the bytes are.
 */
#ifndef RUNG_CRYPTO_BASE64_H
#define RUNG_CRYPTO_BASE64_H

#include <stdint.h>

#include "base/str.h"

enum base64_form {
	BASE64_BARE,   /* without "=", as in headers of age */
	BASE64_PADDED, /* as in PEM and in minisign's files */
};

/* False when it is not canonical or longer than `size`; `*len` is what it came to. */
bool base64_decode(struct str text, enum base64_form form, uint8_t *out, size_t size, size_t *len);

/* The same, when exactly `size` bytes are expected. */
bool base64_decode_exactly(struct str text, enum base64_form form, uint8_t *out, size_t size);

/* Characters that `size` bytes become, with the NUL after them. */
#define BASE64_SIZE(size) (((size) + 2) / 3 * 4 + 1)

/* `out` has room for BASE64_SIZE(size); yields it. */
char *base64_encode(const uint8_t *bytes, size_t size, enum base64_form form, char *out);

#endif
