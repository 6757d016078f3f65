/*
 * property.h - one thing, described fact by fact
 *
 * For people a line each, the values aligned; as JSON one object. Facts
 * without a value are left out for people, and null in JSON.
 */
#ifndef RUNG_REPORT_PROPERTY_H
#define RUNG_REPORT_PROPERTY_H

#include "report/table.h"

struct property {
	const char *key;   /* in JSON; NULL: in words, for people only */
	const char *title; /* NULL: for programs only */
	const char *value;
	enum column_kind kind;
};

void properties_print(const char *type, const struct property *facts, size_t count, struct arena *arena,
                      struct reporter *reporter);

/* A moment in ISO 8601: to the second for people, all of it for programs. NULL stays NULL. */
const char *moment_text(const char *moment, struct arena *arena, const struct reporter *reporter);

#endif
