/*
 * manifest.h - what is publicly known of a backup, and the mark that it exists
 *
 * A small JSON file beside the object, signed as a whole. It is written last:
 * without one a backup does not exist. It holds nothing of the customers'.
 *
 * Each manifest names the one before it and its hash, and has a number one
 * higher: a chain in which nothing can be taken out or put in unseen.
 */
#ifndef RUNG_BACKUP_MANIFEST_H
#define RUNG_BACKUP_MANIFEST_H

#include "backup/json_table.h"
#include "store/backup_name.h"

#define MANIFEST_FORMAT "rung-backup/1"

/* No size, count or place in the chain is larger: every reader of JSON can still count it. */
#define MANIFEST_MOST_NUMBER ((int64_t)1 << 53)

enum { MANIFEST_MOST_SIZE = 1024 * 1024 };

struct manifest {
	const char *format;
	const char *id;
	const char *database;
	const char *created_at; /* by the server's clock */
	const char *tool_version;
	const char *server_version;
	const char *pg_dump_version;
	struct {
		const char *key; /* the object's name in the store */
		int64_t size;
		const char *sha256;
	} object;
	const char *compression; /* "zstd" */
	int64_t expanded_size;   /* of the archive */
	const char *encryption;  /* "age-v1" or "none" */
	int64_t recipients;      /* how many; 0 with a passphrase */
	struct {
		int64_t applied;
		int64_t head;
		const char *head_name;
		const char *hash;
		int64_t pending;
		int64_t half_done; /* number of the newest that is not whole; 0 for none */
	} migrations;
	const char *kind; /* "pre-migration", "manual", "scheduled" */
	struct json_pair *labels;
	size_t label_count;
	const char *keep_until; /* or NULL */
	struct {
		const char *id;
		const char *sha256; /* of its manifest */
	} previous;
	int64_t sequence; /* from 1; the next one's is higher */
	int64_t dump_ms;
	int64_t total_ms;
};

struct str manifest_write(const struct manifest *manifest, struct arena *arena);
MUST_USE bool manifest_read(struct str text, const char *what, struct arena *arena, struct manifest *out,
                            struct error *err);

/* Number of the newest migration of which anything is in it. */
int64_t manifest_reach(const struct manifest *manifest);

#endif
