/*
 * audit.h - who else can change the history, or run code when it is written
 */
#ifndef RUNG_HISTORY_AUDIT_H
#define RUNG_HISTORY_AUDIT_H

#include "history/store.h"

enum audit_kind {
	AUDIT_OWNER,    /* whose owner is neither us, nor a role of ours, nor a superuser */
	AUDIT_STRANGER, /* the same, and not the owner of the history either */
	AUDIT_GRANT,
	AUDIT_TRIGGER,
	AUDIT_RULE,
	AUDIT_ROW_SECURITY,
	AUDIT_UNLOGGED,
	AUDIT_PRIMARY_KEY,
	AUDIT_INHERITED,
};

struct audit_finding {
	enum audit_kind kind;
	const char *table; /* public.schema_version, quoted where needed */
	const char *what;  /* has a trigger "x" */
	const char *fix;   /* the statement that ends it */
};

struct audit {
	struct audit_finding *findings;
	size_t count;
};

/* Looks at all tables of the history that exist. */
MUST_USE bool history_audit(struct session *db, const struct qualified_name *table, struct arena *arena,
                            struct audit *out, struct error *err);

/*
 * Before tables of the history are made or brought up to date. Those that are there already, be it a
 * hand-made table or one that lay in wait beside a missing one, become the history only where nobody else can
 * make them run code as us, or say what was not done: the rest is an error with the statements that make it
 * right. Of a history that `is_ours` only what has another owner than itself is refused.
 */
MUST_USE bool audit_check_adoption(struct session *db, const struct qualified_name *table, bool is_ours,
                                   struct error *err);

const char *audit_kind_name(enum audit_kind kind);

#endif
