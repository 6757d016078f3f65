/*
 * verdict.h - what "rung test" found out of each migration
 *
 * Every migration of the project gets one. Failed: something was found, and
 * the kind is the rule of the first finding. Not tried: there is nothing to
 * go down by, or the way up ended before it; that says nothing against it.
 */
#ifndef RUNG_COMMAND_TEST_VERDICT_H
#define RUNG_COMMAND_TEST_VERDICT_H

#include "command/command.h"

enum verdict_kind {
	VERDICT_PASSED,
	/* failed */
	VERDICT_UP,
	VERDICT_DOWN,
	VERDICT_DOWN_DIFFERS,
	VERDICT_DOWN_ORDER,
	VERDICT_UP_AGAIN,
	VERDICT_UP_AGAIN_DIFFERS,
	VERDICT_NOT_IDEMPOTENT,
	/* not tried */
	VERDICT_IRREVERSIBLE,
	VERDICT_NO_ROLLBACK,
	VERDICT_UNAVAILABLE,
	VERDICT_AFTER,
	VERDICT_COUNT,
};

struct verdict {
	const struct migration *migration;
	enum verdict_kind kind;
	const struct migration *cause; /* the one where the way up ended; NULL but for VERDICT_AFTER */
};

struct verdicts {
	struct verdict *items; /* in the order in which they were tried */
	size_t count;
};

/* "passed", "failed" or "not-tried". */
const char *verdict_outcome(enum verdict_kind kind);

/* The rule by which a finding of this kind goes. */
const char *verdict_rule(enum verdict_kind kind);

size_t verdicts_of(const struct verdicts *verdicts, const char *outcome);

/* For people by kind, and nothing where all have passed; as JSON an object a migration. */
void verdicts_print(const struct verdicts *verdicts, const struct context *context);

#endif
