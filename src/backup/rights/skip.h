/*
 * skip.h - kinds of things that a restore may leave out, by name
 *
 * For those that a role without superuser's rights cannot make. Never rows, nor
 * what rows need: where a table needs what is to be left out, that is refused.
 */
#ifndef RUNG_BACKUP_RIGHTS_SKIP_H
#define RUNG_BACKUP_RIGHTS_SKIP_H

#include "backup/rights/archive_list.h"

enum skip_kind {
	SKIP_ACCESS_METHODS,
	SKIP_CASTS,
	SKIP_COMMENTS,
	SKIP_EVENT_TRIGGERS,
	SKIP_EXTENSIONS,
	SKIP_FOREIGN_DATA,
	SKIP_FUNCTIONS,
	SKIP_LANGUAGES,
	SKIP_OPERATORS,
	SKIP_PUBLICATIONS,
	SKIP_SETTINGS,
	SKIP_SUBSCRIPTIONS,
	SKIP_TEXT_SEARCH,
	SKIP_TYPES,
	SKIP_COUNT,
	SKIP_NONE = SKIP_COUNT,
};

struct skip_set {
	bool kinds[SKIP_COUNT];
};

/* "event-triggers,extensions"; NULL is none. */
MUST_USE bool skip_parse(const char *text, struct skip_set *out, struct error *err);

/* The same words for a set, in their order; "" for none. */
const char *skip_text(const struct skip_set *set, struct arena *arena);

/* Whether all entries of this type go with one of the kinds, whether or not they could be made. */
bool skip_takes_type(const struct skip_set *set, const char *type);

/*
 * Completes `out`, which says for each entry of the list whether it is left out, by what hangs on those:
 * comments, privileges, views, functions. ERROR_CONFIG when anything else does.
 */
MUST_USE bool skip_dependents(const struct archive_list *list, bool *out, struct error *err);

/* What pg_restore --use-list reads: all entries but those. */
struct str skip_list(const struct archive_list *list, const bool *skipped, struct arena *arena);

/* "event trigger \"watching\"" */
const char *skip_entry_text(const struct archive_entry *entry, struct arena *arena);

#endif
