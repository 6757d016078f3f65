/*
 * digest.h - SHA-256, HMAC and MD5, by OpenSSL
 */
#ifndef RUNG_BASE_DIGEST_H
#define RUNG_BASE_DIGEST_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { DIGEST_SIZE = 32, DIGEST_HEX_LEN = 64 };

struct digest; /* one in the making */

struct digest *digest_open(void);
void digest_add(struct digest *digest, struct str bytes);
void digest_finish(struct digest *digest, uint8_t out[DIGEST_SIZE]);
void digest_close(struct digest **digest);
#define scoped_digest SCOPED(digest_close)

/* Text as it is in any checkout: without CR. */
void digest_add_text(struct digest *digest, struct str text);

/* Into `out`, which has room for 2 * size + 1. */
void hex_write(const uint8_t *bytes, size_t size, char *out);
char *hex_text(struct arena *arena, const uint8_t *bytes, size_t size);

/* The digest of one text. */
void digest_of(struct str bytes, uint8_t out[DIGEST_SIZE]);

/* The same in lower-case hexadecimal. */
char *digest_hex(struct arena *arena, struct str bytes);

/* HMAC-SHA256. */
void digest_hmac(struct str key, struct str bytes, uint8_t out[DIGEST_SIZE]);

/* For other people's formats; NULL where the system forbids SHA-1. */
char *digest_sha1_hex(struct arena *arena, struct str bytes);

/* For protocols that demand it; false where the system forbids MD5. */
enum { MD5_SIZE = 16 };
bool digest_md5(struct str bytes, uint8_t out[MD5_SIZE]);

#endif
