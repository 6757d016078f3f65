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

#include "backup/document.h"

#define MANIFEST_FORMAT "rung-backup/1"

/* No size, count or place in the chain is larger: every reader of JSON can still count it. */
#define MANIFEST_MOST_NUMBER ((int64_t)1 << 53)

enum { MANIFEST_MOST_SIZE = 1024 * 1024, BACKUP_ID_LEN = 25 };

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
	struct pair *labels;
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

/* --- names ---------------------------------------------------------------- */

/* "20261120T231500Z-1a2b3c4d", from "2026-11-20 23:15:00". */
char *backup_id(const char *created_at, struct arena *arena);
bool is_backup_id(struct str text);
bool is_backup_id_beginning(struct str text); /* the whole of one is one, too */

/* When its run began, as a number that grows with time: 20261120231500. By the second: which of two in one
 * second came first their ids do not say. */
int64_t backup_id_began(const char *id);

/* A failure is the mark a run leaves that came to nothing, for those who prune. */
enum part {
	PART_OBJECT,
	PART_PLAIN_OBJECT,
	PART_MANIFEST,
	PART_SIGNATURE,
	PART_FAILURE,
	PART_COUNT,
};

/* "inventory/20261120T231500Z-1a2b3c4d.json"; odd letters of the database are written as %2F. */
char *backup_key(const char *database, const char *id, enum part part, struct arena *arena);

/* The folder alone, "inventory/". */
char *backup_folder(const char *database, struct arena *arena);

/* Reads a name in a store; false for what is not named like a part of a backup. */
bool backup_key_parse(const char *key, struct str *id, enum part *part);

#endif
