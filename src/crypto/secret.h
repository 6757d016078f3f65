/*
 * secret.h - memory for what nobody else may see
 *
 * Keys, passphrases and plaintext in passing: locked where the system allows
 * it, between guard pages, left out of core dumps and zeroed when released.
 * When there is none left the process ends, as with arena.h.
 */
#ifndef RUNG_CRYPTO_SECRET_H
#define RUNG_CRYPTO_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/scope.h"
#include "base/str.h"

/* Zeroed. The first call readies the library and forbids core dumps. */
void *secret_alloc(size_t size);

/* NULL is fine. */
void secret_free(void *memory);

/* For what lay on the stack. */
void secret_wipe(void *memory, size_t size);

void secret_random(void *memory, size_t size);

/* A key in a local variable, zeroed on every way out. */
struct secret_key {
	uint8_t bytes[32];
};
void secret_key_wipe(struct secret_key *key);
#define scoped_secret_key SCOPED(secret_key_wipe)

/* A file's text; NUL-terminated after its length. */
struct secret_text {
	size_t len;
	char text[];
};

struct str secret_str(const struct secret_text *text);
struct secret_text *secret_text_copy(struct str text);
void secret_text_close(struct secret_text **text);
#define scoped_secret_text SCOPED(secret_text_close)

/*
 * Reads a regular file or a pipe of at most `most` bytes. Refuses one that
 * its group or others may read: a key everybody can copy is not a key.
 */
MUST_USE bool secret_read(const char *path, size_t most, struct secret_text **out, struct error *err);

#endif
