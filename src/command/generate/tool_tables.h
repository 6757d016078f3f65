/*
 * tool_tables.h - tables in which other tools keep their history
 *
 * An ORM that fills a database notes there what it has run. That is none of the
 * schema, and rung keeps its own.
 */
#ifndef RUNG_COMMAND_GENERATE_TOOL_TABLES_H
#define RUNG_COMMAND_GENERATE_TOOL_TABLES_H

#include "catalog/catalog.h"
#include "report/event.h"

/* `patterns` (catalog_filter.h; may be NULL) and those of all of them. */
const char *tool_tables_excluded(const char *patterns, struct arena *arena);

/* Says which there are in a catalog that is not filtered yet. */
void tool_tables_tell(const struct catalog *catalog, struct arena *arena, struct reporter *reporter);

#endif
