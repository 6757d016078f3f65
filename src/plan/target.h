/*
 * target.h - where to, in the user's words
 */
#ifndef RUNG_PLAN_TARGET_H
#define RUNG_PLAN_TARGET_H

#include "plan/comparison.h"

enum target_kind {
	TARGET_HEAD,      /* the one there is; NULL means it when going up */
	TARGET_HEADS,     /* all of them */
	TARGET_BASE,      /* nothing applied */
	TARGET_UP_BY,     /* +N */
	TARGET_DOWN_BY,   /* -N; NULL means -1 when going down */
	TARGET_MIGRATION, /* what names a migration (lookup.h), or a branch's head */
};

struct target {
	enum target_kind kind;
	size_t steps; /* of +N and -N, at least 1 */
	size_t entry; /* index of TARGET_MIGRATION */
};

/* Text that means nothing here is refused, with what it might have meant. */
MUST_USE bool target_read(const char *text, const struct comparison *comparison, struct arena *arena,
                          struct target *out, struct error *err);

#endif
