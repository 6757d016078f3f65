/*
 * backup_name.h - what the files of a backup are called in a store
 *
 * An id tells when a backup's run began; a folder for each database holds its
 * parts, which begin with the id.
 */
#ifndef RUNG_STORE_BACKUP_NAME_H
#define RUNG_STORE_BACKUP_NAME_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { BACKUP_ID_LEN = 25 };

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
