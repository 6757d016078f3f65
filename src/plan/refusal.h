/*
 * refusal.h - saying no to everything at once
 *
 * Anyone who has to put five things right wants to hear of five. One obstacle is
 * an error of its own; several become one error with a line each.
 */
#ifndef RUNG_PLAN_REFUSAL_H
#define RUNG_PLAN_REFUSAL_H

#include "base/arena.h"
#include "base/error.h"

struct obstacle {
	const char *message;
	const char *hint;
};

struct refusal {
	struct arena *arena;
	struct obstacle *obstacles;
	size_t count;
};

/* Both are kept; `hint` is a sentence. */
void refusal_add(struct refusal *refusal, const char *message, const char *hint);

/*
 * True when there is nothing to refuse; otherwise the error. `summary` says
 * what several of them have in common: "files and history disagree".
 */
MUST_USE bool refusal_check(const struct refusal *refusal, enum error_kind kind, const char *summary,
                            struct error *err);

#endif
