/*
 * unwrap.h - taking off the layers of a file, whatever they are
 *
 * Looks at the first bytes (white space before an armored age file is none): age is decrypted, zstd and gzip
 * are expanded, and what comes out is looked at again, until pg_dump's archive or plain SQL is left. So our
 * own backups and the files of others go the same way.
 */
#ifndef RUNG_BACKUP_RESTORE_UNWRAP_H
#define RUNG_BACKUP_RESTORE_UNWRAP_H

#include "base/buffer.h"
#include "crypto/age.h"

enum core {
	CORE_ARCHIVE, /* pg_dump -Fc */
	CORE_SQL,     /* anything else: taken for a script */
};

struct unwrap_options {
	struct age_secrets secrets;
	uint64_t most_size;  /* of what every layer expands to, and of what is left; 0 for any */
	bool is_sealed;      /* it must be encrypted: whatever else it looks like is a damaged one */
	bool may_be_script;  /* what is no archive may be SQL */
	struct buffer *tail; /* receives what our backups say of themselves; may be NULL */
	/* Opens the last stage, when it is known what is left. */
	bool (*open)(void *context, enum core core, struct sink **out, struct error *err);
	void *context;
};

/* `options` must outlive the stage. */
struct sink *unwrap_open(const struct unwrap_options *options);

/* Only the encryption comes off, which there must be; then everything goes to `next`, which it owns. */
struct sink *unwrap_decrypt_only(const struct age_secrets *secrets, struct sink *next);

#endif
