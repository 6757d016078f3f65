/*
 * changes_tree.h - what differs between two catalogs, told in lines
 *
 * Grouped by schema and by table, or whatever else stands at the top. What is
 * in an added or removed one is counted, not listed, unless --verbose asks. For
 * programs an object a change, all of them.
 */
#ifndef RUNG_COMMAND_GENERATE_CHANGES_TREE_H
#define RUNG_COMMAND_GENERATE_CHANGES_TREE_H

#include "catalog/catalog_changes.h"
#include "report/report.h"

void changes_tree_print(const struct catalog_changes *changes, struct arena *arena,
                        struct reporter *reporter);

/* "added", "changed", "removed" */
const char *object_change_word(const struct object_change *change);

/* "1 added, 2 changed, 1 removed"; for one: "1 changed". */
const char *changes_summary(const struct catalog_changes *changes, struct arena *arena);

#endif
