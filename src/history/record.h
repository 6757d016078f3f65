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
	RECORD_PARTIAL,   /* a nontransactional migration that stopped half-way */
	RECORD_UNWINDING, /* a nontransactional rollback that stopped half-way */
};

/* What is marked "shown" is read for those who show it (enum history_use), and else NULL or 0. */
struct record {
	int64_t version;
	const char *description; /* shown, and where there is no name */
	const char *applied_at;  /* shown */
	const char *name;        /* NULL in an adopted row that no agreement has filled yet */
	const char *checksum;    /* the same */
	enum record_state state;
	int64_t statements_done;       /* shown, and where the state is not "applied" */
	int64_t duration_ms;           /* shown */
	const char *applied_by;        /* shown: session user and OS user */
	const char *applied_from;      /* shown: host */
	const char *tool_version;      /* shown */
	const char *backup;            /* id of the backup taken before it, or NULL */
	bool has_rollback;             /* rollback SQL is kept in the database */
	const char *rollback_checksum; /* NULL without one */
	const char *fingerprint;
	const char *variables; /* that its file was given: names and digests; NULL for none */
};

/*
 * What a run set out to do: one row of schema_version_run, written with its
 * first step. As long as it is not marked as finished, the same relative target
 * ("-4", "+2") means what is left of it, and is not taken anew.
 */
struct run_record {
	const char *id;
	const char *command; /* "upgrade" or "downgrade" */
	const char *target;  /* as it was typed; "-1" or "head" for none */
	const char *from;    /* names of the newest migration before it and after it; "base" for none */
	const char *to;
	const char *steps; /* in order, each an action, a number and a name: "rollback 8 08_a, rollback 7 07_b" */
	const char *begun_at;
	const char *begun_by; /* session user and OS user */
	const char *host;
};

struct history {
	struct record *records; /* lowest number first */
	size_t count;
	bool exists;      /* false on a database the tool has never touched */
	bool is_adopted;  /* the three-column table people write by hand: to be widened before writing */
	bool is_outdated; /* made by an older rung: tables or columns are missing */
	/* The newest run, where it neither was finished nor has another one changed anything since; else NULL. */
	const struct run_record *unfinished;
};

#endif
