/*
 * forge.h - age files made by hand, right ones and wrong ones
 *
 * A second, independent writer straight from the specification: it shares no
 * code with src/backup/, so that a mistake there is not repeated here, and it
 * writes whatever it is told to, with a MAC that fits.
 */
#ifndef RUNG_TEST_FORGE_H
#define RUNG_TEST_FORGE_H

#include "base/buffer.h"
#include "crypto/age.h"
#include "test.h"

enum { FORGE_CHUNK = AGE_CHUNK_SIZE, FORGE_SEALED = AGE_CHUNK_SIZE + 16 };

/* The specification's own pair, made of 32 times 0x42. */
#define FORGE_IDENTITY "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
#define FORGE_RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
#define FORGE_PASSPHRASE "one two three"

extern const uint8_t forge_share[32]; /* as every forged X25519 stanza has it */

/* "X25519 SHARE\nBODY\n" without "-> ", and the parts it is made of. */
char *forge_x25519(struct arena *arena);
char *forge_share_text(struct arena *arena);
char *forge_body_text(struct arena *arena);

/* The same for a passphrase; a work factor the header names may differ from the one used. */
char *forge_scrypt(struct arena *arena, const char *salt, const char *work_factor);
const char *forge_salt(void);

/* A whole header around stanzas, with the MAC behind "--- ". */
char *forge_header(struct arena *arena, const char *stanzas);
char *forge_mac_text(struct arena *arena, const char *until_mark);

/* The nonce, and a chunk of `len` letters encrypted as number `number`. */
void forge_nonce(struct buffer *file);
void forge_chunk(struct buffer *file, uint64_t number, bool is_last, char letter, size_t len);

/* A header around stanzas, the nonce and three letters of content. */
struct str forge_file(struct arena *arena, const char *stanzas);

/* What the reader makes of a file, fed in pieces of that size. */
struct reading {
	bool is_good;
	struct str released; /* everything that was passed on, good in the end or not */
	struct error err;
};
struct reading read_pieces(const struct age_secrets *secrets, struct str file, size_t piece,
                           struct arena *arena);

/* With FORGE_IDENTITY, or with FORGE_PASSPHRASE. */
struct reading read_forged(struct str file, struct arena *arena);
struct reading read_with_passphrase(struct str file, int most_work_factor, struct arena *arena);

/* Secrets out of texts, by way of files as anybody would have them. */
struct identity_list *identities_of(const char *text);
struct passphrase *passphrase_text(const char *text);

/* What our writer makes of `plain`, for recipients written as text (NULL-terminated) or a passphrase. */
struct str sealed_for(const char *const *recipients, const struct passphrase *passphrase, struct str plain,
                      struct arena *arena);

#endif
