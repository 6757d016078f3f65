/*
 * audit.h - who else can change the history, or run code when it is written
 *
 * Whose tables and whose code are trusted: our own, those of a role whose rights we have anyhow, and a
 * superuser's. A superuser has every role's rights, so to one only superusers are trusted: the owner of a
 * database must not be able to wait there for the superuser who migrates it.
 */
#ifndef RUNG_HISTORY_AUDIT_H
#define RUNG_HISTORY_AUDIT_H

#include "history/history_store.h"

enum audit_kind {
	AUDIT_OWNER,     /* somebody's who is not trusted */
	AUDIT_CODE,      /* runs functions that are not the server's own when it is written to */
	AUDIT_INHERITED, /* shows the rows of others */
	AUDIT_PARENT,    /* is shown by another, whose changes reach it */
	AUDIT_GRANT,
	AUDIT_TRIGGER,
	AUDIT_RULE,
	AUDIT_ROW_SECURITY,
	AUDIT_UNLOGGED,
	AUDIT_PRIMARY_KEY,
};

struct audit_finding {
	enum audit_kind kind;
	const char *table; /* public.schema_version, quoted where needed */
	const char *what;  /* has a trigger "x" */
	const char *fix;   /* the statement that ends it */
	const char *owner; /* of the table or the code; NULL where that does not matter */
	bool is_trusted;   /* that role is */
};

struct audit {
	struct audit_finding *findings;
	size_t count;
};

/* Looks at all tables of the history that exist. The fixes work in the order of the findings. */
MUST_USE bool history_audit(struct session *db, const struct qualified_name *table, struct arena *arena,
                            struct audit *out, struct error *err);

/*
 * Before anything is written to a history whose facts say `is_suspect`: its tables belong to who is trusted,
 * no code of others runs when they are written to, and what they show is theirs. `trusted_owner` is a role
 * that the user also trusts; NULL for none. Else ERROR_CONFIG, with the statements that make it right.
 */
MUST_USE bool audit_check_writing(struct session *db, const struct qualified_name *table,
                                  const char *trusted_owner, struct error *err);

/*
 * Before tables of the history are made or brought up to date. Those that are there already, be it a
 * hand-made table or one that lay in wait beside a missing one, become the history only where nothing runs
 * when they are written to, and nothing takes away what is written: the rest is an error in the same way.
 */
MUST_USE bool audit_check_adoption(struct session *db, const struct qualified_name *table,
                                   const char *trusted_owner, struct error *err);

/* Who may bring them up to date; NULL where there is no such table, or it cannot be asked. */
const char *history_owner(struct session *db, const struct qualified_name *table, struct arena *arena);

const char *audit_kind_name(enum audit_kind kind);

#endif
