/*
 * minisign.h - who made a backup: signatures in minisign's format
 *
 * Ed25519 over the BLAKE2b-512 digest of a message ("prehashed"), with a
 * trusted comment that is signed too. Stock minisign checks what is signed
 * here; its keys and signatures are read here. Signatures of its first, not
 * prehashed kind are refused.
 *
 * A secret key is a file without passphrase, as "minisign -G -W" writes it,
 * or an encrypted one whose passphrase is in RUNG_SIGN_PASSPHRASE.
 */
#ifndef RUNG_CRYPTO_MINISIGN_H
#define RUNG_CRYPTO_MINISIGN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/scope.h"
#include "base/str.h"

enum { SIGNATURE_LARGEST = 16 * 1024 };

/* Refuses a file that its group or others can read. */
struct signing_key;
MUST_USE bool signing_key_read(const char *path, struct signing_key **out, struct error *err);
void signing_key_close(struct signing_key **key);
#define scoped_signing_key SCOPED(signing_key_close)

/* A fresh one, written to `path` (mode 0600, never over an existing file); its public half as text is
 * returned. */
MUST_USE bool signing_key_make(const char *path, struct arena *arena, const char **trusted_key,
                               struct error *err);

/* The public half as one line of base64, as "minisign -P" and trusted_key_read() take it. */
char *signing_key_public(const struct signing_key *key, struct arena *arena);

/* The .minisig text over `message`, with a trusted comment of one line. */
MUST_USE bool signature_make(const struct signing_key *key, struct str message, const char *trusted_comment,
                             struct arena *arena, struct str *out, struct error *err);

struct trusted_key {
	uint8_t id[8];
	uint8_t public_key[32];
};
struct trusted_key_list {
	struct trusted_key *items;
	size_t count;
};

/* A minisign public key, as text or as the path of its file. Adds to `list`. */
MUST_USE bool trusted_key_read(const char *text_or_path, struct arena *arena, struct trusted_key_list *list,
                               struct error *err);

/* Whether the key at `index` is also one of those before it. */
bool trusted_key_is_among(const struct trusted_key_list *list, size_t index);

enum signature_verdict {
	SIGNATURE_GOOD,
	SIGNATURE_FOREIGN, /* whole, by a key that is not trusted: it cannot be checked */
	SIGNATURE_WRONG,   /* damaged, or not over this message although it names a trusted key */
};

/* Fills `err` unless it is good. */
enum signature_verdict signature_judge(const struct trusted_key_list *keys, struct str message,
                                       struct str signature, struct error *err);

/* ERROR_STORAGE when no trusted key made this signature over this message. */
MUST_USE bool signature_check(const struct trusted_key_list *keys, struct str message, struct str signature,
                              struct error *err);

#endif
