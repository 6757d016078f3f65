/*
 * age.h - the age v1 file format (C2SP age.md), on libsodium
 *
 * What is written opens with stock age; what is read is proven chunk by chunk
 * before a byte of it is passed on. Binary and armored files are read, binary
 * ones written. Unknown stanzas are ignored, as the specification demands.
 * Either way takes constant memory; a passphrase takes 256 MiB and a second
 * more, once.
 */
#ifndef RUNG_CRYPTO_AGE_H
#define RUNG_CRYPTO_AGE_H

#include "crypto/key.h"
#include "stream/stream.h"

enum {
	AGE_CHUNK_SIZE = 64 * 1024,
	AGE_MOST_RECIPIENTS = 64,
	AGE_WORK_FACTOR = 18,         /* written */
	AGE_MOST_WORK_FACTOR = 20,    /* accepted, unless allowed more */
	AGE_LARGEST_WORK_FACTOR = 22, /* never more: that is 4 GiB */
};

/*
 * What may open a file; either or both, the file says which it wants. Must
 * live as long as the stage.
 */
struct age_secrets {
	const struct identity_list *identities; /* may be NULL */
	const struct passphrase *passphrase;    /* may be NULL */
	int most_work_factor;                   /* 0: AGE_MOST_WORK_FACTOR */
};

/*
 * Encrypts what is written into it, for recipients or for a passphrase (then
 * `recipients` is NULL or empty), never for both. Both are needed only during
 * the call, which writes the header. Owns `next`, also on failure.
 */
MUST_USE bool age_seal(const struct recipient_list *recipients, const struct passphrase *passphrase,
                       struct sink *next, struct sink **out, struct error *err);

/*
 * Decrypts what is written into it and passes on only what is authenticated.
 * A part of the file can pass before the rest turns out to be bad: only a
 * finish() that succeeded says that all of it is good. finish() fails on a
 * file that was cut short or continues after its end. A wrong key is told
 * before any byte, with how many recipients the file has.
 * Owns `next`, also on failure.
 */
MUST_USE bool age_open(const struct age_secrets *secrets, struct sink *next, struct sink **out,
                       struct error *err);

#endif
