/*
 * backup_list.h - which backups of a database a store holds
 *
 * Reads every manifest with its signature. Only what has a manifest exists;
 * what lies around without one is an orphan. Manifests are linked (manifest.h):
 * where a link does not fit the one before it, somebody was at work.
 */
#ifndef RUNG_BACKUP_BACKUP_LIST_H
#define RUNG_BACKUP_BACKUP_LIST_H

#include "backup/manifest.h"
#include "crypto/minisign.h"
#include "store/store.h"

enum trust {
	TRUST_SIGNED,     /* by a key we trust */
	TRUST_UNCHECKED,  /* signed, but no trusted key is known to us */
	TRUST_UNSIGNED,   /* nobody says who made it */
	TRUST_FOREIGN,    /* signed by a key we do not trust: nobody can tell */
	TRUST_CHANGED,    /* a signature that is wrong: one of them was changed afterwards */
	TRUST_UNKNOWN,    /* whether it is signed could not be seen */
	TRUST_UNREADABLE, /* the manifest itself makes no sense */
};

struct backup_entry {
	const char *id;
	struct manifest manifest; /* zeroed when it is unreadable */
	enum trust trust;
	const char *trouble; /* why, for the last four; or NULL */
	const char *sha256;  /* of the manifest */
	bool has_object;
};

struct backup_list {
	struct backup_entry *entries; /* oldest first */
	size_t count;
	const char **orphans; /* names in the store that belong to no manifest */
	size_t orphan_count;
	const char **warnings; /* sentences about the chain */
	size_t warning_count;
	size_t gaps;   /* backups that were there once, going by their numbers: removed, or hidden */
	bool has_keys; /* some key is trusted */
};

MUST_USE bool backup_list_load(struct store *store, const char *database, const struct trusted_key_list *keys,
                               struct arena *arena, struct backup_list *out, struct error *err);

/* An id, its beginning when that is enough, or "latest". ERROR_STORAGE when there is none. */
MUST_USE bool backup_list_find(const struct backup_list *backup_list, const char *text,
                               const struct backup_entry **out, struct error *err);

/* The newest with a readable manifest; NULL for none. */
const struct backup_entry *backup_list_newest(const struct backup_list *backup_list);

/*
 * The newest that a trusted key signed. Where none is trusted, nobody's word
 * is better than another's: the newest with a readable manifest.
 */
const struct backup_entry *backup_list_newest_reliable(const struct backup_list *backup_list);

/* "signed", "unsigned" ... */
const char *trust_name(enum trust trust);

/*
 * Whether a backup may be relied on: signed by one of `keys`, or
 * `allow_unsigned`. A signature that is wrong is refused in any case.
 */
MUST_USE bool entry_check_trust(const struct backup_entry *entry, bool allow_unsigned, struct error *err);

/* One entry by its names alone, without listing: for those who may read but not list. */
MUST_USE bool entry_load(struct store *store, const char *database, const char *id,
                         const struct trusted_key_list *keys, struct arena *arena, struct backup_entry *out,
                         struct error *err);

/*
 * The same for a file named like an object, going by the manifest and the
 * signature that lie beside it; in whatever folder. False without an error
 * when there are none.
 */
bool entry_find_beside(const char *path, const struct trusted_key_list *keys, struct arena *arena,
                       struct backup_entry *out);

#endif
