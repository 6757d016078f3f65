/*
 * age_wrap.h - the file key, wrapped for recipients and unwrapped by identities
 *
 * Every age file is encrypted with a key of its own. Its header carries that
 * key once for each recipient (X25519) or once for a passphrase (scrypt).
 * Everything else is derived from it here.
 */
#ifndef RUNG_CRYPTO_AGE_WRAP_H
#define RUNG_CRYPTO_AGE_WRAP_H

#include "crypto/age.h"
#include "crypto/age_header.h"
#include "crypto/secret.h"

enum { AGE_NONCE_SIZE = 16 };

struct file_key {
	uint8_t bytes[16];
};
void file_key_wipe(struct file_key *key);
#define scoped_file_key SCOPED(file_key_wipe)

void file_key_make(struct file_key *out);

/* Writes a whole header. */
MUST_USE bool file_key_wrap(const struct file_key *key, const struct recipient_list *recipients,
                            const struct passphrase *passphrase, struct buffer *header, struct error *err);

/* Finds the key and proves with it that the header is as it was written. */
MUST_USE bool file_key_unwrap(const struct age_header *header, const struct age_secrets *secrets,
                              struct file_key *out, struct error *err);

/* The key of the chunks. */
void payload_key(const struct file_key *key, const uint8_t nonce[AGE_NONCE_SIZE], uint8_t out[32]);

#endif
