/*
 * SHA-256 is OpenSSL's by its oldest interface, which works on a structure of the caller's: the newer one
 * reads a configuration and fills tables first, which takes as long as a megabyte, and asks those tables for
 * each digest anew. A thousand small migrations are a thousand digests. Both run the same code, with the
 * processor's own instructions where it has any. The other digests are for few and take the newer way.
 */
#define OPENSSL_API_COMPAT 0x10100000L
#include "base/digest.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdlib.h>

struct digest {
	SHA256_CTX context;
};

struct digest *digest_open(void)
{
	struct digest *digest = malloc(sizeof(*digest));

	if (!digest || !SHA256_Init(&digest->context))
		die_out_of_memory();
	return digest;
}

void digest_add(struct digest *digest, struct str bytes)
{
	if (bytes.len && !SHA256_Update(&digest->context, bytes.text, bytes.len))
		die_out_of_memory();
}

void digest_finish(struct digest *digest, uint8_t out[DIGEST_SIZE])
{
	if (!SHA256_Final(out, &digest->context))
		die_out_of_memory();
}

void digest_close(struct digest **digest)
{
	free(*digest);
	*digest = NULL;
}

/* Wherever a CR is: a file has one checksum, however its line ends were checked out. */
void digest_add_text(struct digest *digest, struct str text)
{
	while (text.len > 0) {
		const size_t at = str_index(text, '\r');

		digest_add(digest, str_slice(text, 0, at));
		text = str_slice(text, at + 1, text.len);
	}
}

void hex_write(const uint8_t *bytes, size_t size, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * size] = '\0';
}

char *hex_text(struct arena *arena, const uint8_t *bytes, size_t size)
{
	char *text = arena_alloc(arena, 2 * size + 1);

	hex_write(bytes, size, text);
	return text;
}

void digest_of(struct str bytes, uint8_t out[DIGEST_SIZE])
{
	scoped_digest struct digest *digest = digest_open();

	digest_add(digest, bytes);
	digest_finish(digest, out);
}

char *digest_hex(struct arena *arena, struct str bytes)
{
	uint8_t out[DIGEST_SIZE];

	digest_of(bytes, out);
	return hex_text(arena, out, sizeof(out));
}

void digest_hmac(struct str key, struct str bytes, uint8_t out[DIGEST_SIZE])
{
	unsigned size = 0;

	if (!HMAC(EVP_sha256(), key.len ? key.text : "", (int)key.len, (const unsigned char *)bytes.text,
	          bytes.len, out, &size))
		die_out_of_memory();
	assert(size == DIGEST_SIZE);
}

char *digest_sha1_hex(struct arena *arena, struct str bytes)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	if (EVP_Digest(bytes.len ? bytes.text : "", bytes.len, digest, &size, EVP_sha1(), NULL) != 1)
		return NULL;
	return hex_text(arena, digest, size);
}

bool digest_md5(struct str bytes, uint8_t out[MD5_SIZE])
{
	return EVP_Digest(bytes.len ? bytes.text : "", bytes.len, out, NULL, EVP_md5(), NULL) == 1;
}
