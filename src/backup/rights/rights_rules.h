/*
 * rights_rules.h - what it takes to create each kind of thing
 *
 * PostgreSQL's own rules, as a table; for rights.c alone.
 */
#ifndef RUNG_BACKUP_RIGHTS_RIGHTS_RULES_H
#define RUNG_BACKUP_RIGHTS_RIGHTS_RULES_H

#include "backup/rights/skip.h"

struct extension_rights {
	const char *name;
	bool is_available;
	bool needs_superuser;
};

/* Who creates, and where. */
struct rights_role {
	int server_major;
	const char *login;
	bool is_superuser;
	bool may_create;    /* in the new database: schemas, trusted extensions, publications */
	bool may_subscribe; /* from 16 on */
	struct extension_rights *extensions;
	size_t extension_count;
};

enum rights_need {
	NEED_SUPERUSER,
	NEED_AVAILABLE_EXTENSION,
	NEED_EXTENSION_RIGHTS,
	NEED_OWN_TYPE,
	NEED_CREATE,
	NEED_SUBSCRIBER,
	NEED_PUBLIC_OWNER,
	NEED_SERVER_16,
};

enum rights_remedy {
	REMEDY_SKIP,
	REMEDY_NO_OWNER,
	REMEDY_NO_ACL,
};

struct rights_rule {
	const char *type;
	const char *name; /* NULL: any */
	const char *word; /* in its statement; NULL: whatever that is */
	enum rights_need need;
	enum skip_kind kind;
	enum rights_remedy remedy;
	const char *why;
};

/* The first rule that keeps this role from making the entry; NULL for none. */
const struct rights_rule *rights_rule_broken(const struct rights_role *role, const struct archive_list *list,
                                             const struct archive_entry *entry, struct arena *arena);

/* Whether it is given to its owner after it was made. */
bool rights_gives_away(const struct archive_entry *entry);

#endif
