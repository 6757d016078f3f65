/*
 * record.h - one row of schema_version
 */
#ifndef RUNG_HISTORY_RECORD_H
#define RUNG_HISTORY_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum record_state {
	RECORD_APPLIED,
	RECORD_PARTIAL,   /* a plain migration that stopped half-way */
	RECORD_UNWINDING, /* a plain rollback that stopped half-way */
};

struct record {
	int64_t version;
	const char *description;
	const char *applied_at;
	const char *name;     /* NULL in an adopted row that no agreement has filled yet */
	const char *checksum; /* the same */
	enum record_state state;
	int64_t statements_done;
	int64_t duration_ms;
	const char *applied_by;   /* session user and OS user */
	const char *applied_from; /* host */
	const char *tool_version;
	const char *backup;            /* id of the backup taken before it, or NULL */
	bool has_rollback;             /* rollback SQL is kept in the database */
	const char *rollback_checksum; /* NULL without one */
	const char *fingerprint;
};

struct history {
	struct record *records; /* lowest number first */
	size_t count;
	bool exists;     /* false on a database the tool has never touched */
	bool is_adopted; /* the three-column table people write by hand: to be widened before writing */
};

#endif
