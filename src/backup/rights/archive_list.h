/*
 * archive_list.h - what an archive of pg_dump would create
 *
 * Read beside whatever else is done with the archive, by two more pg_restore
 * that end where its list of contents ends: one prints that list, which has
 * every entry in the order of the archive, the other prints the statements of
 * those that are no rows, with what each entry depends on.
 */
#ifndef RUNG_BACKUP_RIGHTS_ARCHIVE_LIST_H
#define RUNG_BACKUP_RIGHTS_ARCHIVE_LIST_H

#include "base/buffer.h"
#include "stream/stream.h"

struct archive_entry {
	long id;
	struct str name;    /* "f(integer)", "EXTENSION citext" for its comment */
	const char *type;   /* "EVENT TRIGGER" */
	const char *schema; /* NULL for none */
	const char *owner;  /* NULL for none */
	struct str sql;
	const long *depends; /* ids, also of what is in no archive */
	size_t depend_count;
};

/* An entry by its id. */
struct archive_slot {
	long id;
	size_t at; /* in `entries`, from 1; 0: it is rows */
};

struct archive_list {
	int least_major; /* of the programs that can read the archive; 0 for any */
	const long *ids; /* of all entries, rows as well, as they are in the archive */
	size_t id_count;
	struct archive_entry *entries; /* of those that are no rows */
	size_t count;
	struct archive_slot *slots; /* by their ids */
};

/* What is known while the archive passes; on the arena of the whole. */
struct archive_reading {
	struct arena *arena;
	const char *pg_restore;
	struct buffer list;
	struct buffer schema;
	unsigned char head[8]; /* "PGDMP", then its version */
	size_t head_len;
};

/* Passes the archive on to `next`, which it owns. `it` must live as long. */
MUST_USE bool archive_reading_open(struct archive_reading *it, struct sink *next, struct sink **out,
                                   struct error *err);

/* The oldest PostgreSQL whose programs can read it, by its first bytes; 0 for any we know. */
int archive_least_major(const struct archive_reading *it);

/* After the end of the archive; texts stay where they are. */
struct archive_list archive_reading_end(const struct archive_reading *it);

/* The same from what pg_restore printed: with --list, and with --schema-only --verbose. */
struct archive_list archive_list_parse(struct str list, struct str schema, struct arena *arena);

/* NULL for what is none, or rows. */
const struct archive_entry *archive_list_find(const struct archive_list *list, long id);

#endif
