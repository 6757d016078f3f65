/*
 * rename_candidate.h - what may only be called otherwise
 *
 * A table or a column that is gone and a new one of the same parent that is
 * made the same way, one to one: it may have been renamed. Nobody can know, so
 * it is never taken for one; it is worth a question.
 */
#ifndef RUNG_GENERATE_RENAME_CANDIDATE_H
#define RUNG_GENERATE_RENAME_CANDIDATE_H

#include "catalog/catalog.h"

struct rename_candidate {
	const struct object *old; /* of `from` */
	const struct object *new; /* of `to` */
	const char *hint;         /* as rename_hint_parse() takes it: "column:app.items.note=remark" */
};

struct rename_candidates {
	struct rename_candidate *items;
	size_t count;
};

/* Everything lies on the arena. */
void rename_candidates_find(const struct catalog *from, const struct catalog *to, struct arena *arena,
                            struct rename_candidates *out);

#endif
