/*
 * key.h - who may read a backup
 *
 * Recipients and identities are age's (X25519, C2SP age.md), so that stock age
 * opens what was made here and the other way round. Secrets live in memory
 * from secret.h and are zeroed on every way out; no message repeats one.
 * What is wrong with a key is a matter of configuration (ERROR_CONFIG), a file
 * that cannot be read one of storage.
 *
 * Who made a backup is told by minisign.h, which this brings along.
 */
#ifndef RUNG_CRYPTO_KEY_H
#define RUNG_CRYPTO_KEY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/scope.h"
#include "base/str.h"
#include "crypto/minisign.h"

struct recipient {
	uint8_t public_key[32];
	const char *text; /* "age1...", on the arena */
};

struct recipient_list {
	struct recipient *items;
	size_t count;
};

/* "age1..."; refuses post-quantum, tag and plugin recipients and SSH keys in one plain sentence. */
MUST_USE bool recipient_parse(const char *text, struct arena *arena, struct recipient *out,
                              struct error *err);

/* A line each, '#' starts a comment. Adds to `list`; a file without any is an error. */
MUST_USE bool recipients_read(const char *path, struct arena *arena, struct recipient_list *list,
                              struct error *err);

/* Secret keys as age-keygen writes them. */
struct identity {
	uint8_t secret_key[32];
	uint8_t public_key[32];
};

struct identity_list {
	size_t count;
	struct identity items[];
};

/* A regular file or a pipe; refuses one that its group or others can read. `*out` is closed by the caller. */
MUST_USE bool identities_read(const char *path, struct identity_list **out, struct error *err);

/* Its public half, "age1...". */
char *identity_public(const struct identity *identity, struct arena *arena);
void identities_close(struct identity_list **list);
#define scoped_identities SCOPED(identities_close)

/* A passphrase from a file's first line (as private as an identity), or with NULL from
 * RUNG_BACKUP_PASSPHRASE. */
struct passphrase;
MUST_USE bool passphrase_read(const char *path, struct passphrase **out, struct error *err);
struct str passphrase_str(const struct passphrase *passphrase);
void passphrase_close(struct passphrase **passphrase);
#define scoped_passphrase SCOPED(passphrase_close)

/* --- making keys --------------------------------------------------------- */

/*
 * Writes an age identity to `identity_path` and a signing secret key to
 * `signing_path` (mode 0600, never over an existing file; NULL for none), both
 * or neither; public halves are returned to be shown, NULL for what was not
 * made.
 */
struct new_keys {
	const char *recipient;   /* "age1..." */
	const char *trusted_key; /* minisign's base64 line */
};
MUST_USE bool keys_make(const char *identity_path, const char *signing_path, struct arena *arena,
                        struct new_keys *out, struct error *err);

#endif
