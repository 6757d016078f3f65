/*
 * OpenSSL digests large texts several times as fast as libsodium, but it reads its configuration and fills
 * its tables first, which takes as long as a megabyte, and asks those tables for each digest anew. A thousand
 * small migrations never need it: so what is no longer than SMALL_SIZE is libsodium's, the rest OpenSSL's.
 */
#include "base/digest.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdlib.h>

enum { SMALL_SIZE = 1024 };

struct digest {
	EVP_MD_CTX *large; /* NULL as long as all of it is held here */
	size_t len;
	unsigned char held[SMALL_SIZE];
};

struct digest *digest_open(void)
{
	struct digest *digest = malloc(sizeof(*digest));

	if (!digest)
		die_out_of_memory();
	digest->large = NULL;
	digest->len = 0;
	return digest;
}

static void add_large(struct digest *digest, const void *bytes, size_t len)
{
	if (len && !EVP_DigestUpdate(digest->large, bytes, len))
		die_out_of_memory();
}

static void begin_large(struct digest *digest)
{
	digest->large = EVP_MD_CTX_new();
	if (!digest->large || !EVP_DigestInit_ex(digest->large, EVP_sha256(), NULL))
		die_out_of_memory();
	add_large(digest, digest->held, digest->len);
}

void digest_add(struct digest *digest, struct str bytes)
{
	if (!digest->large && bytes.len <= SMALL_SIZE - digest->len) {
		if (bytes.len)
			memcpy(digest->held + digest->len, bytes.text, bytes.len);
		digest->len += bytes.len;
		return;
	}
	if (!digest->large)
		begin_large(digest);
	add_large(digest, bytes.text, bytes.len);
}

void digest_finish(struct digest *digest, uint8_t out[DIGEST_SIZE])
{
	unsigned size = DIGEST_SIZE;

	if (digest->large ? !EVP_DigestFinal_ex(digest->large, out, &size)
	                  : crypto_hash_sha256(out, digest->held, digest->len))
		die_out_of_memory();
	assert(size == DIGEST_SIZE);
}

void digest_close(struct digest **digest)
{
	if (*digest)
		EVP_MD_CTX_free((*digest)->large);
	free(*digest);
	*digest = NULL;
}

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
