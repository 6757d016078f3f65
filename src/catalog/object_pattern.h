/*
 * object_pattern.h - objects by patterns, as psql and pg_dump have them for tables
 *
 * "audit.*", "events_p*", "\"Odd Name\"": unquoted letters are folded, * and ?
 * are what they are in shells. One name is that of an object in any schema, two
 * are schema and name; what belongs to a table or view (columns, constraints,
 * triggers, policies) goes with it. Indexes have names of their own.
 */
#ifndef RUNG_CATALOG_OBJECT_PATTERN_H
#define RUNG_CATALOG_OBJECT_PATTERN_H

#include <stdbool.h>

/* `identity` as catalog.h has it: app.items.price */
bool object_pattern_matches(const char *pattern, const char *identity);

/* Whether any of them does; NULL-terminated, NULL for none. */
bool object_patterns_match(const char *const *patterns, const char *identity);

#endif
